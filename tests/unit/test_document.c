/* The shapes of a Multi-Status, DOMAIN.md 1.3 and 1.2: one test a row. */
#include "tests/support/document_play.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define MULTISTATUS(inner) "<D:multistatus xmlns:D=\"DAV:\">" inner "</D:multistatus>"

static void expect(const char *body, const char *expected)
{
    document_expect(&(struct document_case){.body = span_str(body)}, expected);
}

static void status_form_applies_to_each_href(void **state)
{
    (void)state;
    expect(MULTISTATUS("<D:response><D:href>/f/a</D:href><D:href>/f/b</D:href>"
                       "<D:status>HTTP/1.1 423 Locked</D:status></D:response>"),
           "begin multistatus\n"
           "/f/a,/f/b failed status=423\n"
           "end all-failed n=2 423x2\n");
}

static void propstat_form_groups_properties_by_status(void **state)
{
    (void)state;
    expect(MULTISTATUS("<D:response><D:href>/f/a</D:href>"
                       "<D:propstat><D:prop><D:getetag>\"1\"</D:getetag><x xmlns='u:v'/></D:prop>"
                       "<D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
                       "<D:propstat><D:prop><D:quota-used-bytes/></D:prop>"
                       "<D:status>HTTP/1.1 404 Not Found</D:status></D:propstat></D:response>"),
           "begin multistatus\n"
           "/f/a ok | 200 ok D:getetag {u:v}x | 404 absent D:quota-used-bytes\n"
           "end all-ok n=1 200x1 404x1\n");
}

static void status_beside_propstats_is_flagged(void **state)
{
    (void)state;
    expect(MULTISTATUS("<D:response><D:href>/f/a</D:href><D:status>HTTP/1.1 404 Gone</D:status>"
                       "<D:propstat><D:prop/><D:status>HTTP/1.1 418 I'm a teapot</D:status>"
                       "</D:propstat></D:response>"),
           "begin multistatus\n"
           "/f/a absent status=404 flags=both-shapes,vanished | 418 neutral\n"
           "end all-ok n=1 404x1 418x1\n");
}

static void response_with_href_alone_is_unknown(void **state)
{
    (void)state;
    expect(MULTISTATUS("<D:response><D:href>/f/a</D:href></D:response>"
                       "<D:response><D:href>/f/b</D:href><D:status>HTTP/1.1 200 OK</D:status>"
                       "</D:response>"),
           "begin multistatus\n"
           "/f/a unknown flags=no-status\n"
           "/f/b ok status=200\n"
           "end mixed status-unknown n=2 flags=unknown 200x1\n");
}

static void propstat_without_status_is_unknown(void **state)
{
    (void)state;
    expect(MULTISTATUS("<D:response><D:href>/f/a</D:href><D:propstat><D:prop><D:getetag/></D:prop>"
                       "</D:propstat></D:response>"),
           "begin multistatus\n"
           "/f/a unknown flags=status-missing | 0 unknown D:getetag\n"
           "end undecodable status-unknown n=1 flags=unknown 0x1\n");
}

static void propstat_without_prop_is_flagged(void **state)
{
    (void)state;
    expect(MULTISTATUS("<D:response><D:href>/f/a</D:href><D:propstat>"
                       "<D:status>HTTP/1.1 403 Forbidden</D:status></D:propstat></D:response>"),
           "begin multistatus\n"
           "/f/a failed flags=no-prop | 403 failed\n"
           "end all-failed n=1 403x1\n");
}

static void response_without_href_gets_a_number(void **state)
{
    (void)state;
    expect(MULTISTATUS("<D:response><D:href>/f/a</D:href><D:status>HTTP/1.1 200 OK</D:status>"
                       "</D:response>"
                       "<D:response><D:status>HTTP/1.1 500 Oops</D:status></D:response>"),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "#2 failed status=500 flags=no-href\n"
           "end mixed n=2 200x1 500x1\n");
}

static void empty_hrefs_of_a_bulk_change_stay_apart(void **state)
{
    (void)state;
    expect("<multistatus xmlns='DAV:' xmlns:CS='http://calendarserver.org/ns/'>"
           "<response><href>/f/9.ics</href><propstat><prop><getetag>\"1\"</getetag>"
           "<CS:uid>U1</CS:uid></prop><status>HTTP/1.1 200 OK</status></propstat></response>"
           "<response><href/><status>HTTP/1.1 403 Forbidden</status>"
           "<error><C:no-uid-conflict xmlns:C='urn:ietf:params:xml:ns:caldav'>"
           "<href>/f/2</href></C:no-uid-conflict><CS:uid> U2 </CS:uid></error></response>"
           "<response><href></href><status>HTTP/1.1 403 Forbidden</status><CS:uid>U3</CS:uid>"
           "</response></multistatus>",
           "begin multistatus\n"
           "/f/9.ics ok uid=\"U1\" | 200 ok D:getetag CS:uid\n"
           " failed status=403 if=C:no-uid-conflict(/f/2) uid=\"U2\"\n"
           " failed status=403 uid=\"U3\"\n"
           "end mixed n=3 200x1 403x2\n");
}

static void second_response_for_an_href_is_a_duplicate(void **state)
{
    (void)state;
    expect(MULTISTATUS("<D:response><D:href>/f/a</D:href><D:status>HTTP/1.1 200 OK</D:status>"
                       "</D:response><D:response><D:href>/f/b</D:href><D:href>/f/a</D:href>"
                       "<D:status>HTTP/1.1 404 Not Found</D:status></D:response>"),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "/f/b,/f/a absent status=404 flags=duplicate,vanished\n"
           "end all-ok n=3 flags=duplicates 200x1 404x2\n");
}

#define IS_OK(href)                                                                                \
    "<D:response><D:href>" href "</D:href><D:status>HTTP/1.1 200 OK</D:status></D:response>"

static void two_spellings_of_one_url_are_duplicates(void **state)
{
    (void)state;
    expect(MULTISTATUS(IS_OK("/f/~a%20b") IS_OK("/f/%7ea%20b") IS_OK("/f/%c3%a9") IS_OK("/f/%C3%A9")
                           IS_OK("/f/a%2fb") IS_OK("/f/a/b") IS_OK("/f/a%40b") IS_OK("/f/a@b")
                               IS_OK("/f/%7ec#1") IS_OK("/f/%7ec#2")),
           "begin multistatus\n"
           "/f/~a%20b ok status=200\n"
           "/f/%7ea%20b ok status=200 flags=duplicate\n"
           "/f/%c3%a9 ok status=200\n"
           "/f/%C3%A9 ok status=200 flags=duplicate\n"
           "/f/a%2fb ok status=200\n"
           "/f/a/b ok status=200\n"
           "/f/a%40b ok status=200\n"
           "/f/a@b ok status=200\n"
           "/f/%7ec#1 ok status=200\n"
           "/f/%7ec#2 ok status=200\n"
           "end all-ok n=10 flags=duplicates 200x10\n");
}

static void multistatus_in_a_wrapper_is_found(void **state)
{
    (void)state;
    expect("<xml>" MULTISTATUS("<D:response><D:href>/f/a</D:href>"
                               "<D:status>HTTP/1.1 200 OK</D:status></D:response>") "</xml>",
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "end all-ok n=1 flags=wrapped 200x1\n");
}

static void errordescription_is_a_description(void **state)
{
    (void)state;
    expect(MULTISTATUS("<D:response><D:href>/f/a</D:href><D:status>HTTP/1.1 403 No</D:status>"
                       "<D:errordescription> not yours </D:errordescription></D:response>"
                       "<D:errordescription>a &lt;whole&gt;</D:errordescription>"),
           "begin multistatus\n"
           "/f/a failed status=403 desc=\"not yours\"\n"
           "end all-failed n=1 desc=\"a <whole>\" 403x1\n");
}

static void error_is_read_in_a_response_a_propstat_and_a_description(void **state)
{
    (void)state;
    expect(MULTISTATUS(
               "<D:response><D:href>/f/a</D:href><D:status>HTTP/1.1 423 Locked</D:status>"
               "<D:error><D:lock-token-submitted><D:href> /f/x </D:href><D:href>/f/y</D:href>"
               "</D:lock-token-submitted><u:z xmlns:u='u:'><D:deep><D:href>/f/z</D:href></D:deep>"
               "</u:z></D:error></D:response>"
               "<D:response><D:href>/f/b</D:href><D:propstat><D:prop><D:getetag/></D:prop>"
               "<D:status>HTTP/1.1 403 Forbidden</D:status><D:error>"
               "<D:cannot-modify-protected-property/></D:error></D:propstat></D:response>"
               "<D:response><D:href>/f/c</D:href><D:status>HTTP/1.1 409 Conflict</D:status>"
               "<D:responsedescription>words <D:error><D:resource-must-be-null/></D:error> more"
               "</D:responsedescription></D:response>"),
           "begin multistatus\n"
           "/f/a failed status=423 if=D:lock-token-submitted,{u:}z(/f/x,/f/y,/f/z)\n"
           "/f/b failed | 403 failed D:getetag if=D:cannot-modify-protected-property\n"
           "/f/c failed status=409 if=D:resource-must-be-null desc=\"words  more\"\n"
           "end all-failed n=3 403x1 409x1 423x1\n");
}

static void markup_inside_a_description_leaves_its_text(void **state)
{
    (void)state;
    expect(MULTISTATUS("<D:response><D:href>/f/a</D:href><D:propstat><D:prop><D:a/></D:prop>"
                       "<D:status>HTTP/1.1 403 No</D:status><D:responsedescription>"
                       "<p xmlns=''>one <b>two</b> three</p></D:responsedescription></D:propstat>"
                       "<D:responsedescription><![CDATA[<four>]]></D:responsedescription>"
                       "</D:response>"),
           "begin multistatus\n"
           "/f/a failed desc=\"<four>\" | 403 failed D:a desc=\"one two three\"\n"
           "end all-failed n=1 403x1\n");
}

static void texts_of_an_exception_are_no_conditions(void **state)
{
    (void)state;
    expect(MULTISTATUS("<D:response><D:href>/f/a</D:href><D:status>HTTP/1.1 404 No</D:status>"
                       "<D:error xmlns:s='http://sabredav.org/ns'><s:exception>NotFound"
                       "</s:exception><s:message>no such node</s:message></D:error></D:response>"
                       "<D:response><D:href>/f/b</D:href><D:status>HTTP/1.1 403 No</D:status>"
                       "<D:error xmlns:m='http://apache.org/dav/xmlns'><m:human-readable "
                       "errcode='1'> ah </m:human-readable><D:x/></D:error></D:response>"),
           "begin multistatus\n"
           "/f/a absent status=404 flags=vanished desc=\"no such node\"\n"
           "/f/b failed status=403 if=D:x desc=\"ah\"\n"
           "end mixed n=2 403x1 404x1\n");
}

static void location_is_the_new_place(void **state)
{
    (void)state;
    expect(MULTISTATUS("<D:response><D:href>/f/a</D:href><D:status>HTTP/1.1 301 Moved</D:status>"
                       "<D:location><D:href>/g/a</D:href></D:location></D:response>"),
           "begin multistatus\n"
           "/f/a redirect status=301 location=\"/g/a\"\n"
           "end all-failed n=1 301x1\n");
}

static void sync_token_is_told_even_when_empty(void **state)
{
    (void)state;
    struct request request = {.is_seen = true, .operation = OPERATION_REPORT_SYNC_COLLECTION};
    struct document_case played = {.request = &request};
    played.body = span_str(MULTISTATUS("<D:sync-token>\n http://x/1?a=b&amp;c \n</D:sync-token>"));
    document_expect(&played, "begin multistatus\n"
                             "end empty no-match n=0 token=\"http://x/1?a=b&c\"\n");
    played.body = span_str(MULTISTATUS("<D:sync-token/>"));
    document_expect(&played, "begin multistatus\n"
                             "end empty no-match n=0 token=\"\"\n");
    played.body = span_str(MULTISTATUS(""));
    document_expect(&played, "begin multistatus\n"
                             "end empty no-match n=0 flags=token-missing\n");
}

static void href_is_trimmed_at_its_ends_only(void **state)
{
    (void)state;
    expect(MULTISTATUS("<D:response><D:href>\n\t /f/a b&#x20;&amp;%20<!-- c -->d<?e f?>"
                       "<![CDATA[<&]]>\r\n </D:href><D:status>HTTP/1.1 200 OK</D:status>"
                       "</D:response>"),
           "begin multistatus\n"
           "/f/a b &%20d<& ok status=200\n"
           "end all-ok n=1 200x1\n");
}

static void nested_responses_are_not_counted(void **state)
{
    (void)state;
    expect(MULTISTATUS(
               "<D:response><D:href>/f/a</D:href><D:propstat><D:prop><D:group-member-set>"
               "<D:response><D:href>/p/1</D:href><D:status>HTTP/1.1 404 No</D:status></D:response>"
               "</D:group-member-set></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
               "</D:response>"
               "<D:response><D:href>/f/b</D:href><D:response><D:href>/f/c</D:href>"
               "<D:status>HTTP/1.1 404 No</D:status></D:response>"
               "<D:status>HTTP/1.1 200 OK</D:status></D:response>"),
           "begin multistatus\n"
           "/f/a ok flags=nested | 200 ok D:group-member-set\n"
           "/f/b ok status=200 flags=nested\n"
           "end all-ok n=2 200x2\n");
}

static void unknown_elements_are_passed_over(void **state)
{
    (void)state;
    expect("<?xml version='1.0'?><!-- c --><?pi x?>" MULTISTATUS(
               "<x><D:response><D:href>/no</D:href></D:response></x>text"
               "<D:response><y><D:href>/no</D:href></y><D:propstat><z><D:prop><D:no/></D:prop></z>"
               "<D:status>HTTP/1.1 200 OK</D:status><D:prop><D:yes><D:prop><D:no/></D:prop></D:yes>"
               "</D:prop></D:propstat><D:href>/f/a</D:href></D:response>"
               "<D:href>/no</D:href>") "<!-- c --><?pi x?>\n",
           "begin multistatus\n"
           "/f/a ok | 200 ok D:yes\n"
           "end all-ok n=1 200x1\n");
}

static void first_description_is_kept_and_statuses_that_differ_are_unknown(void **state)
{
    (void)state;
    expect(MULTISTATUS("<D:response><D:href>/f/a</D:href><D:status>HTTP/1.1 403 A</D:status>"
                       "<D:status>HTTP/1.1 200 B</D:status><D:responsedescription/>"
                       "<D:responsedescription>one</D:responsedescription>"
                       "<D:responsedescription>two</D:responsedescription></D:response>"
                       "<D:responsedescription>three</D:responsedescription>"
                       "<D:responsedescription>four</D:responsedescription>"),
           "begin multistatus\n"
           "/f/a unknown status=0 flags=status-malformed desc=\"one\"\n"
           "end undecodable status-unknown n=1 flags=unknown desc=\"three\" 0x1\n");
}

static void multistatus_without_responses_is_empty(void **state)
{
    (void)state;
    expect("<D:multistatus xmlns:D='DAV:'/>", "begin multistatus\n"
                                              "end empty suspicious n=0\n");
    expect(MULTISTATUS("\n<D:responsedescription>No resources found</D:responsedescription>\n"),
           "begin multistatus\n"
           "end empty suspicious n=0 desc=\"No resources found\"\n");
}

static void statuses_count_once_a_resource(void **state)
{
    (void)state;
    expect(MULTISTATUS("<D:response><D:href>/f/a</D:href>"
                       "<D:propstat><D:prop><D:a/></D:prop><D:status>HTTP/1.1 200 OK</D:status>"
                       "</D:propstat><D:propstat><D:prop><D:b/></D:prop>"
                       "<D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
                       "<D:propstat><D:prop><D:c/></D:prop><D:status>what</D:status></D:propstat>"
                       "</D:response>"),
           "begin multistatus\n"
           "/f/a ok flags=status-malformed | 200 ok D:a | 200 ok D:b | 0 unknown D:c\n"
           "end all-ok n=1 0x1 200x1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_form_applies_to_each_href),
        cmocka_unit_test(propstat_form_groups_properties_by_status),
        cmocka_unit_test(status_beside_propstats_is_flagged),
        cmocka_unit_test(response_with_href_alone_is_unknown),
        cmocka_unit_test(propstat_without_status_is_unknown),
        cmocka_unit_test(propstat_without_prop_is_flagged),
        cmocka_unit_test(response_without_href_gets_a_number),
        cmocka_unit_test(empty_hrefs_of_a_bulk_change_stay_apart),
        cmocka_unit_test(second_response_for_an_href_is_a_duplicate),
        cmocka_unit_test(two_spellings_of_one_url_are_duplicates),
        cmocka_unit_test(multistatus_in_a_wrapper_is_found),
        cmocka_unit_test(errordescription_is_a_description),
        cmocka_unit_test(error_is_read_in_a_response_a_propstat_and_a_description),
        cmocka_unit_test(markup_inside_a_description_leaves_its_text),
        cmocka_unit_test(texts_of_an_exception_are_no_conditions),
        cmocka_unit_test(location_is_the_new_place),
        cmocka_unit_test(sync_token_is_told_even_when_empty),
        cmocka_unit_test(href_is_trimmed_at_its_ends_only),
        cmocka_unit_test(nested_responses_are_not_counted),
        cmocka_unit_test(unknown_elements_are_passed_over),
        cmocka_unit_test(first_description_is_kept_and_statuses_that_differ_are_unknown),
        cmocka_unit_test(multistatus_without_responses_is_empty),
        cmocka_unit_test(statuses_count_once_a_resource),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
