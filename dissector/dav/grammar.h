/* grammar: which elements mean something where, as a table: parent, namespace, name, meaning. */
#pragma once

#include "dissector/dav/namespace.h"

enum element {
    ELEMENT_DOCUMENT, /* outside the root */
    ELEMENT_WRAPPER,  /* an unknown root */
    ELEMENT_MULTISTATUS,
    ELEMENT_ROOT_ERROR,
    ELEMENT_ROOT_PROP, /* of the answer to a LOCK */
    ELEMENT_MKCOL_RESPONSE,
    ELEMENT_MKCALENDAR_RESPONSE,
    ELEMENT_SCHEDULE_RESPONSE,
    ELEMENT_RESPONSE,
    ELEMENT_NESTED_RESPONSE, /* one inside a property or another response */
    ELEMENT_NESTED_PROPSTAT,
    ELEMENT_NESTED_PROP,
    ELEMENT_NESTED_STATUS,
    ELEMENT_HREF,
    ELEMENT_STATUS,
    ELEMENT_PROPSTAT,
    ELEMENT_PROP,
    ELEMENT_PROPERTY,
    ELEMENT_PROPERTY_UID, /* properties whose value is read */
    ELEMENT_PROPERTY_ETAG,
    ELEMENT_PROPERTY_LAST_MODIFIED,
    ELEMENT_PROPERTY_CREATION_DATE,
    ELEMENT_PROPERTY_SYNC_TOKEN,
    ELEMENT_PROPERTY_CTAG,
    ELEMENT_PROPERTY_QUOTA_AVAILABLE,
    ELEMENT_PROPERTY_PERMISSIONS,
    ELEMENT_PROPERTY_DISPLAYNAME,
    ELEMENT_PROPERTY_RESOURCETYPE,
    ELEMENT_COLLECTION,
    ELEMENT_FOLDER_TYPE,       /* of what is a collection too: calendar, addressbook */
    ELEMENT_TYPE,              /* another element of resourcetype */
    ELEMENT_NESTED_COLLECTION, /* inside one, where it means nothing */
    ELEMENT_PROPERTY_PRINCIPAL,
    ELEMENT_PRINCIPAL_HREF,
    ELEMENT_UNAUTHENTICATED,
    ELEMENT_PROPERTY_LOCKS, /* lockdiscovery */
    ELEMENT_ACTIVE_LOCK,
    ELEMENT_LOCK_OWNER, /* and anything inside it: people write href, name, text */
    ELEMENT_LOCK_TIMEOUT,
    ELEMENT_LOCK_DEPTH,
    ELEMENT_LOCK_SCOPE,
    ELEMENT_LOCK_SHARED,
    ELEMENT_LOCK_TOKEN,
    ELEMENT_LOCK_TOKEN_HREF,
    ELEMENT_LOCK_ROOT,
    ELEMENT_LOCK_ROOT_HREF,
    ELEMENT_PROPERTY_PRIVILEGES, /* current-user-privilege-set */
    ELEMENT_PRIVILEGE,
    ELEMENT_PRIVILEGE_NAME,
    ELEMENT_PROPERTY_REPORTS,
    ELEMENT_REPORTS_PART, /* anything inside supported-report-set */
    ELEMENT_SYNC_REPORT,
    ELEMENT_VALUE, /* anything inside a property */
    ELEMENT_ERROR,
    ELEMENT_CONDITION,
    ELEMENT_CONDITION_PART,
    ELEMENT_CONDITION_HREF,
    ELEMENT_NEEDED, /* a privilege that need-privileges names */
    ELEMENT_NEEDED_NAME,
    ELEMENT_EXCEPTION, /* of sabre/dav */
    ELEMENT_DESCRIPTION,
    ELEMENT_DESCRIPTION_PART, /* markup inside a description; its text counts */
    ELEMENT_LOCATION,
    ELEMENT_LOCATION_HREF,
    ELEMENT_UID,
    ELEMENT_SYNC_TOKEN,
    ELEMENT_RECIPIENT, /* schedule-response, RFC 6638 §10 */
    ELEMENT_REQUEST_STATUS,
    ELEMENT_VENDOR,      /* a root that only sounds like ours (vendor_entry.h), */
    ELEMENT_VENDOR_PART, /* and anything inside it */
    ELEMENT_PASSED,      /* not in the grammar, or inside such */
    ELEMENT_N
};

/* What an element named {space}local means inside parent. An unqualified name is taken for DAV:
 * where the grammar has one; *is_broken is then set, else left. */
enum element grammar_find(enum element parent, enum space space, struct span local,
                          bool *is_broken);
