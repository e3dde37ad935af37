/* Results in multipart bodies: what is odd about them (RFC 2046 §5.1, DOMAIN.md 4.1). */
#include "tests/support/document_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define PART(id, status)                                                                           \
    "Content-Type: application/http\r\n" id "\r\nHTTP/1.1 " status "\r\nX: y\r\n\r\nbody\r\n"

static const struct request post = {
    .is_seen = true,
    .operation = OPERATION_POST,
    .target = {(const uint8_t *)"/batch", 6},
};

static void expect(const char *boundary, const char *body, const char *expected)
{
    document_expect(&(struct document_case){.body = span_str(body),
                                            .media_type = "multipart/mixed",
                                            .boundary = boundary,
                                            .request = &post},
                    expected);
}

static void each_response_is_a_resource(void **state)
{
    (void)state;
    expect("b",
           "--b\r\n" PART("Content-ID: <response-1>\r\n", "201 Created") "--b\r\n" PART(
               "content-id: two\r\n", "500 Oops") "--b\r\n" PART("", "204 No Content") "--b--\r\n",
           "begin batch\n"
           "1 ok status=201\n"
           "two failed status=500\n"
           "#3 ok status=204 flags=no-href\n"
           "end mixed format=multipart n=3 201x1 204x1 500x1\n");
}

static void a_change_set_is_its_responses(void **state)
{
    (void)state;
    expect("a b",
           "pre\n--a b\nContent-Type: multipart/mixed; boundary=\"c\"\n\nx\n--c\n"
           "Content-Type: application/http\n\nHTTP/1.1 409 Conflict\n\n--c-- \nepilogue\n"
           "--a b \nContent-Type: application/http\n\n\nHTTP/1.1 200 OK\n\n--a bc\n--a b--",
           "begin batch\n"
           "#1 failed status=409 flags=no-href\n"
           "#2 ok status=200 flags=no-href\n"
           "end mixed format=multipart n=2 200x1 409x1\n");
}

static void an_end_of_the_outer_ends_the_inner(void **state)
{
    (void)state;
    expect("o",
           "--o\nContent-Type: multipart/mixed;boundary=i\n\n--i\n"
           "Content-Type: application/http\n\nHTTP/1.1 200 OK\n\n--o--\n",
           "begin batch\n"
           "#1 ok status=200 flags=no-href\n"
           "end all-ok format=multipart n=1 200x1\n");
}

static void the_first_line_is_the_boundary_when_no_type_says_one(void **state)
{
    (void)state;
    expect("", "\r\n--q\r\n" PART("", "404 Not Found") "--q--\r\n",
           "begin batch\n"
           "#1 failed status=404 flags=no-href\n"
           "end all-failed format=multipart n=1 404x1\n");
}

static void a_status_line_without_reason_ends_with_a_space(void **state)
{
    (void)state;
    expect("b", "--b\r\n" PART("", "200 ") "--b\r\n" PART("", "200") "--b--\r\n",
           "begin batch\n"
           "#1 ok status=200 flags=no-href\n"
           "#2 ok status=200 flags=no-href,status-odd\n"
           "end all-ok format=multipart n=2 200x2\n");
}

static void a_response_without_status_line_is_unknown(void **state)
{
    (void)state;
    expect("b", "--b\nContent-Type: application/http\n\nGET / HTTP/1.1\n\n--b--\n",
           "begin batch\n"
           "#1 unknown status=0 flags=no-href,status-malformed\n"
           "end undecodable status-unknown format=multipart n=1 flags=unknown,outcome-unknown "
           "0x1\n");
}

static void a_body_without_last_boundary_is_incomplete(void **state)
{
    (void)state;
    expect("b", "--b\r\n" PART("", "200 OK") "--b\r\nContent-Type: application/http\r\n\r\n",
           "begin batch\n"
           "#1 ok status=200 flags=no-href\n"
           "end incomplete wire-truncated format=multipart n=1 200x1\n");
}

static void a_hole_hides_the_part_it_is_in(void **state)
{
    static const char body[] = "--b\r\n" PART("", "200 OK") "--b\r\n" PART(
        "", "500 Oops") "--b\r\n" PART("", "201 Created") "--b--\r\n";
    size_t part = sizeof("--b\r\n" PART("", "200 OK")) - 1;
    struct document_plan plan = {.cut_at = SIZE_MAX, .gap_at = part + 20, .gap_bytes = 10};
    (void)state;
    char *got = document_play(&(struct document_case){.body = span_of(body, sizeof body - 1),
                                                      .media_type = "multipart/mixed",
                                                      .boundary = "b",
                                                      .request = &post},
                              &plan);
    assert_string_equal(got, "begin batch\n"
                             "#1 ok status=200 flags=no-href\n"
                             "#2 ok status=201 flags=no-href\n"
                             "end incomplete capture-gap format=multipart n=2 200x1 201x1\n");
    free(got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_response_is_a_resource),
        cmocka_unit_test(a_change_set_is_its_responses),
        cmocka_unit_test(an_end_of_the_outer_ends_the_inner),
        cmocka_unit_test(the_first_line_is_the_boundary_when_no_type_says_one),
        cmocka_unit_test(a_status_line_without_reason_ends_with_a_space),
        cmocka_unit_test(a_response_without_status_line_is_unknown),
        cmocka_unit_test(a_body_without_last_boundary_is_incomplete),
        cmocka_unit_test(a_hole_hides_the_part_it_is_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
