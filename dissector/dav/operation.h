/* operation: what a request wanted, as far as it decides how its Multi-Status is read. One row an
 * operation in operation.c: its name in output, the method or the root element of the request body
 * it is known by, and whether it writes. A method without a row is OPERATION_OTHER and keeps its
 * own name. */
#pragma once

#include "dissector/base/span.h"

enum operation {
    OPERATION_OTHER, /* a method without a row; named by its token */
    OPERATION_PROPFIND,
    OPERATION_PROPPATCH,
    OPERATION_MKCOL,
    OPERATION_MKCALENDAR,
    OPERATION_DELETE,
    OPERATION_COPY,
    OPERATION_MOVE,
    OPERATION_LOCK,
    OPERATION_UNLOCK,
    OPERATION_SEARCH,
    OPERATION_ACL,
    OPERATION_ORDERPATCH,
    OPERATION_UPDATE,
    OPERATION_MERGE,
    OPERATION_LABEL,
    OPERATION_VERSION_CONTROL,
    OPERATION_BASELINE_CONTROL,
    OPERATION_BPROPFIND,
    OPERATION_BPROPPATCH,
    OPERATION_BCOPY,
    OPERATION_BMOVE,
    OPERATION_BDELETE,
    OPERATION_POLL,
    OPERATION_GET,
    OPERATION_PUT,
    OPERATION_OPTIONS,
    OPERATION_POST,      /* any POST that is none of the following */
    OPERATION_POST_BULK, /* calendarserver bulk change, simple or multiput */
    OPERATION_POST_OUTBOX,
    OPERATION_REPORT, /* root unknown, or body not seen */
    OPERATION_REPORT_SYNC_COLLECTION,
    OPERATION_REPORT_CALENDAR_QUERY,
    OPERATION_REPORT_CALENDAR_MULTIGET,
    OPERATION_REPORT_FREE_BUSY_QUERY,
    OPERATION_REPORT_ADDRESSBOOK_QUERY,
    OPERATION_REPORT_ADDRESSBOOK_MULTIGET,
    OPERATION_REPORT_EXPAND_PROPERTY,
    OPERATION_REPORT_VERSION_TREE,
    OPERATION_REPORT_LOCATE_BY_HISTORY,
    OPERATION_REPORT_MERGE_PREVIEW,
    OPERATION_REPORT_COMPARE_BASELINE,
    OPERATION_REPORT_LATEST_ACTIVITY_VERSION,
    OPERATION_REPORT_ACL_PRINCIPAL_PROP_SET,
    OPERATION_REPORT_PRINCIPAL_MATCH,
    OPERATION_REPORT_PRINCIPAL_PROPERTY_SEARCH,
    OPERATION_REPORT_PRINCIPAL_SEARCH_PROPERTY_SET,
    OPERATION_REPORT_CALENDARSERVER_PRINCIPAL_SEARCH,
    OPERATION_REPORT_FILTER_FILES,
    OPERATION_REPORT_FILTER_COMMENTS,
    OPERATION_REPORT_SEARCH_FILES,
    OPERATION_REPORT_CALENDAR_SEARCH,
    OPERATION_N
};

/* Name in output: "PROPFIND", "REPORT sync-collection". OPERATION_OTHER: "OTHER"; print the method.
 */
const char *operation_name(enum operation operation);

/* By method alone; REPORT and POST are refined by operation_refine. */
enum operation operation_of_method(struct span method);

/* By the root element of the request body as well. What has no row stays what it was. */
enum operation operation_refine(enum operation operation, struct span root_namespace,
                                struct span root_local);

/* By the root element of the request body alone, where the method is not known; OPERATION_OTHER: it
 * tells nothing. B-methods have the roots of the plain ones and are read as these. */
enum operation operation_of_root(struct span root_namespace, struct span root_local);

/* Whether it changes resources (DOMAIN.md 2.2: an undecodable answer then leaves the outcome
 * unknown). */
bool operation_is_write(enum operation operation);

/* Whether it asks for the data of resources by name. */
bool operation_is_multiget(enum operation operation);
