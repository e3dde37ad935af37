/* Every limit of a document, met; and bodies made to hurt. */
#include "tests/support/document_play.h"

#include "dissector/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define MULTISTATUS(inner) "<D:multistatus xmlns:D=\"DAV:\">" inner "</D:multistatus>"
#define PROPSTAT(properties)                                                                       \
    "<D:propstat><D:prop>" properties "</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
#define RESPONSE_WITH(href, properties)                                                            \
    "<D:response><D:href>" href "</D:href>" PROPSTAT(properties) "</D:response>"
#define RESPONSE(href) RESPONSE_WITH(href, "<D:a/>")

static void expect(const struct limits *limits, const char *body, const char *expected)
{
    document_expect(&(struct document_case){.body = span_str(body), .limits = limits}, expected);
}

static void deep_documents_stop(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_depth = 6;
    expect(&limits,
           MULTISTATUS(RESPONSE_WITH("/f/a", "<a><b/></a>")
                           RESPONSE_WITH("/f/b", "<a><b><c/></b></a>")),
           "begin multistatus\n"
           "/f/a ok | 200 ok {}a\n"
           "note limit @224 max_depth\n"
           "end incomplete limit n=1 flags=cut 200x1\n");
}

static void long_names_stop(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_name_bytes = 20;
    expect(&limits, MULTISTATUS(RESPONSE("/f/a") "<aaaaaaaaaaaaaaaaaaaaa/>"),
           "begin multistatus\n"
           "/f/a ok | 200 ok D:a\n"
           "note limit @160 max_name_bytes\n"
           "end incomplete limit n=1 flags=cut 200x1\n");
    expect(&limits, MULTISTATUS(RESPONSE("/f/a") "<a aaaaaaaaaaaaaaaaaaaaa='1'/>"),
           "begin multistatus\n"
           "/f/a ok | 200 ok D:a\n"
           "note limit @160 max_name_bytes\n"
           "end incomplete limit n=1 flags=cut 200x1\n");
    expect(&limits, MULTISTATUS(RESPONSE("/f/a") "&aaaaaaaaaaaaaaaaaaaaa;"),
           "begin multistatus\n"
           "/f/a ok | 200 ok D:a\n"
           "note limit @160 max_name_bytes\n"
           "end incomplete limit n=1 flags=cut 200x1\n");
}

static void long_texts_are_cut_at_a_character(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_text_bytes = 16;
    expect(&limits,
           MULTISTATUS("<D:response><D:href>   /f/23456789abcde   </D:href>"
                       "<D:status>HTTP/1.1 200 OK</D:status></D:response>"
                       "<D:response><D:href>/f/23456789abcd\xC3\xA9z</D:href>"
                       "<D:status>HTTP/1.1 200 OK</D:status></D:response>"),
           "begin multistatus\n"
           "/f/23456789abcde ok status=200\n"
           "note limit @168 max_text_bytes\n"
           "/f/23456789abcd ok status=200 flags=cut\n"
           "end all-ok n=2 flags=cut 200x2\n");
    expect(
        &limits,
        MULTISTATUS("<D:response><D:href>/f/a</D:href><D:status>HTTP/1.1 404 Not Found</D:status>"
                    "<D:responsedescription>0123456789abcdefgh</D:responsedescription>"
                    "</D:response><D:sync-token>0123456789abcdefgh</D:sync-token>"),
        "begin multistatus\n"
        "note limit @73 max_text_bytes\n"
        "/f/a absent status=404 flags=cut,vanished desc=\"0123456789abcdef\"\n"
        "end all-ok n=1 flags=cut token=\"0123456789abcdef\" 404x1\n");
}

static void many_attributes_stop(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_attributes = 3;
    expect(&limits,
           MULTISTATUS(RESPONSE("/f/a") "<x a='>' b=\"'\" c='1'/><x a='' b='' c='' d=''/>"),
           "begin multistatus\n"
           "/f/a ok | 200 ok D:a\n"
           "note limit @182 max_attributes\n"
           "end incomplete limit n=1 flags=cut 200x1\n");
}

static void many_namespaces_stop(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_namespaces = 4;
    expect(&limits,
           MULTISTATUS(
               RESPONSE_WITH("/f/a", "<x xmlns:b='b:' xmlns:c='c:'><y xmlns='d:'/><y "
                                     "xmlns='e:'/></x>") "<x xmlns:b='b:'><x xmlns:b='b:'><x "
                                                         "xmlns:b='b:' xmlns:c='c:'/></x></x>"),
           "begin multistatus\n"
           "/f/a ok | 200 ok {}x\n"
           "note limit @249 max_namespaces\n"
           "end incomplete limit n=1 flags=cut 200x1\n");
}

static void many_distinct_names_stop(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_names_bytes = 10000;
    struct buf body;
    buf_init(&body, 1 << 20);
    buf_append(&body, span_str("<D:multistatus xmlns:D='DAV:'>" RESPONSE("/f/a")));
    for (int i = 0; i < 5000; i++) {
        char tag[32];
        snprintf(tag, sizeof tag, "<name%d/>", i);
        buf_append(&body, span_str(tag));
    }
    struct document_case played = {.body = buf_span(&body), .limits = &limits};
    char *got = document_play(&played, &(struct document_plan){.cut_at = SIZE_MAX});
    assert_non_null(strstr(got, "/f/a ok"));
    assert_non_null(strstr(got, "max_names_bytes\nend incomplete limit n=1 flags=cut"));
    free(got);
    buf_free(&body);
}

static void long_constructs_stop(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_construct_bytes = 50;
#define LONG "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    expect(&limits, MULTISTATUS(RESPONSE("/f/a") "<!-- " LONG " -->"),
           "begin multistatus\n"
           "/f/a ok | 200 ok D:a\n"
           "note limit @160 max_construct_bytes\n"
           "end incomplete limit n=1 flags=cut 200x1\n");
    expect(&limits, MULTISTATUS(RESPONSE("/f/a") "<?x " LONG "?>"),
           "begin multistatus\n"
           "/f/a ok | 200 ok D:a\n"
           "note limit @160 max_construct_bytes\n"
           "end incomplete limit n=1 flags=cut 200x1\n");
    expect(&limits, MULTISTATUS(RESPONSE("/f/a") "<x a='" LONG "'/>"),
           "begin multistatus\n"
           "/f/a ok | 200 ok D:a\n"
           "note limit @160 max_construct_bytes\n"
           "end incomplete limit n=1 flags=cut 200x1\n");
    expect(&limits, MULTISTATUS(RESPONSE(LONG) "<![CDATA[" LONG "]]>" LONG),
           "begin multistatus\n"
           "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx ok | 200 ok D:a\n"
           "end all-ok n=1 200x1\n");
}

static void hrefs_beyond_the_limit_are_left_out(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_hrefs = 2;
    expect(&limits,
           MULTISTATUS("<D:response><D:href>/f/a</D:href><D:href>/f/b</D:href><D:href>/f/c</D:href>"
                       "<D:status>HTTP/1.1 423 Locked</D:status></D:response>"),
           "begin multistatus\n"
           "note limit @105 max_hrefs\n"
           "/f/a,/f/b failed status=423 flags=cut\n"
           "end incomplete limit n=2 flags=cut 423x2\n");
}

static void propstats_beyond_the_limit_are_left_out(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_propstats = 1;
    expect(&limits,
           MULTISTATUS("<D:response><D:href>/f/a</D:href>" PROPSTAT("<D:a/>")
                           PROPSTAT("<D:b/>") "</D:response>"),
           "begin multistatus\n"
           "note limit @231 max_propstats\n"
           "/f/a unknown flags=cut,partial | 200 ok D:a\n"
           "end incomplete limit n=1 flags=unknown,cut 200x1\n");
}

static void properties_beyond_the_limit_are_counted(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_properties = 2;
    expect(&limits, MULTISTATUS(RESPONSE_WITH("/f/a", "<D:a/><D:b/><D:c/><D:d/>") RESPONSE("/f/b")),
           "begin multistatus\n"
           "note limit @99 max_properties\n"
           "/f/a ok flags=cut | 200 ok D:a D:b +2\n"
           "/f/b ok | 200 ok D:a\n"
           "end all-ok n=2 flags=cut 200x2\n");
}

static void conditions_beyond_the_limit_are_left_out(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_conditions = 1;
    expect(&limits,
           MULTISTATUS("<D:response><D:href>/f/a</D:href><D:status>HTTP/1.1 423 Locked</D:status>"
                       "<D:error><D:a><D:href>/1</D:href><D:href>/2</D:href></D:a><D:b/></D:error>"
                       "</D:response>"),
           "begin multistatus\n"
           "note limit @155 max_conditions\n"
           "/f/a failed status=423 flags=cut if=D:a(/1)\n"
           "end all-failed n=1 flags=cut 423x1\n");
}

static void locks_beyond_the_limit_are_left_out(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_locks = 1;
    expect(&limits,
           MULTISTATUS(RESPONSE_WITH("/f/a", "<D:lockdiscovery><D:activelock><D:depth>0</D:depth>"
                                             "</D:activelock><D:activelock><D:depth>0</D:depth>"
                                             "</D:activelock></D:lockdiscovery>")),
           "begin multistatus\n"
           "note limit @162 max_locks\n"
           "/f/a ok flags=cut | 200 ok D:lockdiscovery\n"
           "end all-ok n=1 flags=cut 200x1\n");
}

#define A "<D:a/><D:a/><D:a/>"

static void one_resource_has_a_limit_of_memory(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_resource_bytes = 1200;
    expect(&limits, MULTISTATUS(RESPONSE_WITH("/f/a", A "<D:b/>" A A A "<D:c/>") RESPONSE("/f/b")),
           "begin multistatus\n"
           "note limit @225 max_resource_bytes\n"
           "/f/a unknown flags=cut,partial\n"
           "/f/b ok | 200 ok D:a\n"
           "end incomplete limit n=2 flags=unknown,cut 200x1\n");
    limits.max_resource_bytes = 16;
    expect(&limits, MULTISTATUS(RESPONSE("/f/a/longer/than/this") RESPONSE("/f/b")),
           "begin multistatus\n"
           "note limit @80 max_resource_bytes\n"
           "#1 unknown flags=no-href,cut,partial\n"
           "#2 unknown flags=no-href,cut,partial\n"
           "end incomplete limit n=2 flags=unknown,cut\n");
}

static void elements_of_a_document_have_a_limit(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_elements = 8;
    expect(&limits, MULTISTATUS(RESPONSE("/f/a") RESPONSE("/f/b")),
           "begin multistatus\n"
           "/f/a ok | 200 ok D:a\n"
           "note limit @172 max_elements\n"
           "end incomplete limit n=1 flags=cut 200x1\n");
}

static void elements_that_tell_nothing_have_a_limit(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_barren_elements = 3;
    expect(&limits, MULTISTATUS("<x/><x><y/></x>" RESPONSE("/f/a") "<x/><x><y/></x><z/>"),
           "begin multistatus\n"
           "/f/a ok | 200 ok D:a\n"
           "note limit @192 max_barren_elements\n"
           "end incomplete limit n=1 flags=cut 200x1\n");
    expect(&limits,
           MULTISTATUS("<D:response/><D:response/><D:response/>" RESPONSE(
               "/f/a") "<D:response/><D:response/><D:response/><D:response/><D:response/>"),
           "begin multistatus\n"
           "#1 unknown flags=no-href,no-status\n"
           "#2 unknown flags=no-href,no-status\n"
           "#3 unknown flags=no-href,no-status\n"
           "/f/a ok | 200 ok D:a\n"
           "#5 unknown flags=no-href,no-status\n"
           "#6 unknown flags=no-href,no-status\n"
           "#7 unknown flags=no-href,no-status\n"
           "note limit @251 max_barren_elements\n"
           "#8 unknown flags=no-href,no-status\n"
           "end incomplete limit n=8 flags=unknown,cut 200x1\n");
}

static void elements_of_a_value_have_a_limit(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_value_elements = 2;
    expect(&limits, MULTISTATUS(RESPONSE_WITH("/f/a", "<D:a><x/><y/></D:a><D:b><x/></D:b>")),
           "begin multistatus\n"
           "/f/a ok | 200 ok D:a D:b\n"
           "end all-ok n=1 200x1\n");
    expect(&limits, MULTISTATUS(RESPONSE_WITH("/f/a", "<D:a><x/><x><y/></x><y/></D:a>")),
           "begin multistatus\n"
           "note limit @97 max_value_elements\n"
           "/f/a ok | 200 ok D:a\n"
           "end all-ok n=1 flags=cut 200x1\n");
}

static void duplicates_are_sought_among_so_many_only(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_distinct_hrefs = 1;
    expect(&limits,
           MULTISTATUS(RESPONSE("/f/a") RESPONSE("/f/b") RESPONSE("/f/a") RESPONSE("/f/b")),
           "begin multistatus\n"
           "/f/a ok | 200 ok D:a\n"
           "note limit @160 max_distinct_hrefs\n"
           "/f/b ok | 200 ok D:a\n"
           "/f/a ok flags=duplicate | 200 ok D:a\n"
           "/f/b ok | 200 ok D:a\n"
           "end all-ok n=4 flags=duplicates 200x4\n");
}

static void sniffing_has_an_end(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_sniff_bytes = 64;
    expect(&limits, "Warning: something went wrong\n" MULTISTATUS(RESPONSE("/f/a")),
           "begin multistatus\n"
           "note xml-extra @0 other output before the XML\n"
           "/f/a ok | 200 ok D:a\n"
           "end undecodable extra-output n=1 200x1\n");
    expect(&limits,
           "Warning: something went wrong, and this takes many words to say\n" MULTISTATUS(
               RESPONSE("/f/a")),
           "begin none\n"
           "end undecodable plain-text format=other n=0\n");
    expect(&limits,
           "                                                                "
           "                " MULTISTATUS(RESPONSE("/f/a")),
           "begin none\n"
           "end undecodable plain-text format=other n=0\n");
}

/* head, then piece n times, then tail; played whole and in feeds of 1,000 bytes. */
struct hostile {
    const char *head, *piece, *tail;
    size_t n;
    const char *expected;
};

static void expect_hostile(const struct hostile *hostile)
{
    struct buf body;
    buf_init(&body, (size_t)64 << 20);
    assert_int_equal(buf_append(&body, span_str(hostile->head)), BUF_OK);
    for (size_t i = 0; i < hostile->n; i++)
        assert_int_equal(buf_append(&body, span_str(hostile->piece)), BUF_OK);
    assert_int_equal(buf_append(&body, span_str(hostile->tail)), BUF_OK);
    struct document_case played = {.body = buf_span(&body)};
    for (size_t max_bytes = 0; max_bytes <= 1000; max_bytes += 1000) {
        char *got = document_play(
            &played, &(struct document_plan){.max_bytes = max_bytes, .cut_at = SIZE_MAX});
        /* hrefs of any length are in the text: compare its end only */
        size_t len = strlen(got), wanted = strlen(hostile->expected);
        assert_true(len >= wanted);
        assert_string_equal(got + len - wanted, hostile->expected);
        free(got);
    }
    buf_free(&body);
}

#define OPEN "<D:multistatus xmlns:D='DAV:'><D:response><D:href>"
#define IN_PROPERTY OPEN "/f/a</D:href><D:propstat><D:prop>"
#define CLOSE                                                                                      \
    "</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>"

static void hostile_bodies_end_in_one_named_anomaly(void **state)
{
    (void)state;
    static const char x64[] = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    const struct hostile all[] = {
        {IN_PROPERTY, "<a>", "", 100000,
         "max_depth\n"
         "end incomplete limit n=0 flags=cut\n"},
        {IN_PROPERTY, "<a/>", CLOSE, 1000000,
         " +998976\n"
         "end all-ok n=1 flags=cut 200x1\n"},
        {"<D:multistatus xmlns:D='DAV:'>", "<a/>", "</D:multistatus>", 1000000,
         "max_barren_elements\n"
         "end incomplete limit n=0 flags=cut\n"},
        {"<D:multistatus xmlns:D='DAV:'>", "<D:response/>", "</D:multistatus>", 1000000,
         "max_barren_elements\n"
         "#100001 unknown flags=no-href,no-status\n"
         "end incomplete limit n=100001 flags=unknown,cut\n"},
        {OPEN, x64, "</D:href></D:response></D:multistatus>", 160000,
         " unknown flags=no-status,cut\n"
         "end undecodable status-unknown n=1 flags=unknown,cut\n"},
        {IN_PROPERTY "<a b='", x64, "'/>" CLOSE, 160000,
         "max_construct_bytes\n"
         "end incomplete limit n=0 flags=cut\n"},
        {IN_PROPERTY "<", x64, "/>" CLOSE, 16000,
         "max_name_bytes\n"
         "end incomplete limit n=0 flags=cut\n"},
        {IN_PROPERTY "<!--", x64, "-->" CLOSE, 160000,
         "max_construct_bytes\n"
         "end incomplete limit n=0 flags=cut\n"},
        {IN_PROPERTY "<a", " b=''", "/>" CLOSE, 100000,
         "max_attributes\n"
         "end incomplete limit n=0 flags=cut\n"},
        {IN_PROPERTY "<a>&", x64, ";</a>" CLOSE, 160000,
         "max_name_bytes\n"
         "end incomplete limit n=0 flags=cut\n"},
        {"<!DOCTYPE a [<!ENTITY a 'a'>", "<!ENTITY b '&a;&a;&a;&a;'>",
         "]><D:multistatus xmlns:D='DAV:'>&b;</D:multistatus>", 10,
         "begin none\n"
         "note xml-dtd @0 a document type declaration\n"
         "end undecodable dtd n=0\n"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        expect_hostile(&all[i]);
}

static void large_values_are_passed_over(void **state)
{
    (void)state;
    static const char x64[] = "x]xxxxxxxxxxxxxxxxxxxxxxxxxxxxx>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]]";
    const struct hostile all[] = {
        {IN_PROPERTY "<D:a><![CDATA[", x64, "]]></D:a>" CLOSE, 160000,
         "begin multistatus\n"
         "/f/a ok | 200 ok D:a\n"
         "end all-ok n=1 200x1\n"},
        {IN_PROPERTY "<D:a>", "xx&amp;xxxx&#10;&lt;", "</D:a>" CLOSE, 160000,
         "begin multistatus\n"
         "/f/a ok | 200 ok D:a\n"
         "end all-ok n=1 200x1\n"},
        {IN_PROPERTY "<D:a>", "text <b>text</b>\r\n", "</D:a>" CLOSE, 160000,
         "begin multistatus\n"
         "/f/a ok | 200 ok D:a\n"
         "end all-ok n=1 200x1\n"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        expect_hostile(&all[i]);
}

static uint64_t most_buffered;

static enum feed begin_nothing(void *ctx, enum root root, const struct origin *origin)
{
    (void)ctx, (void)root, (void)origin;
    return FEED_OK;
}

static enum feed measure(void *ctx, const struct resource *resource, const struct origin *origin)
{
    struct document **document = ctx;
    (void)resource, (void)origin;
    size_t buffered = document_buffered_bytes(*document);
    if (buffered > most_buffered)
        most_buffered = buffered;
    return FEED_OK;
}

static void note_nothing(void *ctx, const struct anomaly *anomaly)
{
    (void)ctx, (void)anomaly;
}

static void check_end(void *ctx, const struct document_end *end, const struct origin *origin)
{
    (void)ctx, (void)origin;
    assert_int_equal(end->n_resources, 200000);
    assert_int_equal(end->by_status[200], 200000);
}

static void long_listing_needs_no_memory_but_for_its_duplicates(void **state)
{
    (void)state;
    static const struct document_ops ops = {begin_nothing, measure, note_nothing, check_end, NULL};
    static const struct request request = {.is_seen = true, .operation = OPERATION_PROPFIND};
    struct document_params params = {
        .limits = &limits_default, .request = &request, .http_status = 207};
    struct origin origin = {.ordinal = 1, .frame = 1};
    struct document *document;
    assert_int_equal(document_open(&document, &params, &ops, &document), FEED_OK);
    document_feed(document, span_str("<D:multistatus xmlns:D='DAV:'>"), &origin);
    for (int i = 0; i < 200000; i++) {
        char response[256];
        snprintf(response, sizeof response,
                 "<D:response><D:href>/f/%d</D:href><D:propstat><D:prop><D:getetag>\"%d\""
                 "</D:getetag></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
                 "</D:response>",
                 i, i);
        assert_int_equal(document_feed(document, span_str(response), &origin), FEED_OK);
    }
    document_feed(document, span_str("</D:multistatus>"), &origin);
    document_finish(document, &(struct document_finish_params){.why = END_COMPLETE}, &origin);
    document_close(document);
    assert_true(most_buffered < 200000 * 32 + 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deep_documents_stop),
        cmocka_unit_test(long_names_stop),
        cmocka_unit_test(long_texts_are_cut_at_a_character),
        cmocka_unit_test(many_attributes_stop),
        cmocka_unit_test(many_namespaces_stop),
        cmocka_unit_test(many_distinct_names_stop),
        cmocka_unit_test(long_constructs_stop),
        cmocka_unit_test(hrefs_beyond_the_limit_are_left_out),
        cmocka_unit_test(propstats_beyond_the_limit_are_left_out),
        cmocka_unit_test(properties_beyond_the_limit_are_counted),
        cmocka_unit_test(conditions_beyond_the_limit_are_left_out),
        cmocka_unit_test(locks_beyond_the_limit_are_left_out),
        cmocka_unit_test(one_resource_has_a_limit_of_memory),
        cmocka_unit_test(elements_of_a_document_have_a_limit),
        cmocka_unit_test(elements_that_tell_nothing_have_a_limit),
        cmocka_unit_test(elements_of_a_value_have_a_limit),
        cmocka_unit_test(duplicates_are_sought_among_so_many_only),
        cmocka_unit_test(sniffing_has_an_end),
        cmocka_unit_test(hostile_bodies_end_in_one_named_anomaly),
        cmocka_unit_test(large_values_are_passed_over),
        cmocka_unit_test(long_listing_needs_no_memory_but_for_its_duplicates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
