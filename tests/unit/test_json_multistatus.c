/* Results in JSON: the shapes of DOMAIN.md 4.3, one test a row, and how texts are told apart,
 * broken off and damaged. */
#include "dissector/dav/json_tree.h"
#include "tests/support/document_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct request post = {
    .is_seen = true,
    .operation = OPERATION_POST,
    .target = {(const uint8_t *)"/batch", 6},
};

static void expect(const char *body, const char *expected)
{
    document_expect(&(struct document_case){.body = span_str(body),
                                            .media_type = "application/json",
                                            .request = &post},
                    expected);
}

static void expect_sync(const char *body, const char *expected)
{
    static const struct request sync = {
        .is_seen = true,
        .operation = OPERATION_REPORT_CALENDAR_QUERY,
        .target = {(const uint8_t *)"/batch/", 7},
    };
    document_expect(&(struct document_case){.body = span_str(body), .request = &sync}, expected);
}

/* What of a list without its partner nobody can say. */
static void expect_late(const char *body, const char *expected)
{
    document_expect(
        &(struct document_case){.body = span_str(body), .request = &post, .decides_late = true},
        expected);
}

static void items_have_codes_texts_or_words_for_status(void **state)
{
    (void)state;
    expect("{\"items\":[{\"id\":\"a\",\"status\":201,\"description\":\"made\"},{\"id\":"
           "\"b\",\"status\":\"404 Not Found\"},{\"id\":\"c\",\"status\":\"failed\"},{\""
           "id\":\"d\",\"status\":\"success\"},{\"id\":5,\"status\":\"purple\"}]}",
           "begin batch\n"
           "a ok status=201 desc=\"made\"\n"
           "b failed status=404\n"
           "c failed desc=\"failed\"\n"
           "d ok\n"
           "5 unknown desc=\"purple\"\n"
           "end mixed format=json n=5 flags=unknown 201x1 404x1\n");
}

static void events_of_a_bus_are_submitted_failed_or_aborted(void **state)
{
    (void)state;
    expect("[{\"eid\":\"1\",\"publishing_status\":\"submitted\",\"step\":\"none\"},{\"ei"
           "d\":\"2\",\"publishing_status\":\"failed\",\"step\":\"validating\",\"detail"
           "\":\"no such field\"},{\"eid\":\"3\",\"publishing_status\":\"aborted\",\"ste"
           "p\":\"none\",\"detail\":\"\"}]",
           "begin batch\n"
           "1 ok\n"
           "2 failed desc=\"no such field\"\n"
           "3 dependent desc=\"aborted\"\n"
           "end mixed format=json n=3\n");
}

static void all_failed_is_said_of_failures_and_what_depends_on_them(void **state)
{
    (void)state;
    expect("[{\"eid\":\"1\",\"publishing_status\":\"failed\"},{\"eid\":\"2\",\"publishin"
           "g_status\":\"aborted\"}]",
           "begin batch\n"
           "1 failed desc=\"failed\"\n"
           "2 dependent desc=\"aborted\"\n"
           "end all-failed format=json n=2\n");
}

static void results_beside_errors_went_well(void **state)
{
    (void)state;
    expect_late("{\"status\":\"COMPLETE\",\"results\":[{\"id\":\"11\",\"properties\":{\"statu"
                "s\":\"error\"}}],\"numErrors\":2,\"errors\":[{\"status\":\"error\",\"categor"
                "y\":\"OBJECT_NOT_FOUND\",\"message\":\"not there\",\"context\":{\"ids\":[\"1"
                "2\",\"13\"]}}]}",
                "begin batch\n"
                "11 ok\n"
                "12,13 failed desc=\"not there\"\n"
                "end mixed format=json n=3\n");
}

static void failures_with_problem_details_beside_successes(void **state)
{
    (void)state;
    expect("{\"successes\":[{\"id\":7}],\"failures\":[{\"type\":\"about:blank\",\"title"
           "\":\"Bad name\",\"status\":400,\"detail\":\"too long\",\"id\":8},{\"status\""
           ":409,\"id\":9,\"title\":\"Conflict\"}]}",
           "begin batch\n"
           "7 ok\n"
           "8 failed status=400 desc=\"too long\"\n"
           "9 failed status=409 desc=\"Conflict\"\n"
           "end mixed format=json n=3 400x1 409x1\n");
}

static void failures_by_other_names_beside_successes(void **state)
{
    (void)state;
    expect(
        "{\"campaigns\":{\"success\":[{\"index\":0,\"campaignId\":\"1\"}],\"error\":[{\"index\":1"
        ",\"errors\":[{\"message\":\"no budget\"}]}]}}",
        "begin batch\n"
        "0 ok\n"
        "1 failed desc=\"no budget\"\n"
        "end mixed format=json n=2\n");
    expect("{\"deleted\":[\"a\"],\"notDeleted\":[\"b\"]}", "begin batch\n"
                                                           "a ok\n"
                                                           "b failed\n"
                                                           "end mixed format=json n=2\n");
}

static void a_list_of_something_else_is_no_empty_list_of_results(void **state)
{
    (void)state;
    expect("[1,2,3]", "begin none\nend undecodable json format=json n=0 flags=outcome-unknown\n");
    expect("[]", "begin batch\nend empty format=json n=0\n");
}

static void an_empty_place_for_an_error_says_that_there_was_none(void **state)
{
    (void)state;
    expect("[{\"id\":\"1\",\"error\":null},{\"id\":\"2\",\"error\":{\"message\":\"no room\"}}]",
           "begin batch\n"
           "1 ok\n"
           "2 failed desc=\"no room\"\n"
           "end mixed format=json n=2\n");
    expect("[{\"id\":\"1\",\"errors\":[],\"error\":\"no "
           "room\"},{\"id\":\"2\",\"error\":null,\"status\":"
           "404}]",
           "begin batch\n"
           "1 failed desc=\"no room\"\n"
           "2 failed status=404\n"
           "end all-failed format=json n=2 404x1\n");
}

static void data_beside_one_error_for_several(void **state)
{
    (void)state;
    expect_late("{\"data\":[{\"id\":1,\"name\":\"cap\"}],\"errors\":{\"status\":422,\"title\""
                ":\"2 were not saved\",\"type\":\"about:blank\",\"errors\":{\"1.name\":\"is t"
                "aken\"}},\"meta\":{\"total\":3,\"success\":1,\"failed\":2}}",
                "begin batch\n"
                "1 ok\n"
                "#2 failed status=422 flags=no-href desc=\"2 were not saved\"\n"
                "end mixed format=json n=2 422x1\n");
}

static void data_beside_a_list_of_errors(void **state)
{
    (void)state;
    expect("{\"data\":[],\"errors\":[{\"status\":422,\"title\":\"no name\"}],\"meta\":{"
           "\"total\":1,\"success\":0,\"failed\":1}}",
           "begin batch\n"
           "#1 failed status=422 flags=no-href desc=\"no name\"\n"
           "end all-failed format=json n=1 422x1\n");
}

static void an_item_with_an_api_error(void **state)
{
    (void)state;
    expect("{\"items\":[{\"itemIdentifier\":1,\"status\":201,\"operationType\":\"INSERT"
           "\",\"href\":\"/x/1\"},{\"itemIdentifier\":2,\"status\":400,\"operationType\""
           ":\"INSERT\",\"apiError\":{\"key\":\"400\",\"message\":[{\"description\":\"mi"
           "ssing\"}]}}]}",
           "begin batch\n"
           "/x/1 ok status=201\n"
           "2 failed status=400 desc=\"missing\"\n"
           "end mixed format=json n=2 201x1 400x1\n");
}

static void results_in_the_order_of_the_request_have_numbers(void **state)
{
    (void)state;
    expect("[{\"code\":201,\"message\":\"Created\"},{\"code\":400,\"message\":\"Validati"
           "on failed\"}]",
           "begin batch\n"
           "#1 ok status=201 flags=no-href desc=\"Created\"\n"
           "#2 failed status=400 flags=no-href desc=\"Validation failed\"\n"
           "end mixed format=json n=2 201x1 400x1\n");
}

static void a_list_called_multistatus_holds_failures(void **state)
{
    (void)state;
    expect("{\"multistatus\":[{\"recordID\":\"5\",\"Status\":404,\"Reason\":\"Record is "
           "missing\"}],\"info\":{\"X-RESTfm-Status\":\"207\"}}",
           "begin batch\n"
           "5 failed status=404 desc=\"Record is missing\"\n"
           "end mixed unlisted-presumed-ok format=json n=1 404x1\n");
}

static void a_code_alone_is_a_result(void **state)
{
    (void)state;
    expect("{\"results\":[{\"status\":202},{\"status\":500}]}",
           "begin batch\n"
           "#1 pending status=202 flags=no-href\n"
           "#2 failed status=500 flags=no-href\n"
           "end mixed format=json n=2 202x1 500x1\n");
}

static void an_id_and_whether_it_went_well(void **state)
{
    (void)state;
    expect("[\"ERROR_GLPI_PARTIAL_DELETE\",[{\"2\":false,\"message\":\"not yours\"},{\"3"
           "\":true,\"message\":\"\"}]]",
           "begin batch\n"
           "2 failed desc=\"not yours\"\n"
           "3 ok\n"
           "end mixed format=json n=2\n");
}

static void an_error_type_beside_a_status(void **state)
{
    (void)state;
    expect("[{\"status\":200,\"sent\":{\"a\":1},\"body\":\"ok\"},{\"status\":400,\"error"
           "type\":\"BAD_REQUEST\",\"errormessage\":\"no email\"}]",
           "begin batch\n"
           "#1 ok status=200 flags=no-href\n"
           "#2 failed status=400 flags=no-href desc=\"no email\"\n"
           "end mixed format=json n=2 200x1 400x1\n");
}

static void an_error_is_a_failure_whatever_it_is_called(void **state)
{
    (void)state;
    expect("{\"details\":{\"results\":[{\"input\":{\"id\":9},\"error\":{\"errorCode\":\""
           "WCO-1\",\"message\":\"no such person\"}},{\"success\":{\"id\":10}}]}}",
           "begin batch\n"
           "9 failed desc=\"no such person\"\n"
           "10 ok\n"
           "end mixed format=json n=2\n");
}

static void responses_of_a_graph_batch(void **state)
{
    (void)state;
    expect("{\"responses\":[{\"id\":\"1\",\"status\":200,\"headers\":{\"a\":\"b\"},\"bod"
           "y\":{\"displayName\":\"Ann\",\"description\":\"boss\"}},{\"id\":\"2\",\"stat"
           "us\":403,\"body\":{\"error\":{\"code\":\"Forbidden\",\"message\":\"not allow"
           "ed\"}}},{\"id\":\"3\",\"status\":424,\"body\":{\"error\":{\"code\":\"FailedD"
           "ependency\",\"message\":\"2 failed\"}}}]}",
           "begin batch\n"
           "1 ok status=200\n"
           "2 failed status=403 desc=\"not allowed\"\n"
           "3 dependent status=424 desc=\"2 failed\"\n"
           "end mixed format=json n=3 200x1 403x1 424x1\n");
}

static void operations_of_a_search_engine(void **state)
{
    (void)state;
    expect("{\"took\":30,\"errors\":true,\"items\":[{\"index\":{\"_index\":\"a\",\"_id\""
           ":\"1\",\"status\":201,\"result\":\"created\"}},{\"create\":{\"_index\":\"a\""
           ",\"_id\":\"2\",\"status\":409,\"error\":{\"type\":\"version_conflict_engine_"
           "exception\",\"reason\":\"document already exists\"}}},{\"delete\":{\"_index"
           "\":\"a\",\"_id\":\"3\",\"status\":404,\"result\":\"not_found\"}}]}",
           "begin batch\n"
           "1 ok status=201\n"
           "2 failed status=409 desc=\"document already exists\"\n"
           "3 failed status=404 desc=\"not_found\"\n"
           "end mixed format=json n=3 201x1 404x1 409x1\n");
}

static void operations_of_scim(void **state)
{
    (void)state;
    expect("{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkResponse\"],\"Oper"
           "ations\":[{\"location\":\"/Users/92\",\"method\":\"POST\",\"bulkId\":\"qwert"
           "y\",\"status\":\"201\"},{\"method\":\"PUT\",\"bulkId\":\"two\",\"status\":{"
           "\"code\":\"409\"},\"response\":{\"status\":\"409\",\"detail\":\"taken\"}}]}",
           "begin batch\n"
           "/Users/92 ok status=201\n"
           "two failed status=409 desc=\"taken\"\n"
           "end mixed format=json n=2 201x1 409x1\n");
}

static void entries_of_a_bundle(void **state)
{
    (void)state;
    expect("{\"resourceType\":\"Bundle\",\"type\":\"batch-response\",\"entry\":[{\"respo"
           "nse\":{\"status\":\"201 Created\",\"location\":\"Patient/1/_history/1\",\"et"
           "ag\":\"W/1\"}},{\"response\":{\"status\":\"422 Unprocessable\",\"outcome\":{"
           "\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"d"
           "iagnostics\":\"no family name\"}]}}}]}",
           "begin batch\n"
           "Patient/1/_history/1 ok status=201\n"
           "#2 failed status=422 flags=no-href desc=\"no family name\"\n"
           "end mixed format=json n=2 201x1 422x1\n");
}

static void results_of_a_composite(void **state)
{
    (void)state;
    expect("{\"hasErrors\":true,\"results\":[{\"statusCode\":201,\"result\":{\"id\":\"00"
           "1\",\"success\":true,\"errors\":[]}},{\"statusCode\":400,\"result\":[{\"erro"
           "rCode\":\"REQUIRED_FIELD_MISSING\",\"message\":\"Name is missing\"}]}]}",
           "begin batch\n"
           "001 ok status=201\n"
           "#2 failed status=400 flags=no-href desc=\"Name is missing\"\n"
           "end mixed format=json n=2 201x1 400x1\n");
}

static void responses_of_a_composite(void **state)
{
    (void)state;
    expect("{\"compositeResponse\":[{\"body\":{\"id\":\"001\"},\"httpHeaders\":{},\"http"
           "StatusCode\":201,\"referenceId\":\"account\"},{\"body\":[{\"errorCode\":\"PR"
           "OCESSING_HALTED\",\"message\":\"rolled back\"}],\"httpStatusCode\":400,\"ref"
           "erenceId\":\"contact\"}]}",
           "begin batch\n"
           "account ok status=201\n"
           "contact failed status=400 desc=\"rolled back\"\n"
           "end mixed format=json n=2 201x1 400x1\n");
}

static void what_was_rolled_back_was_not_done(void **state)
{
    (void)state;
    expect("{\"has_errors\":true,\"rolled_back\":true,\"results\":[{\"code\":200,\"body"
           "\":{\"id\":\"seg-1\"}},{\"code\":400,\"body\":{\"error_message\":\"bad name"
           "\"}}]}",
           "begin batch\n"
           "seg-1 dependent status=200\n"
           "#2 failed status=400 flags=no-href desc=\"bad name\"\n"
           "end all-failed format=json n=2 200x1 400x1\n");
}

static void status_codes_with_error_messages(void **state)
{
    (void)state;
    expect("[{\"id\":\"m1\",\"status_code\":200},{\"id\":\"m2\",\"status_code\":409,\"er"
           "ror_messages\":[\"in use\",\"busy\"]}]",
           "begin batch\n"
           "m1 ok status=200\n"
           "m2 failed status=409 desc=\"in use\"\n"
           "end mixed format=json n=2 200x1 409x1\n");
}

static void ids_in_lists_of_what_succeeded_and_failed(void **state)
{
    (void)state;
    expect("{\"succeeded\":[\"a\",\"b\"],\"failed\":[\"c\"]}", "begin batch\n"
                                                               "a ok\n"
                                                               "b ok\n"
                                                               "c failed\n"
                                                               "end mixed format=json n=3\n");
}

static void a_list_of_any_name_whose_elements_have_a_status(void **state)
{
    (void)state;
    expect("{\"attachUpdateGroups\":[{\"status\":\"failed\",\"updateGroupName\":\"g1\","
           "\"warningMessage\":\"x\",\"name\":\"leaf-1\"},{\"status\":\"success\",\"name"
           "\":\"leaf-2\"}]}",
           "begin batch\n"
           "leaf-1 failed desc=\"failed\"\n"
           "leaf-2 ok\n"
           "end mixed format=json n=2\n");
}

static void pairs_of_lists_for_each_operation(void **state)
{
    (void)state;
    expect("{\"create\":{\"success\":[\"p1\"],\"errors\":[]},\"update\":{\"success\":[],"
           "\"errors\":[{\"error\":\"not there\",\"status_code\":404}]},\"delete\":{\"su"
           "ccess\":[\"p3\"],\"errors\":[]}}",
           "begin batch\n"
           "p1 ok\n"
           "#2 failed status=404 flags=no-href desc=\"not there\"\n"
           "p3 ok\n"
           "end mixed format=json n=3 404x1\n");
}

static void status_codes_with_responses(void **state)
{
    (void)state;
    expect("{\"items\":[{\"statusCode\":200,\"response\":\"{\\\"name\\\":\\\"c1\\\"}\"},"
           "{\"statusCode\":400,\"response\":\"bad\"}],\"success\":false}",
           "begin batch\n"
           "#1 ok status=200 flags=no-href\n"
           "#2 failed status=400 flags=no-href desc=\"bad\"\n"
           "end mixed format=json n=2 200x1 400x1\n");
}

static void status_codes_with_headers_and_bodies(void **state)
{
    (void)state;
    expect("[{\"status_code\":200,\"headers\":{},\"body\":{\"data\":{\"gid\":\"1\"}}},{"
           "\"status_code\":404,\"body\":{\"errors\":[{\"message\":\"no task\"}]}}]",
           "begin batch\n"
           "#1 ok status=200 flags=no-href\n"
           "#2 failed status=404 flags=no-href desc=\"no task\"\n"
           "end mixed format=json n=2 200x1 404x1\n");
}

static void data_with_errors_and_warnings(void **state)
{
    (void)state;
    expect_late("{\"data\":[{\"id\":\"1\",\"type\":\"Campaign\"}],\"errors\":[{\"code\":\"inv"
                "alid\",\"title\":\"Bad budget\"}],\"warnings\":[{\"code\":\"w\"}]}",
                "begin batch\n"
                "1 ok\n"
                "#2 failed flags=no-href desc=\"Bad budget\"\n"
                "end mixed format=json n=2\n");
}

static void either_a_success_or_a_failure(void **state)
{
    (void)state;
    expect("[{\"success\":{\"id\":\"c1\"}},{\"failure\":{\"error_code\":\"E7\",\"error_m"
           "essage\":\"no budget\"}}]",
           "begin batch\n"
           "c1 ok\n"
           "#2 failed flags=no-href desc=\"no budget\"\n"
           "end mixed format=json n=2\n");
}

static void an_index_and_whether_it_succeeded(void **state)
{
    (void)state;
    expect("[{\"index\":0,\"success\":true,\"error\":[]},{\"index\":1,\"success\":false,"
           "\"error\":[\"no city\"]}]",
           "begin batch\n"
           "0 ok\n"
           "1 failed desc=\"no city\"\n"
           "end mixed format=json n=2\n");
}

static void errors_alone_are_the_failures(void **state)
{
    (void)state;
    expect("{\"Status\":\"BadRequest\",\"Errors\":[{\"SKU\":\"A-1\",\"Error\":\"unknown"
           "\"}]}",
           "begin batch\n"
           "A-1 failed desc=\"unknown\"\n"
           "end mixed unlisted-presumed-ok format=json n=1\n");
}

static void a_map_of_paths(void **state)
{
    (void)state;
    expect("{\"/a.txt\":{\"error\":false,\"etag\":\"1\"},\"/b.txt\":{\"error\":true,\"me"
           "ssage\":\"no space\"}}",
           "begin batch\n"
           "/a.txt ok\n"
           "/b.txt failed desc=\"no space\"\n"
           "end mixed format=json n=2\n");
}

static void uploaded_files_and_errors(void **state)
{
    (void)state;
    expect("{\"uploaded\":[{\"name\":\"a.txt\"}],\"errors\":[{\"name\":\"b.txt\",\"error"
           "\":\"too large\"}]}",
           "begin batch\n"
           "a.txt ok\n"
           "b.txt failed desc=\"too large\"\n"
           "end mixed format=json n=2\n");
}

static void failed_files_by_name(void **state)
{
    (void)state;
    expect("{\"success\":false,\"failed_files\":[\"b.txt\"],\"error\":\"1 failed\"}",
           "begin batch\n"
           "b.txt failed\n"
           "end mixed unlisted-presumed-ok format=json n=1\n");
}

static void errors_by_id(void **state)
{
    (void)state;
    expect("{\"created\":[\"x\"],\"errors\":{\"y\":\"too long\",\"z\":{\"message\":\"tak"
           "en\"}}}",
           "begin batch\n"
           "x ok\n"
           "y failed desc=\"too long\"\n"
           "z failed desc=\"taken\"\n"
           "end mixed format=json n=3\n");
}

static void one_result_without_a_list(void **state)
{
    (void)state;
    expect("{\"status\":\"error\",\"message\":\"nothing was done\"}",
           "begin batch\n"
           "#1 failed flags=no-href desc=\"nothing was done\"\n"
           "end all-failed format=json n=1\n");
}

static void lines_of_json_are_results(void **state)
{
    (void)state;
    expect("{\"id\":\"a\",\"status\":200}\n{\"id\":\"b\",\"status\":500}\n\n{\"id\":\"c"
           "\",\"status\":201}\n",
           "begin batch\n"
           "a ok status=200\n"
           "b failed status=500\n"
           "c ok status=201\n"
           "end mixed format=json n=3 200x1 201x1 500x1\n");
}

static void a_webdav_multistatus_in_json_has_the_rules_of_webdav(void **state)
{
    (void)state;
    expect_sync("{\"multistatus\":{\"responses\":[{\"href\":\"/batch/a\",\"status\":200,\"pro"
                "p\":{\"{DAV:}getetag\":\"1\",\"{urn:ietf:params:xml:ns:caldav}calendar-data"
                "\":\"B\"}},{\"href\":\"/batch/b\",\"status\":404}],\"sync-token\":\"http://x"
                "/7\"}}",
                "begin multistatus\n"
                "/batch/a ok | 200 ok D:getetag C:calendar-data\n"
                "/batch/b absent status=404 flags=vanished\n"
                "end all-ok format=json n=2 token=\"http://x/7\" 200x1 404x1\n");
}

int main(void)
{
    if (!json_tree_is_built_in())
        return 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_have_codes_texts_or_words_for_status),
        cmocka_unit_test(events_of_a_bus_are_submitted_failed_or_aborted),
        cmocka_unit_test(all_failed_is_said_of_failures_and_what_depends_on_them),
        cmocka_unit_test(results_beside_errors_went_well),
        cmocka_unit_test(failures_with_problem_details_beside_successes),
        cmocka_unit_test(failures_by_other_names_beside_successes),
        cmocka_unit_test(a_list_of_something_else_is_no_empty_list_of_results),
        cmocka_unit_test(an_empty_place_for_an_error_says_that_there_was_none),
        cmocka_unit_test(data_beside_one_error_for_several),
        cmocka_unit_test(data_beside_a_list_of_errors),
        cmocka_unit_test(an_item_with_an_api_error),
        cmocka_unit_test(results_in_the_order_of_the_request_have_numbers),
        cmocka_unit_test(a_list_called_multistatus_holds_failures),
        cmocka_unit_test(a_code_alone_is_a_result),
        cmocka_unit_test(an_id_and_whether_it_went_well),
        cmocka_unit_test(an_error_type_beside_a_status),
        cmocka_unit_test(an_error_is_a_failure_whatever_it_is_called),
        cmocka_unit_test(responses_of_a_graph_batch),
        cmocka_unit_test(operations_of_a_search_engine),
        cmocka_unit_test(operations_of_scim),
        cmocka_unit_test(entries_of_a_bundle),
        cmocka_unit_test(results_of_a_composite),
        cmocka_unit_test(responses_of_a_composite),
        cmocka_unit_test(what_was_rolled_back_was_not_done),
        cmocka_unit_test(status_codes_with_error_messages),
        cmocka_unit_test(ids_in_lists_of_what_succeeded_and_failed),
        cmocka_unit_test(a_list_of_any_name_whose_elements_have_a_status),
        cmocka_unit_test(pairs_of_lists_for_each_operation),
        cmocka_unit_test(status_codes_with_responses),
        cmocka_unit_test(status_codes_with_headers_and_bodies),
        cmocka_unit_test(data_with_errors_and_warnings),
        cmocka_unit_test(either_a_success_or_a_failure),
        cmocka_unit_test(an_index_and_whether_it_succeeded),
        cmocka_unit_test(errors_alone_are_the_failures),
        cmocka_unit_test(a_map_of_paths),
        cmocka_unit_test(uploaded_files_and_errors),
        cmocka_unit_test(failed_files_by_name),
        cmocka_unit_test(errors_by_id),
        cmocka_unit_test(one_result_without_a_list),
        cmocka_unit_test(lines_of_json_are_results),
        cmocka_unit_test(a_webdav_multistatus_in_json_has_the_rules_of_webdav),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
