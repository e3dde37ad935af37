/* RFC 4918 §14, RFC 6578 §6.4, RFC 5689 §5, RFC 4791 §9.3, RFC 6638 §10 and what DOMAIN.md 1.3
 * adds: for each element what a name means inside it, and what any other name means there. */
#include "dissector/dav/grammar.h"

struct row {
    enum space space;
    const char *local; /* NULL: any other */
    enum element element;
};

static const struct row in_document[] = {
    {SPACE_DAV, "multistatus", ELEMENT_MULTISTATUS},
    {SPACE_DAV, "error", ELEMENT_ROOT_ERROR},
    {SPACE_DAV, "prop", ELEMENT_ROOT_PROP},
    {SPACE_DAV, "mkcol-response", ELEMENT_MKCOL_RESPONSE},
    {SPACE_CALDAV, "mkcalendar-response", ELEMENT_MKCALENDAR_RESPONSE},
    {SPACE_CALDAV, "schedule-response", ELEMENT_SCHEDULE_RESPONSE},
};

static const struct row in_wrapper[] = {
    {SPACE_DAV, "multistatus", ELEMENT_MULTISTATUS},
};

static const struct row in_multistatus[] = {
    {SPACE_DAV, "response", ELEMENT_RESPONSE},
    {SPACE_DAV, "propstat", ELEMENT_PROPSTAT}, /* Cyrus, of a calendar that was not made */
    {SPACE_DAV, "responsedescription", ELEMENT_DESCRIPTION},
    {SPACE_DAV, "errordescription", ELEMENT_DESCRIPTION},
    {SPACE_DAV, "sync-token", ELEMENT_SYNC_TOKEN},
};

static const struct row in_response[] = {
    {SPACE_DAV, "href", ELEMENT_HREF},
    {SPACE_DAV, "propstat", ELEMENT_PROPSTAT},
    {SPACE_DAV, "status", ELEMENT_STATUS},
    {SPACE_DAV, "error", ELEMENT_ERROR},
    {SPACE_DAV, "responsedescription", ELEMENT_DESCRIPTION},
    {SPACE_DAV, "errordescription", ELEMENT_DESCRIPTION},
    {SPACE_DAV, "location", ELEMENT_LOCATION},
    {SPACE_DAV, "response", ELEMENT_NESTED_RESPONSE},
    {SPACE_CALENDARSERVER, "uid", ELEMENT_UID},
    {SPACE_CALDAV, "recipient", ELEMENT_RECIPIENT},
    {SPACE_CALDAV, "request-status", ELEMENT_REQUEST_STATUS},
};

static const struct row in_propstat[] = {
    {SPACE_DAV, "prop", ELEMENT_PROP},
    {SPACE_DAV, "status", ELEMENT_STATUS},
    {SPACE_DAV, "error", ELEMENT_ERROR},
    {SPACE_DAV, "responsedescription", ELEMENT_DESCRIPTION},
    {SPACE_DAV, "errordescription", ELEMENT_DESCRIPTION},
};

static const struct row in_prop[] = {
    {SPACE_DAV, "getetag", ELEMENT_PROPERTY_ETAG},
    {SPACE_DAV, "getlastmodified", ELEMENT_PROPERTY_LAST_MODIFIED},
    {SPACE_DAV, "creationdate", ELEMENT_PROPERTY_CREATION_DATE},
    {SPACE_DAV, "resourcetype", ELEMENT_PROPERTY_RESOURCETYPE},
    {SPACE_DAV, "displayname", ELEMENT_PROPERTY_DISPLAYNAME},
    {SPACE_DAV, "lockdiscovery", ELEMENT_PROPERTY_LOCKS},
    {SPACE_DAV, "current-user-privilege-set", ELEMENT_PROPERTY_PRIVILEGES},
    {SPACE_DAV, "current-user-principal", ELEMENT_PROPERTY_PRINCIPAL},
    {SPACE_DAV, "supported-report-set", ELEMENT_PROPERTY_REPORTS},
    {SPACE_DAV, "sync-token", ELEMENT_PROPERTY_SYNC_TOKEN},
    {SPACE_DAV, "quota-available-bytes", ELEMENT_PROPERTY_QUOTA_AVAILABLE},
    {SPACE_OWNCLOUD, "permissions", ELEMENT_PROPERTY_PERMISSIONS},
    {SPACE_CALENDARSERVER, "getctag", ELEMENT_PROPERTY_CTAG},
    {SPACE_CALENDARSERVER, "uid", ELEMENT_PROPERTY_UID},
};

static const struct row in_resourcetype[] = {
    {SPACE_DAV, "collection", ELEMENT_COLLECTION},
    {SPACE_CALDAV, "calendar", ELEMENT_FOLDER_TYPE},
    {SPACE_CARDDAV, "addressbook", ELEMENT_FOLDER_TYPE},
    {SPACE_CALDAV, "schedule-inbox", ELEMENT_FOLDER_TYPE},
    {SPACE_CALDAV, "schedule-outbox", ELEMENT_FOLDER_TYPE},
};

static const struct row in_type[] = {
    {SPACE_DAV, "collection", ELEMENT_NESTED_COLLECTION},
};

static const struct row in_locks[] = {
    {SPACE_DAV, "activelock", ELEMENT_ACTIVE_LOCK},
};

static const struct row in_active_lock[] = {
    {SPACE_DAV, "owner", ELEMENT_LOCK_OWNER},     {SPACE_DAV, "timeout", ELEMENT_LOCK_TIMEOUT},
    {SPACE_DAV, "depth", ELEMENT_LOCK_DEPTH},     {SPACE_DAV, "lockscope", ELEMENT_LOCK_SCOPE},
    {SPACE_DAV, "locktoken", ELEMENT_LOCK_TOKEN}, {SPACE_DAV, "lockroot", ELEMENT_LOCK_ROOT},
};

static const struct row in_lock_scope[] = {
    {SPACE_DAV, "shared", ELEMENT_LOCK_SHARED},
};

static const struct row in_lock_token[] = {
    {SPACE_DAV, "href", ELEMENT_LOCK_TOKEN_HREF},
};

static const struct row in_lock_root[] = {
    {SPACE_DAV, "href", ELEMENT_LOCK_ROOT_HREF},
};

static const struct row in_root_prop[] = {
    {SPACE_DAV, "lockdiscovery", ELEMENT_PROPERTY_LOCKS},
};

static const struct row in_privileges[] = {
    {SPACE_DAV, "privilege", ELEMENT_PRIVILEGE},
};

static const struct row in_principal[] = {
    {SPACE_DAV, "href", ELEMENT_PRINCIPAL_HREF},
    {SPACE_DAV, "unauthenticated", ELEMENT_UNAUTHENTICATED},
    {SPACE_DAV, "response", ELEMENT_NESTED_RESPONSE},
};

static const struct row in_reports[] = {
    {SPACE_DAV, "sync-collection", ELEMENT_SYNC_REPORT},
};

static const struct row in_property[] = {
    {SPACE_DAV, "response", ELEMENT_NESTED_RESPONSE},
};

static const struct row in_nested_response[] = {
    {SPACE_DAV, "status", ELEMENT_NESTED_STATUS},
    {SPACE_DAV, "propstat", ELEMENT_NESTED_PROPSTAT},
};

static const struct row in_nested_propstat[] = {
    {SPACE_DAV, "status", ELEMENT_NESTED_STATUS},
    {SPACE_DAV, "prop", ELEMENT_NESTED_PROP},
};

/* What SabreDAV and those who build on it tell people and developers (header, file, stacktrace,
 * previous-exception, whether to try again) is no condition. Others tell the same by the same names
 * in namespaces of their own. */
static const struct row in_error[] = {
    {SPACE_CALENDARSERVER, "uid", ELEMENT_UID},
    {SPACE_SABRE, "exception", ELEMENT_EXCEPTION},
    {SPACE_SABRE, "message", ELEMENT_DESCRIPTION},
    {SPACE_SABRE, NULL, ELEMENT_PASSED},
    {SPACE_OWNCLOUD, "retry", ELEMENT_PASSED},
    {SPACE_OWNCLOUD, "reason", ELEMENT_PASSED},
    {SPACE_OWNCLOUD, "hint", ELEMENT_PASSED},
    {SPACE_OTHER, "exception", ELEMENT_EXCEPTION},
    {SPACE_OTHER, "message", ELEMENT_DESCRIPTION},
    {SPACE_OTHER, "error-description", ELEMENT_DESCRIPTION},
    {SPACE_APACHE, "human-readable", ELEMENT_DESCRIPTION},
    /* In a body that is an error alone; inside a response it would be a condition. */
    {SPACE_DAV, "responsedescription", ELEMENT_DESCRIPTION},
};
enum { N_IN_ROOT_ERROR = sizeof in_error / sizeof *in_error, N_IN_ERROR = N_IN_ROOT_ERROR - 1 };

static const struct row in_condition[] = {
    {SPACE_DAV, "href", ELEMENT_CONDITION_HREF},
    {SPACE_DAV, "privilege", ELEMENT_NEEDED},
};

static const struct row in_description[] = {
    {SPACE_DAV, "error", ELEMENT_ERROR},
};

static const struct row in_location[] = {
    {SPACE_DAV, "href", ELEMENT_LOCATION_HREF},
};

static const struct row in_mkcol_response[] = {
    {SPACE_DAV, "propstat", ELEMENT_PROPSTAT},
    {SPACE_DAV, "error", ELEMENT_ERROR},
    {SPACE_DAV, "responsedescription", ELEMENT_DESCRIPTION},
};

static const struct row in_schedule_response[] = {
    {SPACE_CALDAV, "response", ELEMENT_RESPONSE},
};

static const struct row in_recipient[] = {
    {SPACE_DAV, "href", ELEMENT_HREF},
};

static const struct {
    const struct row *rows;
    size_t n_rows;
    enum element other;
} children[ELEMENT_N] = {
    [ELEMENT_DOCUMENT] = {in_document, sizeof in_document / sizeof *in_document, ELEMENT_WRAPPER},
    [ELEMENT_WRAPPER] = {in_wrapper, sizeof in_wrapper / sizeof *in_wrapper, ELEMENT_PASSED},
    [ELEMENT_MULTISTATUS] = {in_multistatus, sizeof in_multistatus / sizeof *in_multistatus,
                             ELEMENT_PASSED},
    [ELEMENT_ROOT_ERROR] = {in_error, N_IN_ROOT_ERROR, ELEMENT_CONDITION},
    [ELEMENT_MKCOL_RESPONSE] = {in_mkcol_response,
                                sizeof in_mkcol_response / sizeof *in_mkcol_response,
                                ELEMENT_PASSED},
    [ELEMENT_MKCALENDAR_RESPONSE] = {in_mkcol_response,
                                     sizeof in_mkcol_response / sizeof *in_mkcol_response,
                                     ELEMENT_PASSED},
    [ELEMENT_SCHEDULE_RESPONSE] = {in_schedule_response,
                                   sizeof in_schedule_response / sizeof *in_schedule_response,
                                   ELEMENT_PASSED},
    [ELEMENT_RESPONSE] = {in_response, sizeof in_response / sizeof *in_response, ELEMENT_PASSED},
    [ELEMENT_NESTED_RESPONSE] = {in_nested_response,
                                 sizeof in_nested_response / sizeof *in_nested_response,
                                 ELEMENT_PASSED},
    [ELEMENT_NESTED_PROPSTAT] = {in_nested_propstat,
                                 sizeof in_nested_propstat / sizeof *in_nested_propstat,
                                 ELEMENT_PASSED},
    [ELEMENT_NESTED_PROP] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_NESTED_STATUS] = {NULL, 0, ELEMENT_PASSED},
    [ELEMENT_HREF] = {NULL, 0, ELEMENT_PASSED},
    [ELEMENT_STATUS] = {NULL, 0, ELEMENT_PASSED},
    [ELEMENT_PROPSTAT] = {in_propstat, sizeof in_propstat / sizeof *in_propstat, ELEMENT_PASSED},
    [ELEMENT_PROP] = {in_prop, sizeof in_prop / sizeof *in_prop, ELEMENT_PROPERTY},
    [ELEMENT_PROPERTY] = {in_property, sizeof in_property / sizeof *in_property, ELEMENT_VALUE},
    [ELEMENT_PROPERTY_UID] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_PROPERTY_ETAG] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_PROPERTY_LAST_MODIFIED] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_PROPERTY_CREATION_DATE] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_PROPERTY_SYNC_TOKEN] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_PROPERTY_CTAG] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_PROPERTY_QUOTA_AVAILABLE] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_PROPERTY_PERMISSIONS] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_PROPERTY_RESOURCETYPE] = {in_resourcetype,
                                       sizeof in_resourcetype / sizeof *in_resourcetype,
                                       ELEMENT_TYPE},
    [ELEMENT_FOLDER_TYPE] = {in_type, sizeof in_type / sizeof *in_type, ELEMENT_VALUE},
    [ELEMENT_TYPE] = {in_type, sizeof in_type / sizeof *in_type, ELEMENT_VALUE},
    [ELEMENT_NESTED_COLLECTION] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_PROPERTY_DISPLAYNAME] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_PROPERTY_LOCKS] = {in_locks, sizeof in_locks / sizeof *in_locks, ELEMENT_VALUE},
    [ELEMENT_ACTIVE_LOCK] = {in_active_lock, sizeof in_active_lock / sizeof *in_active_lock,
                             ELEMENT_VALUE},
    [ELEMENT_LOCK_OWNER] = {NULL, 0, ELEMENT_LOCK_OWNER},
    [ELEMENT_LOCK_TIMEOUT] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_LOCK_DEPTH] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_LOCK_SCOPE] = {in_lock_scope, sizeof in_lock_scope / sizeof *in_lock_scope,
                            ELEMENT_VALUE},
    [ELEMENT_LOCK_SHARED] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_LOCK_TOKEN] = {in_lock_token, sizeof in_lock_token / sizeof *in_lock_token,
                            ELEMENT_VALUE},
    [ELEMENT_LOCK_TOKEN_HREF] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_LOCK_ROOT] = {in_lock_root, sizeof in_lock_root / sizeof *in_lock_root, ELEMENT_VALUE},
    [ELEMENT_LOCK_ROOT_HREF] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_ROOT_PROP] = {in_root_prop, sizeof in_root_prop / sizeof *in_root_prop,
                           ELEMENT_PASSED},
    [ELEMENT_PROPERTY_PRIVILEGES] = {in_privileges, sizeof in_privileges / sizeof *in_privileges,
                                     ELEMENT_VALUE},
    [ELEMENT_PRIVILEGE] = {NULL, 0, ELEMENT_PRIVILEGE_NAME},
    [ELEMENT_PRIVILEGE_NAME] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_PROPERTY_PRINCIPAL] = {in_principal, sizeof in_principal / sizeof *in_principal,
                                    ELEMENT_VALUE},
    [ELEMENT_PRINCIPAL_HREF] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_UNAUTHENTICATED] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_PROPERTY_REPORTS] = {in_reports, sizeof in_reports / sizeof *in_reports,
                                  ELEMENT_REPORTS_PART},
    [ELEMENT_REPORTS_PART] = {in_reports, sizeof in_reports / sizeof *in_reports,
                              ELEMENT_REPORTS_PART},
    [ELEMENT_SYNC_REPORT] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_COLLECTION] = {NULL, 0, ELEMENT_VALUE},
    [ELEMENT_VALUE] = {in_property, sizeof in_property / sizeof *in_property, ELEMENT_VALUE},
    [ELEMENT_ERROR] = {in_error, N_IN_ERROR, ELEMENT_CONDITION},
    [ELEMENT_CONDITION] = {in_condition, sizeof in_condition / sizeof *in_condition,
                           ELEMENT_CONDITION_PART},
    [ELEMENT_CONDITION_PART] = {in_condition, sizeof in_condition / sizeof *in_condition,
                                ELEMENT_CONDITION_PART},
    [ELEMENT_CONDITION_HREF] = {NULL, 0, ELEMENT_PASSED},
    [ELEMENT_NEEDED] = {NULL, 0, ELEMENT_NEEDED_NAME},
    [ELEMENT_NEEDED_NAME] = {NULL, 0, ELEMENT_PASSED},
    [ELEMENT_EXCEPTION] = {NULL, 0, ELEMENT_PASSED},
    [ELEMENT_DESCRIPTION] = {in_description, sizeof in_description / sizeof *in_description,
                             ELEMENT_DESCRIPTION_PART},
    [ELEMENT_DESCRIPTION_PART] = {in_description, sizeof in_description / sizeof *in_description,
                                  ELEMENT_DESCRIPTION_PART},
    [ELEMENT_LOCATION] = {in_location, sizeof in_location / sizeof *in_location, ELEMENT_PASSED},
    [ELEMENT_LOCATION_HREF] = {NULL, 0, ELEMENT_PASSED},
    [ELEMENT_UID] = {NULL, 0, ELEMENT_PASSED},
    [ELEMENT_SYNC_TOKEN] = {NULL, 0, ELEMENT_PASSED},
    [ELEMENT_RECIPIENT] = {in_recipient, sizeof in_recipient / sizeof *in_recipient,
                           ELEMENT_PASSED},
    [ELEMENT_REQUEST_STATUS] = {NULL, 0, ELEMENT_PASSED},
    [ELEMENT_VENDOR] = {NULL, 0, ELEMENT_VENDOR_PART},
    [ELEMENT_VENDOR_PART] = {NULL, 0, ELEMENT_VENDOR_PART},
    [ELEMENT_PASSED] = {NULL, 0, ELEMENT_PASSED},
};

/* local is never empty. */
static bool is_named(const struct row *row, struct span local)
{
    return row->local[0] == (char)local.ptr[0] &&
           strncmp(row->local, (const char *)local.ptr, local.len) == 0 &&
           row->local[local.len] == '\0';
}

enum element grammar_find(enum element parent, enum space space, struct span local, bool *is_broken)
{
    for (size_t i = 0; i < children[parent].n_rows; i++) {
        const struct row *row = &children[parent].rows[i];
        if (!row->local && space == row->space)
            return row->element;
        if (!row->local || (space != row->space && space != SPACE_NONE))
            continue;
        if (!is_named(row, local) || (space == SPACE_NONE && row->space != SPACE_DAV))
            continue;
        *is_broken |= space == SPACE_NONE;
        return row->element;
    }
    return children[parent].other;
}
