/* What is read of the body of each kind of request (DOMAIN.md 1.9, 1.10, 2.3): every operation that
 * has a body has a row. */
#include "dissector/dav/request.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NAMESPACES                                                                                 \
    " xmlns='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav' "                                       \
    "xmlns:A='urn:ietf:params:xml:ns:carddav' xmlns:S='http://calendarserver.org/ns/' "            \
    "xmlns:O='http://owncloud.org/ns' xmlns:N='http://nextcloud.com/ns' "                          \
    "xmlns:M='http://me.com/_namespace/'"

struct row {
    enum operation method, operation;
    const char *body; /* without the namespaces in its root */
    size_t n_properties;
    const char *property; /* the first one's local name */
    uint64_t n_hrefs;
    const char *sync_token;
    uint64_t limit; /* 0: none */
    uint64_t n_objects;
};

#define REPORT_ROW(operation_, ...)                                                                \
    {                                                                                              \
        OPERATION_REPORT, OPERATION_REPORT_##operation_, __VA_ARGS__                               \
    }

static const struct row rows[] = {
    REPORT_ROW(SYNC_COLLECTION,
               "<sync-collection ><sync-token>urn:t:1</sync-token><sync-level>1</sync-level>"
               "<limit><nresults>100</nresults></limit><prop><getetag/></prop></sync-collection>",
               1, "getetag", 0, "urn:t:1", 100, 0),
    REPORT_ROW(CALENDAR_QUERY,
               "<C:calendar-query ><prop><getetag/><C:calendar-data><C:comp name='VEVENT'/>"
               "</C:calendar-data></prop><C:filter><C:comp-filter name='VCALENDAR'/></C:filter>"
               "</C:calendar-query>",
               2, "getetag", 0, NULL, 0, 0),
    REPORT_ROW(CALENDAR_MULTIGET,
               "<C:calendar-multiget ><prop><C:calendar-data/></prop><href>/c/1</href>"
               "<href>/c/2</href></C:calendar-multiget>",
               1, "calendar-data", 2, NULL, 0, 0),
    REPORT_ROW(FREE_BUSY_QUERY,
               "<C:free-busy-query ><C:time-range start='20260101T000000Z'/></C:free-busy-query>",
               0, NULL, 0, NULL, 0, 0),
    REPORT_ROW(ADDRESSBOOK_QUERY,
               "<A:addressbook-query ><prop><getetag/></prop><A:filter/>"
               "<A:limit><A:nresults>50</A:nresults></A:limit></A:addressbook-query>",
               1, "getetag", 0, NULL, 50, 0),
    REPORT_ROW(ADDRESSBOOK_MULTIGET,
               "<A:addressbook-multiget ><prop><A:address-data/></prop><href>/a/1</href>"
               "</A:addressbook-multiget>",
               1, "address-data", 1, NULL, 0, 0),
    REPORT_ROW(EXPAND_PROPERTY,
               "<expand-property ><property name='group-member-set'><property name='href'/>"
               "</property></expand-property>",
               0, NULL, 0, NULL, 0, 0),
    REPORT_ROW(VERSION_TREE, "<version-tree ><prop><version-name/></prop></version-tree>", 1,
               "version-name", 0, NULL, 0, 0),
    REPORT_ROW(LOCATE_BY_HISTORY,
               "<locate-by-history ><version-history-set><href>/h/1</href></version-history-set>"
               "<prop><version-history/></prop></locate-by-history>",
               1, "version-history", 0, NULL, 0, 0),
    REPORT_ROW(MERGE_PREVIEW, "<merge-preview ><source><href>/v/1</href></source></merge-preview>",
               0, NULL, 0, NULL, 0, 0),
    REPORT_ROW(COMPARE_BASELINE, "<compare-baseline ><href>/b/2</href></compare-baseline>", 0, NULL,
               1, NULL, 0, 0),
    REPORT_ROW(LATEST_ACTIVITY_VERSION,
               "<latest-activity-version ><href>/h/1</href></latest-activity-version>", 0, NULL, 1,
               NULL, 0, 0),
    REPORT_ROW(ACL_PRINCIPAL_PROP_SET,
               "<acl-principal-prop-set ><prop><displayname/></prop></acl-principal-prop-set>", 1,
               "displayname", 0, NULL, 0, 0),
    REPORT_ROW(PRINCIPAL_MATCH,
               "<principal-match ><principal-property><owner/></principal-property>"
               "<prop><displayname/><getetag/></prop></principal-match>",
               2, "displayname", 0, NULL, 0, 0),
    REPORT_ROW(PRINCIPAL_PROPERTY_SEARCH,
               "<principal-property-search ><property-search><prop><x/></prop><match>a</match>"
               "</property-search><prop><displayname/></prop></principal-property-search>",
               1, "displayname", 0, NULL, 0, 0),
    REPORT_ROW(PRINCIPAL_SEARCH_PROPERTY_SET, "<principal-search-property-set />", 0, NULL, 0, NULL,
               0, 0),
    REPORT_ROW(CALENDARSERVER_PRINCIPAL_SEARCH,
               "<S:calendarserver-principal-search ><S:search-token>a</S:search-token>"
               "<limit><nresults>25</nresults></limit><prop><displayname/></prop>"
               "</S:calendarserver-principal-search>",
               1, "displayname", 0, NULL, 25, 0),
    REPORT_ROW(FILTER_FILES,
               "<O:filter-files ><prop><O:fileid/></prop><O:filter-rules><O:favorite>1</O:favorite>"
               "</O:filter-rules></O:filter-files>",
               1, "fileid", 0, NULL, 0, 0),
    REPORT_ROW(
        FILTER_COMMENTS,
        "<O:filter-comments ><O:limit>20</O:limit><O:offset>0</O:offset></O:filter-comments>", 0,
        NULL, 0, NULL, 20, 0),
    REPORT_ROW(SEARCH_FILES,
               "<O:search-files ><prop><O:fileid/></prop><O:search><O:pattern>a</O:pattern>"
               "<O:limit>30</O:limit></O:search></O:search-files>",
               1, "fileid", 0, NULL, 30, 0),
    REPORT_ROW(CALENDAR_SEARCH,
               "<N:calendar-search ><prop><getetag/></prop><N:filter/><N:limit>10</N:limit>"
               "<N:offset>0</N:offset></N:calendar-search>",
               1, "getetag", 0, NULL, 10, 0),
    {OPERATION_REPORT, OPERATION_REPORT, "<u:update-report  xmlns:u='svn:'/>", 0, NULL, 0, NULL, 0,
     0},

    {OPERATION_PROPFIND, OPERATION_PROPFIND,
     "<propfind ><prop><getetag/><resourcetype/></prop></propfind>", 2, "getetag", 0, NULL, 0, 0},
    {OPERATION_PROPPATCH, OPERATION_PROPPATCH,
     "<propertyupdate ><set><prop><displayname>a</displayname></prop></set>"
     "<remove><prop><getcontentlanguage/></prop></remove></propertyupdate>",
     2, "displayname", 0, NULL, 0, 0},
    {OPERATION_MKCOL, OPERATION_MKCOL,
     "<mkcol ><set><prop><resourcetype><collection/></resourcetype><displayname/></prop></set>"
     "</mkcol>",
     2, "resourcetype", 0, NULL, 0, 0},
    {OPERATION_MKCALENDAR, OPERATION_MKCALENDAR,
     "<C:mkcalendar ><set><prop><displayname>a</displayname></prop></set></C:mkcalendar>", 1,
     "displayname", 0, NULL, 0, 0},
    {OPERATION_LOCK, OPERATION_LOCK,
     "<lockinfo ><lockscope><exclusive/></lockscope><locktype><write/></locktype><owner>"
     "<href>mailto:a@example.org</href></owner></lockinfo>",
     0, NULL, 0, NULL, 0, 0},
    {OPERATION_SEARCH, OPERATION_SEARCH,
     "<searchrequest ><basicsearch><select><prop><getetag/></prop></select><from><scope>"
     "<href>/</href></scope></from><limit><nresults>10</nresults></limit></basicsearch>"
     "</searchrequest>",
     1, "getetag", 0, NULL, 10, 0},
    {OPERATION_SEARCH, OPERATION_SEARCH, "<searchrequest ><sql>SELECT</sql></searchrequest>", 0,
     NULL, 0, NULL, 0, 0},
    {OPERATION_BPROPFIND, OPERATION_BPROPFIND,
     "<propfind ><target><href>a</href><href>b</href></target><prop><getetag/></prop></propfind>",
     1, "getetag", 2, NULL, 0, 0},
    {OPERATION_BPROPPATCH, OPERATION_BPROPPATCH,
     "<propertyupdate ><target><href>a</href></target><set><prop><x/></prop></set>"
     "</propertyupdate>",
     1, "x", 1, NULL, 0, 0},
    {OPERATION_BCOPY, OPERATION_BCOPY,
     "<copy ><target><href>a</href><dest>/b/a</dest></target><target><href>c</href>"
     "<dest>/b/c</dest></target></copy>",
     0, NULL, 2, NULL, 0, 0},
    {OPERATION_BMOVE, OPERATION_BMOVE,
     "<move ><target><href>a</href><dest>/b/a</dest></target></move>", 0, NULL, 1, NULL, 0, 0},
    {OPERATION_BDELETE, OPERATION_BDELETE,
     "<delete ><target><href>a</href><href>b</href><href>c</href></target></delete>", 0, NULL, 3,
     NULL, 0, 0},
    {OPERATION_POST, OPERATION_POST_BULK,
     "<M:multiput ><M:resource><href>/c/1</href><M:if-match>\"1\"</M:if-match><set><prop>"
     "<C:calendar-data/></prop></set></M:resource><M:resource><M:delete/></M:resource>"
     "</M:multiput>",
     1, "calendar-data", 0, NULL, 0, 2},
};

/* Puts the namespaces behind the name of the root element, and feeds all in pieces of max_bytes. */
static struct request decode(const struct row *row, size_t max_bytes)
{
    struct request request = {.is_seen = true, .operation = row->method, .target = span_str("/t/")};
    struct request_body *body;
    const char *space = strchr(row->body, ' ');
    struct span parts[] = {span_of(row->body, (size_t)(space - row->body)), span_str(NAMESPACES),
                           span_str(space + 1)};
    assert_int_equal(request_body_open(&body, &limits_default, &request), FEED_OK);
    for (size_t i = 0; i < 3; i++)
        for (struct span left = parts[i]; left.len > 0; left = span_after(left, max_bytes))
            assert_int_not_equal(request_body_feed(body, span_first(left, max_bytes)), FEED_NOMEM);
    request_body_finish(body, true);
    request_body_close(body);
    return request;
}

static void check(const struct row *row, size_t max_bytes)
{
    struct request got = decode(row, max_bytes);
    assert_true(got.is_body_whole);
    assert_int_equal(got.operation, row->operation);
    assert_int_equal(got.n_properties, row->n_properties);
    assert_int_equal(got.names_properties, row->n_properties > 0);
    if (row->property)
        assert_true(span_equal(got.properties[0].local, span_str(row->property)));
    assert_int_equal(got.n_hrefs, row->n_hrefs);
    assert_int_equal(got.has_sync_token, row->sync_token != NULL);
    assert_true(span_equal(got.sync_token, span_str(row->sync_token)));
    assert_int_equal(got.has_limit, row->limit > 0);
    assert_int_equal(got.limit, row->limit);
    assert_int_equal(got.n_objects, row->n_objects);
    request_free(&got);
}

static void what_is_asked_is_read_of_every_body(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t max_bytes = 1; max_bytes < 2000; max_bytes *= 13)
            check(&rows[i], max_bytes);
}

static void every_report_and_every_batch_method_has_a_row(void **state)
{
    (void)state;
    for (int operation = 0; operation < OPERATION_N; operation++) {
        bool is_wanted = operation >= OPERATION_REPORT ||
                         (operation >= OPERATION_BPROPFIND && operation <= OPERATION_BDELETE);
        bool has_row = false;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            has_row |= (int)rows[i].operation == operation;
        assert_true(has_row || !is_wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked_is_read_of_every_body),
        cmocka_unit_test(every_report_and_every_batch_method_has_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
