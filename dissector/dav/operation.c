/* The table of operations; see operation.h. DOMAIN.md 2.3 and 1.10 say which there are. */
#include "dissector/dav/operation.h"

#include <assert.h>

#define DAV "DAV:"
#define CALDAV "urn:ietf:params:xml:ns:caldav"
#define CARDDAV "urn:ietf:params:xml:ns:carddav"
#define CALSERVER "http://calendarserver.org/ns/"
#define OWNCLOUD "http://owncloud.org/ns"
#define NEXTCLOUD "http://nextcloud.com/ns"
#define MECOM "http://me.com/_namespace/"

struct row {
    const char *name;
    const char *method;
    bool is_write;
    const char *space, *root; /* of the request body; NULL: known by the method alone */
};

static const struct row rows[OPERATION_N] = {
    [OPERATION_OTHER] = {"OTHER", NULL, true, NULL, NULL},
    [OPERATION_PROPFIND] = {"PROPFIND", "PROPFIND", false, NULL, NULL},
    [OPERATION_PROPPATCH] = {"PROPPATCH", "PROPPATCH", true, NULL, NULL},
    [OPERATION_MKCOL] = {"MKCOL", "MKCOL", true, NULL, NULL},
    [OPERATION_MKCALENDAR] = {"MKCALENDAR", "MKCALENDAR", true, NULL, NULL},
    [OPERATION_DELETE] = {"DELETE", "DELETE", true, NULL, NULL},
    [OPERATION_COPY] = {"COPY", "COPY", true, NULL, NULL},
    [OPERATION_MOVE] = {"MOVE", "MOVE", true, NULL, NULL},
    [OPERATION_LOCK] = {"LOCK", "LOCK", true, NULL, NULL},
    [OPERATION_UNLOCK] = {"UNLOCK", "UNLOCK", true, NULL, NULL},
    [OPERATION_SEARCH] = {"SEARCH", "SEARCH", false, NULL, NULL},
    [OPERATION_ACL] = {"ACL", "ACL", true, NULL, NULL},
    [OPERATION_ORDERPATCH] = {"ORDERPATCH", "ORDERPATCH", true, NULL, NULL},
    [OPERATION_UPDATE] = {"UPDATE", "UPDATE", true, NULL, NULL},
    [OPERATION_MERGE] = {"MERGE", "MERGE", true, NULL, NULL},
    [OPERATION_LABEL] = {"LABEL", "LABEL", true, NULL, NULL},
    [OPERATION_VERSION_CONTROL] = {"VERSION-CONTROL", "VERSION-CONTROL", true, NULL, NULL},
    [OPERATION_BASELINE_CONTROL] = {"BASELINE-CONTROL", "BASELINE-CONTROL", true, NULL, NULL},
    [OPERATION_BPROPFIND] = {"BPROPFIND", "BPROPFIND", false, NULL, NULL},
    [OPERATION_BPROPPATCH] = {"BPROPPATCH", "BPROPPATCH", true, NULL, NULL},
    [OPERATION_BCOPY] = {"BCOPY", "BCOPY", true, NULL, NULL},
    [OPERATION_BMOVE] = {"BMOVE", "BMOVE", true, NULL, NULL},
    [OPERATION_BDELETE] = {"BDELETE", "BDELETE", true, NULL, NULL},
    [OPERATION_POLL] = {"POLL", "POLL", false, NULL, NULL},
    [OPERATION_GET] = {"GET", "GET", false, NULL, NULL},
    [OPERATION_PUT] = {"PUT", "PUT", true, NULL, NULL},
    [OPERATION_OPTIONS] = {"OPTIONS", "OPTIONS", false, NULL, NULL},
    [OPERATION_POST] = {"POST", "POST", true, NULL, NULL},
    [OPERATION_POST_BULK] = {"POST bulk", "POST", true, MECOM, "multiput"},
    [OPERATION_POST_OUTBOX] = {"POST outbox", NULL, true, NULL, NULL},
    [OPERATION_REPORT] = {"REPORT", "REPORT", false, NULL, NULL},
    [OPERATION_REPORT_SYNC_COLLECTION] = {"REPORT sync-collection", "REPORT", false, DAV,
                                          "sync-collection"},
    [OPERATION_REPORT_CALENDAR_QUERY] = {"REPORT calendar-query", "REPORT", false, CALDAV,
                                         "calendar-query"},
    [OPERATION_REPORT_CALENDAR_MULTIGET] = {"REPORT calendar-multiget", "REPORT", false, CALDAV,
                                            "calendar-multiget"},
    [OPERATION_REPORT_FREE_BUSY_QUERY] = {"REPORT free-busy-query", "REPORT", false, CALDAV,
                                          "free-busy-query"},
    [OPERATION_REPORT_ADDRESSBOOK_QUERY] = {"REPORT addressbook-query", "REPORT", false, CARDDAV,
                                            "addressbook-query"},
    [OPERATION_REPORT_ADDRESSBOOK_MULTIGET] = {"REPORT addressbook-multiget", "REPORT", false,
                                               CARDDAV, "addressbook-multiget"},
    [OPERATION_REPORT_EXPAND_PROPERTY] = {"REPORT expand-property", "REPORT", false, DAV,
                                          "expand-property"},
    [OPERATION_REPORT_VERSION_TREE] = {"REPORT version-tree", "REPORT", false, DAV, "version-tree"},
    [OPERATION_REPORT_LOCATE_BY_HISTORY] = {"REPORT locate-by-history", "REPORT", false, DAV,
                                            "locate-by-history"},
    [OPERATION_REPORT_MERGE_PREVIEW] = {"REPORT merge-preview", "REPORT", false, DAV,
                                        "merge-preview"},
    [OPERATION_REPORT_COMPARE_BASELINE] = {"REPORT compare-baseline", "REPORT", false, DAV,
                                           "compare-baseline"},
    [OPERATION_REPORT_LATEST_ACTIVITY_VERSION] = {"REPORT latest-activity-version", "REPORT", false,
                                                  DAV, "latest-activity-version"},
    [OPERATION_REPORT_ACL_PRINCIPAL_PROP_SET] = {"REPORT acl-principal-prop-set", "REPORT", false,
                                                 DAV, "acl-principal-prop-set"},
    [OPERATION_REPORT_PRINCIPAL_MATCH] = {"REPORT principal-match", "REPORT", false, DAV,
                                          "principal-match"},
    [OPERATION_REPORT_PRINCIPAL_PROPERTY_SEARCH] = {"REPORT principal-property-search", "REPORT",
                                                    false, DAV, "principal-property-search"},
    [OPERATION_REPORT_PRINCIPAL_SEARCH_PROPERTY_SET] = {"REPORT principal-search-property-set",
                                                        "REPORT", false, DAV,
                                                        "principal-search-property-set"},
    [OPERATION_REPORT_CALENDARSERVER_PRINCIPAL_SEARCH] = {"REPORT calendarserver-principal-search",
                                                          "REPORT", false, CALSERVER,
                                                          "calendarserver-principal-search"},
    [OPERATION_REPORT_FILTER_FILES] = {"REPORT filter-files", "REPORT", false, OWNCLOUD,
                                       "filter-files"},
    [OPERATION_REPORT_FILTER_COMMENTS] = {"REPORT filter-comments", "REPORT", false, OWNCLOUD,
                                          "filter-comments"},
    [OPERATION_REPORT_SEARCH_FILES] = {"REPORT search-files", "REPORT", false, OWNCLOUD,
                                       "search-files"},
    [OPERATION_REPORT_CALENDAR_SEARCH] = {"REPORT calendar-search", "REPORT", false, NEXTCLOUD,
                                          "calendar-search"},
};

const char *operation_name(enum operation operation)
{
    assert((unsigned)operation < OPERATION_N);
    return rows[operation].name;
}

enum operation operation_of_method(struct span method)
{
    if (span_equal(method, span_str("GET")))
        return OPERATION_GET; /* most requests, where WebDAV is a part of the traffic */
    /* The rows behind it are refined by a root. */
    for (unsigned i = 0; method.len > 0 && i <= OPERATION_REPORT; i++) {
        const char *name = rows[i].method;
        bool may_be = name && !rows[i].root && name[0] == (char)method.ptr[0];
        if (may_be && span_equal(method, span_str(name)))
            return (enum operation)i;
    }
    return OPERATION_OTHER;
}

enum operation operation_refine(enum operation operation, struct span space, struct span local)
{
    const char *method = rows[operation].method;
    for (unsigned i = 0; method && i < OPERATION_N; i++)
        if (rows[i].root && strcmp(rows[i].method, method) == 0 &&
            span_equal(space, span_str(rows[i].space)) && span_equal(local, span_str(rows[i].root)))
            return (enum operation)i;
    return operation;
}

/* Of methods that are known by themselves. */
static const struct {
    const char *space, *root;
    enum operation operation;
} roots[] = {
    {DAV, "propfind", OPERATION_PROPFIND},     {DAV, "propertyupdate", OPERATION_PROPPATCH},
    {DAV, "mkcol", OPERATION_MKCOL},           {CALDAV, "mkcalendar", OPERATION_MKCALENDAR},
    {DAV, "lockinfo", OPERATION_LOCK},         {DAV, "searchrequest", OPERATION_SEARCH},
    {DAV, "orderpatch", OPERATION_ORDERPATCH}, {DAV, "acl", OPERATION_ACL},
};

enum operation operation_of_root(struct span space, struct span local)
{
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (span_equal(space, span_str(roots[i].space)) &&
            span_equal(local, span_str(roots[i].root)))
            return roots[i].operation;
    enum operation report = operation_refine(OPERATION_REPORT, space, local);
    return report == OPERATION_REPORT ? OPERATION_OTHER : report;
}

bool operation_is_write(enum operation operation)
{
    return rows[operation].is_write;
}

bool operation_is_multiget(enum operation operation)
{
    return operation == OPERATION_REPORT_CALENDAR_MULTIGET ||
           operation == OPERATION_REPORT_ADDRESSBOOK_MULTIGET;
}
