/* Which bodies are looked into. */
#include "dissector/dav/gate.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static bool response(uint16_t status, const char *method, const char *media_type)
{
    struct gate_response response = {
        .http_status = status,
        .method = span_str(method),
        .media_type = span_str(media_type),
    };
    return gate_response_body(&response);
}

static void a_207_is_looked_into_whatever_was_asked(void **state)
{
    (void)state;
    assert_true(response(207, "GET", "text/html"));
    assert_true(response(207, "", "application/json"));
    assert_false(response(207, "HEAD", "application/xml"));
}

static void a_stored_file_and_a_challenge_are_no_answers(void **state)
{
    (void)state;
    assert_false(response(200, "GET", "application/xml"));
    assert_true(response(404, "GET", "application/xml"));
    assert_false(response(401, "PROPFIND", "application/xml"));
    assert_false(response(407, "PROPFIND", ""));
}

static void other_types_count_for_dav_methods_alone(void **state)
{
    (void)state;
    assert_true(response(403, "DELETE", "text/html"));
    assert_false(response(200, "POST", "text/html"));
    assert_false(response(200, "PUT", "text/plain"));
    assert_false(response(200, "", "text/html"));
    assert_true(response(200, "", ""));
}

static bool looks_into_batch(uint16_t status, const char *method, const char *media_type)
{
    struct gate_response response = {
        .http_status = status,
        .method = span_str(method),
        .media_type = span_str(media_type),
        .reads_batches = true,
    };
    return gate_response_body(&response);
}

static void batches_count_when_they_are_asked_for(void **state)
{
    static const char *const types[] = {"application/json", "application/fhir+json",
                                        "application/x-ndjson", "multipart/mixed"};
    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        assert_false(response(200, "POST", types[i]));
        assert_true(looks_into_batch(200, "POST", types[i]));
        assert_true(looks_into_batch(200, "PUT", types[i]));
        assert_false(looks_into_batch(200, "GET", types[i]));
    }
    assert_false(looks_into_batch(200, "POST", "text/plain"));
}

static void a_bulk_upload_is_answered_in_json(void **state)
{
    static const struct {
        const char *method, *target;
        bool is_expected;
    } rows[] = {
        {"POST", "/remote.php/dav/bulk", true}, {"POST", "/cloud/remote.php/dav/bulk?x=/1", true},
        {"PUT", "/remote.php/dav/bulk", false}, {"POST", "/remote.php/dav/bulky", false},
        {"POST", "/x?/dav/bulk", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gate_response response = {
            .http_status = 200,
            .method = span_str(rows[i].method),
            .target = span_str(rows[i].target),
            .media_type = span_str("application/json"),
        };
        assert_int_equal(gate_expects_batch(&response), rows[i].is_expected);
        assert_int_equal(gate_response_body(&response), rows[i].is_expected);
    }
}

static void request_bodies_tell_something_when_they_are_xml_or_objects(void **state)
{
    (void)state;
    assert_true(gate_request_body(OPERATION_PROPFIND, span_str("application/xml")));
    assert_true(gate_request_body(OPERATION_REPORT, span_str("")));
    assert_true(gate_request_body(OPERATION_POST, span_str("text/vcard")));
    assert_false(gate_request_body(OPERATION_PROPFIND, span_str("text/vcard")));
    assert_false(gate_request_body(OPERATION_PUT, span_str("application/xml")));
}

static void a_post_of_objects_is_a_bulk_change_when_207_answers_it(void **state)
{
    (void)state;
    struct span objects = span_str("text/calendar");
    assert_int_equal(gate_post(OPERATION_POST, objects, 207), OPERATION_POST_BULK);
    assert_int_equal(gate_post(OPERATION_POST, objects, 403), OPERATION_POST);
    assert_int_equal(gate_post(OPERATION_POST, span_str("text/plain"), 207), OPERATION_POST);
    assert_int_equal(gate_post(OPERATION_PUT, objects, 207), OPERATION_PUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_207_is_looked_into_whatever_was_asked),
        cmocka_unit_test(a_stored_file_and_a_challenge_are_no_answers),
        cmocka_unit_test(other_types_count_for_dav_methods_alone),
        cmocka_unit_test(batches_count_when_they_are_asked_for),
        cmocka_unit_test(a_bulk_upload_is_answered_in_json),
        cmocka_unit_test(request_bodies_tell_something_when_they_are_xml_or_objects),
        cmocka_unit_test(a_post_of_objects_is_a_bulk_change_when_207_answers_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
