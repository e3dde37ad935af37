/* What is a document and what is not, by its first bytes, its root and the HTTP status: DOMAIN.md
 * 1.1, 1.7, 2.8, 4.1. And how a document ends. */
#include "tests/support/document_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define RESPONSE(href)                                                                             \
    "<D:response><D:href>" href "</D:href><D:status>HTTP/1.1 200 OK</D:status></D:response>"
#define MULTISTATUS(inner) "<D:multistatus xmlns:D=\"DAV:\">" inner "</D:multistatus>"

static void expect(const char *body, const char *expected)
{
    document_expect(&(struct document_case){.body = span_str(body)}, expected);
}

static void expect_under(uint16_t http_status, const char *body, const char *expected)
{
    document_expect(&(struct document_case){.body = span_str(body), .http_status = http_status},
                    expected);
}

static void expect_type(const char *media_type, const char *body, const char *expected)
{
    document_expect(&(struct document_case){.body = span_str(body), .media_type = media_type},
                    expected);
}

static void html_under_207_is_undecodable(void **state)
{
    (void)state;
    expect("<!DOCTYPE html><html><body>log in</body></html>",
           "begin none\n"
           "end undecodable html format=html n=0\n");
    expect("\n<HTML><head/></HTML>", "begin none\n"
                                     "end undecodable html format=html n=0\n");
    expect("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><p/></html>",
           "begin none\n"
           "end undecodable html format=html n=0\n");
    expect("<br />\n<b>Fatal error</b>: out of memory", "begin none\n"
                                                        "end undecodable html format=html n=0\n");
}

static void the_title_of_a_page_is_told(void **state)
{
    (void)state;
    expect("<!DOCTYPE html><html><head><TITLE lang=en> 502\n Bad  Gateway </TITLE></head></html>",
           "begin none\n"
           "end undecodable html format=html n=0 desc=\"502 Bad Gateway\"\n");
    expect("<html><head><title></title></head><body><title>no</title></body></html>",
           "begin none\n"
           "end undecodable html format=html n=0\n");
}

static void json_without_results_is_undecodable(void **state)
{
    (void)state;
    expect_type("application/json", "{\"name\":\"x\"}",
                "begin none\n"
                "end undecodable json format=json n=0\n");
}

static void multipart_without_responses_is_undecodable(void **state)
{
    (void)state;
    expect_type("multipart/related",
                "--b\r\nContent-Type: text/plain\r\n\r\nHTTP/1.1 200 OK\r\n--b--",
                "begin none\n"
                "end undecodable multipart format=multipart n=0\n");
}

static void empty_body_under_207_is_undecodable(void **state)
{
    (void)state;
    expect("", "begin none\n"
               "end undecodable empty-body format=empty n=0\n");
    expect(" \r\n", "begin none\n"
                    "end undecodable empty-body format=empty n=0\n");
}

static void plain_text_under_207_is_undecodable(void **state)
{
    (void)state;
    expect("Internal error", "begin none\n"
                             "end undecodable plain-text format=other n=0\n");
    expect("[Mon Jan 05] PHP Warning", "begin none\n"
                                       "end undecodable plain-text format=other n=0\n");
    expect("{oops}", "begin none\n"
                     "end undecodable plain-text format=other n=0\n");
    expect("<", "begin none\n"
                "end incomplete wire-truncated n=0\n");
    expect("<a", "begin none\n"
                 "end incomplete wire-truncated n=0\n");
}

static void utf_16_without_markup_is_undecodable(void **state)
{
    (void)state;
    static const uint8_t text[] = {0xFE, 0xFF, 0, ' ', 0, 'n', 0, 'o'};
    document_expect(&(struct document_case){.body = span_of(text, sizeof text)},
                    "begin none\n"
                    "end undecodable plain-text format=other n=0\n");
    document_expect(&(struct document_case){.body = span_of(text, 4)},
                    "begin none\n"
                    "end undecodable empty-body format=empty n=0\n");
}

static void foreign_xml_under_207_has_no_root(void **state)
{
    (void)state;
    expect("<v:multistatus xmlns:v='urn:vendor'><v:item/></v:multistatus>",
           "begin none\n"
           "end undecodable no-root n=0\n");
    expect("<a><b><multistatus xmlns='DAV:'/></b></a>", "begin none\n"
                                                        "end undecodable no-root n=0\n");
    expect("<a>text</a>", "begin none\n"
                          "end undecodable no-root n=0\n");
    expect("<D:prop xmlns:D='DAV:'><D:lockdiscovery/></D:prop>", "begin none\n"
                                                                 "end undecodable no-root n=0\n");
}

static void foreign_bodies_under_200_are_no_documents(void **state)
{
    (void)state;
    expect_under(200, "<!DOCTYPE html><html/>", "");
    expect_under(200, "{\"multistatus\":1}", "");
    expect_under(200, "", "");
    expect_under(200, "BEGIN:VCALENDAR", "");
    expect_under(200, "<D:prop xmlns:D='DAV:'><D:lockdiscovery/></D:prop>", "");
    expect_under(200, "<response><error>no</error></response>", "");
    expect_under(500, "<error><code>1</code></error>", "");
    expect_under(200, "<!DOCTYPE m []><m/>", "");
    expect_under(200, "<a><b></a>", "");
    expect_under(200, "<S:log-report xmlns:S='svn:' xmlns:D='DAV:'><S:log-item/></S:log-report>",
                 "");
}

static void multistatus_counts_under_any_status(void **state)
{
    (void)state;
    expect_under(200, MULTISTATUS(RESPONSE("/f/a")),
                 "begin multistatus\n"
                 "/f/a ok status=200\n"
                 "end all-ok n=1 200x1\n");
    expect_under(424, MULTISTATUS(RESPONSE("/f/a")),
                 "begin multistatus\n"
                 "/f/a ok status=200\n"
                 "end all-ok n=1 200x1\n");
    expect_under(200, "Warning: but no 207\n" MULTISTATUS(RESPONSE("/f/a")), "");
    expect_under(200, "\n\n\n\n\n\n" MULTISTATUS(RESPONSE("/f/a")),
                 "begin multistatus\n"
                 "/f/a ok status=200\n"
                 "end all-ok n=1 200x1\n");
    expect_type("text/html", MULTISTATUS(RESPONSE("/f/a")),
                "begin multistatus\n"
                "/f/a ok status=200\n"
                "end all-ok n=1 200x1\n");
    expect_type("application/json", MULTISTATUS(RESPONSE("/f/a")),
                "begin multistatus\n"
                "/f/a ok status=200\n"
                "end all-ok n=1 200x1\n");
}

static void error_root_is_one_resource(void **state)
{
    (void)state;
    struct request request = {
        .is_seen = true, .operation = OPERATION_REPORT_SYNC_COLLECTION, .target = span_str("/f/")};
    document_expect(
        &(struct document_case){
            .body = span_str("<?xml version='1.0'?><d:error xmlns:d='DAV:' "
                             "xmlns:s='http://sabredav.org/ns'><s:exception>E</s:exception>"
                             "<s:message>old token</s:message><d:valid-sync-token/></d:error>"),
            .http_status = 403,
            .request = &request},
        "begin error\n"
        "/f/ failed status=403 if=D:valid-sync-token desc=\"old token\"\n"
        "end all-failed n=1 403x1\n");
    expect_under(423,
                 "<D:error xmlns:D='DAV:'><D:lock-token-submitted><D:href>/f/</D:href>"
                 "</D:lock-token-submitted></D:error>",
                 "begin error\n"
                 "/f/ failed status=423 if=D:lock-token-submitted(/f/)\n"
                 "end all-failed n=1 423x1\n");
}

static void mkcol_response_is_one_resource(void **state)
{
    (void)state;
    struct request request = {
        .is_seen = true, .operation = OPERATION_MKCOL, .target = span_str("/f/new/")};
    document_expect(
        &(struct document_case){
            .body = span_str(
                "<D:mkcol-response xmlns:D='DAV:'><D:propstat><D:prop><D:resourcetype/></D:prop>"
                "<D:status>HTTP/1.1 403 Forbidden</D:status><D:error><D:valid-resourcetype/>"
                "</D:error></D:propstat><D:propstat><D:prop><D:displayname/></D:prop>"
                "<D:status>HTTP/1.1 424 Failed Dependency</D:status></D:propstat>"
                "<D:responsedescription>no</D:responsedescription></D:mkcol-response>"),
            .http_status = 403,
            .request = &request,
            .shows_offsets = true},
        "begin mkcol-response\n"
        "[0,354) /f/new/ failed desc=\"no\" | 403 failed D:resourcetype if=D:valid-resourcetype | "
        "424 dependent D:displayname\n"
        "end all-failed n=1 403x1 424x1\n");
}

static void mkcalendar_response_is_one_resource(void **state)
{
    (void)state;
    struct request unseen = {.is_seen = false};
    document_expect(
        &(struct document_case){
            .body = span_str("<C:mkcalendar-response xmlns:C='urn:ietf:params:xml:ns:caldav' "
                             "xmlns='DAV:'><propstat><prop><C:calendar-timezone/></prop>"
                             "<status>HTTP/1.1 403 Forbidden</status></propstat>"
                             "</C:mkcalendar-response>"),
            .http_status = 207,
            .request = &unseen},
        "begin mkcalendar-response\n"
        "#1 failed flags=no-href | 403 failed C:calendar-timezone\n"
        "end all-failed inferred=MKCALENDAR n=1 403x1\n");
}

static void propstats_outside_any_response_are_those_of_the_target(void **state)
{
    (void)state;
    struct request request = {
        .is_seen = true, .operation = OPERATION_MKCALENDAR, .target = span_str("/c/new/")};
    document_expect(
        &(struct document_case){
            .body =
                span_str("<D:multistatus xmlns:D='DAV:'><D:propstat><D:prop><D:getetag/></D:prop>"
                         "<D:status>HTTP/1.1 403 Forbidden</D:status></D:propstat>"
                         "<D:propstat><D:prop><D:displayname/></D:prop>"
                         "<D:status>HTTP/1.1 424 Failed Dependency</D:status></D:propstat>"
                         "</D:multistatus>"),
            .request = &request},
        "begin multistatus\n"
        "/c/new/ failed | 403 failed D:getetag | 424 dependent D:displayname\n"
        "end all-failed n=1 403x1 424x1\n");
    document_expect(
        &(struct document_case){
            .body =
                span_str("<D:multistatus xmlns:D='DAV:'><D:propstat><D:prop><D:getetag/></D:prop>"
                         "<D:status>HTTP/1.1 403 Forbidden</D:status></D:propstat>"
                         "<D:response><D:href>/c/a</D:href><D:status>HTTP/1.1 423 Locked</D:status>"
                         "</D:response></D:multistatus>"),
            .request = &request},
        "begin multistatus\n"
        "/c/new/ failed | 403 failed D:getetag\n"
        "/c/a failed status=423 flags=unsolicited\n"
        "end all-failed n=2 flags=unsolicited 403x1 423x1\n");
}

static void schedule_response_lists_recipients(void **state)
{
    (void)state;
    struct request request = {.is_seen = true, .operation = OPERATION_POST};
#define RECIPIENT(href, status)                                                                    \
    "<C:response><C:recipient><D:href>" href "</D:href></C:recipient>"                             \
    "<C:request-status>" status "</C:request-status><C:calendar-data>X</C:calendar-data>"          \
    "</C:response>"
    document_expect(
        &(struct document_case){
            .body = span_str("<C:schedule-response xmlns:D='DAV:' "
                             "xmlns:C='urn:ietf:params:xml:ns:caldav'>" RECIPIENT(
                                 "mailto:a@x", "2.0;Success") RECIPIENT("mailto:b@x", "1.1;Pending")
                                 RECIPIENT("mailto:c@x", "3.7;Invalid user")
                                     RECIPIENT("mailto:d@x", "5.1;Later")
                                         RECIPIENT("mailto:e@x", "what") "</C:schedule-response>"),
            .http_status = 200,
            .request = &request},
        "begin schedule-response\n"
        "mailto:a@x ok status=0 desc=\"2.0;Success\"\n"
        "mailto:b@x pending status=0 desc=\"1.1;Pending\"\n"
        "mailto:c@x failed status=0 desc=\"3.7;Invalid user\"\n"
        "mailto:d@x failed status=0 desc=\"5.1;Later\"\n"
        "mailto:e@x unknown status=0 desc=\"what\"\n"
        "end mixed n=5 flags=unknown\n");
}

static void operation_is_inferred_when_the_request_was_not_seen(void **state)
{
    (void)state;
    struct request unseen = {.is_seen = false};
    struct document_case played = {.request = &unseen};
    played.body = span_str(MULTISTATUS(RESPONSE("/f/a") "<D:sync-token>t</D:sync-token>"));
    document_expect(&played, "begin multistatus\n"
                             "/f/a ok status=200\n"
                             "end all-ok inferred=REPORT sync-collection n=1 token=\"t\" 200x1\n");
}

static void write_that_cannot_be_read_has_an_unknown_outcome(void **state)
{
    (void)state;
    struct request request = {.is_seen = true, .operation = OPERATION_DELETE};
    document_expect(
        &(struct document_case){.body = span_str(MULTISTATUS("&")), .request = &request},
        "begin multistatus\n"
        "note xml-malformed @30 unescaped '&' in multistatus\n"
        "end undecodable not-well-formed n=0 flags=outcome-unknown\n");
}

static struct document_end last_end;

static enum feed take_begin(void *ctx, enum root root, const struct origin *origin)
{
    (void)ctx, (void)root, (void)origin;
    return FEED_OK;
}

static enum feed take_resource(void *ctx, const struct resource *resource,
                               const struct origin *origin)
{
    (void)ctx, (void)resource, (void)origin;
    return FEED_OK;
}

static void take_note(void *ctx, const struct anomaly *anomaly)
{
    (void)ctx, (void)anomaly;
}

static void take_end(void *ctx, const struct document_end *end, const struct origin *origin)
{
    (void)ctx, (void)origin;
    last_end = *end;
}

static void finish_behind_hole(const char *body, const char *behind,
                               const struct document_finish_params *params)
{
    static const struct document_ops ops = {take_begin, take_resource, take_note, take_end, NULL};
    static const struct request request = {.is_seen = true, .operation = OPERATION_PROPFIND};
    const struct document_params open = {
        .limits = &limits_default, .request = &request, .http_status = 207};
    struct origin origin = {.ordinal = 1, .frame = 1};
    struct document *document;
    assert_int_equal(document_open(&document, &open, &ops, NULL), FEED_OK);
    document_feed(document, span_str(body), &origin);
    assert_true(document_buffered_bytes(document) > 0);
    if (behind) {
        document_gap(document, 100, &origin);
        document_feed(document, span_str(behind), &origin);
    }
    document_finish(document, params, &origin);
    document_close(document);
}

static void finish_as(const char *body, const struct document_finish_params *params)
{
    finish_behind_hole(body, NULL, params);
}

static void every_way_to_end_early_is_told_by_its_reason(void **state)
{
    (void)state;
    static const struct {
        enum end why;
        const char *cut_reason, *reason;
    } rows[] = {
        {END_FIN, "wire-truncated", "wire-truncated"},
        {END_FIN, NULL, "wire-truncated"},
        {END_RESET, NULL, "wire-truncated"},
        {END_CAPTURE, NULL, "capture-ended"},
        {END_GAP, NULL, "capture-gap"},
        {END_EVICTED, NULL, "evicted"},
        {END_COMPLETE, "coding-damaged", "coding-damaged"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        finish_as(MULTISTATUS(RESPONSE("/f/a")),
                  &(struct document_finish_params){
                      .why = rows[i].why, .cut_reason = rows[i].cut_reason, .missing_bytes = 7});
        assert_int_equal(last_end.verdict, VERDICT_INCOMPLETE);
        assert_string_equal(last_end.reason, rows[i].reason);
        assert_false(last_end.is_complete);
        assert_int_equal(last_end.missing_bytes, 7);
    }
}

/* Three resources were seen in 100 bytes of coded content, and 200 bytes of it are missing. */
static void missing_bytes_tell_how_many_resources_may_be_unseen(void **state)
{
    (void)state;
    struct document_finish_params params = {
        .why = END_FIN,
        .missing_bytes = 200,
        .seen_bytes = 100,
    };
    finish_as(MULTISTATUS(RESPONSE("/f/a") RESPONSE("/f/b") RESPONSE("/f/c")), &params);
    assert_int_equal(last_end.verdict, VERDICT_INCOMPLETE);
    size_t root_bytes = strlen(MULTISTATUS("")), resource_bytes = strlen(RESPONSE("/f/a"));
    assert_int_equal(last_end.n_unseen, 6 + 2 * root_bytes / resource_bytes + 1);
    params.missing_bytes = 0;
    finish_as(MULTISTATUS(RESPONSE("/f/a")), &params);
    assert_int_equal(last_end.n_unseen, 0);
    params.missing_bytes = 200;
    finish_as(MULTISTATUS(""), &params);
    assert_int_equal(last_end.n_unseen, 0);
}

/* What stands behind the hole was there, but not read to its end: how much of it is not known. */
static void what_cannot_be_followed_behind_a_hole_has_no_bound(void **state)
{
    (void)state;
    static const char cut[] = "<D:multistatus xmlns:D=\"DAV:\">" RESPONSE("/f/a") RESPONSE("/f/b");
    struct document_finish_params params = {.why = END_COMPLETE, .seen_bytes = 300};
    finish_behind_hole(cut, RESPONSE("/f/d") "</D:multistatus>", &params);
    assert_int_equal(last_end.verdict, VERDICT_INCOMPLETE);
    assert_true(last_end.n_unseen > 0);
    finish_behind_hole(cut, RESPONSE("/f/d") "<D:response\r\n1f;a=b\r\n>" RESPONSE("/f/e"),
                       &params);
    assert_int_equal(last_end.verdict, VERDICT_INCOMPLETE);
    assert_int_equal(last_end.n_unseen, 0);
}

static void reset_behind_the_root_is_no_loss_where_nothing_else_ends_the_body(void **state)
{
    (void)state;
    struct document_finish_params params = {
        .why = END_RESET, .cut_reason = "wire-truncated", .is_end_open = true};
    finish_as(MULTISTATUS(RESPONSE("/f/a")), &params);
    assert_int_equal(last_end.verdict, VERDICT_ALL_OK);
    assert_true(last_end.is_complete);
    finish_as("<D:multistatus xmlns:D=\"DAV:\">" RESPONSE("/f/a"), &params);
    assert_int_equal(last_end.verdict, VERDICT_INCOMPLETE);
}

static void whole_document_says_so(void **state)
{
    (void)state;
    const char *body = MULTISTATUS(RESPONSE("/f/a"));
    finish_as(body, &(struct document_finish_params){.why = END_COMPLETE, .missing_bytes = 0});
    assert_int_equal(last_end.verdict, VERDICT_ALL_OK);
    assert_int_equal(last_end.n_unseen, 0);
    assert_true(last_end.is_complete);
    assert_int_equal(last_end.decoded_bytes, strlen(body));
    assert_int_equal(last_end.by_class[OUTCOME_OK], 1);
}

static void names_of_verdicts_formats_and_flags_are_all_there(void **state)
{
    (void)state;
    for (int i = 0; i < VERDICT_N; i++)
        assert_true(strlen(verdict_name((enum verdict)i)) > 0);
    for (int i = 0; i < FORMAT_N; i++)
        assert_true(strlen(format_name((enum format)i)) > 0);
    for (unsigned i = 0; i < DOCUMENT_FLAG_N; i++)
        assert_true(strlen(document_flag_name(i)) > 0);
    assert_string_equal(document_flag_name(10), "cut");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_under_207_is_undecodable),
        cmocka_unit_test(the_title_of_a_page_is_told),
        cmocka_unit_test(json_without_results_is_undecodable),
        cmocka_unit_test(multipart_without_responses_is_undecodable),
        cmocka_unit_test(empty_body_under_207_is_undecodable),
        cmocka_unit_test(plain_text_under_207_is_undecodable),
        cmocka_unit_test(utf_16_without_markup_is_undecodable),
        cmocka_unit_test(foreign_xml_under_207_has_no_root),
        cmocka_unit_test(foreign_bodies_under_200_are_no_documents),
        cmocka_unit_test(multistatus_counts_under_any_status),
        cmocka_unit_test(error_root_is_one_resource),
        cmocka_unit_test(mkcol_response_is_one_resource),
        cmocka_unit_test(mkcalendar_response_is_one_resource),
        cmocka_unit_test(propstats_outside_any_response_are_those_of_the_target),
        cmocka_unit_test(schedule_response_lists_recipients),
        cmocka_unit_test(operation_is_inferred_when_the_request_was_not_seen),
        cmocka_unit_test(write_that_cannot_be_read_has_an_unknown_outcome),
        cmocka_unit_test(every_way_to_end_early_is_told_by_its_reason),
        cmocka_unit_test(missing_bytes_tell_how_many_resources_may_be_unseen),
        cmocka_unit_test(what_cannot_be_followed_behind_a_hole_has_no_bound),
        cmocka_unit_test(reset_behind_the_root_is_no_loss_where_nothing_else_ends_the_body),
        cmocka_unit_test(whole_document_says_so),
        cmocka_unit_test(names_of_verdicts_formats_and_flags_are_all_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
