/* What each element says of the resource or document it stands in: one row an element. */
#include "dissector/dav/property.h"

static void count_barren(struct multistatus *m)
{
    if (++m->n_barren > m->params.limits->max_barren_elements)
        xml_limit(m->xml, "max_barren_elements");
}

/* ---- what is done when an element opens ---- */

static void open_root(struct multistatus *m, enum root root)
{
    if (m->is_root_known)
        return; /* a second one in the same wrapper: its resources join those of the first */
    m->is_root_known = true;
    bool is_wrapped = m->depth > 1;
    multistatus_obey(m, m->params.ops->root(m->params.ctx, root, false, is_wrapped));
}

static void open_multistatus(struct multistatus *m, const struct name *name)
{
    (void)name;
    open_root(m, ROOT_MULTISTATUS);
}

static void open_schedule_response(struct multistatus *m, const struct name *name)
{
    (void)name;
    open_root(m, ROOT_SCHEDULE_RESPONSE);
}

/* A resource without an element of its own: its href is what was asked for. */
static void begin_implied(struct multistatus *m)
{
    draft_begin(&m->draft, m->n_resources++, xml_tag_offset(m->xml));
    if (m->params.request->target.len > 0)
        draft_href(&m->draft, m->params.request->target);
}

/* A root that is the one resource itself. */
static void open_implied(struct multistatus *m, enum root root)
{
    open_root(m, root);
    begin_implied(m);
}

static void open_root_error(struct multistatus *m, const struct name *name)
{
    (void)name;
    open_implied(m, ROOT_ERROR);
    m->draft.resource.status.code = m->params.http_status;
    m->draft.resource.status.is_present = m->params.http_status > 0;
}

/* Its propstat is left out: the answer has a status of its own (RFC 4918 §9.10.1). */
static void open_root_prop(struct multistatus *m, const struct name *name)
{
    (void)name;
    open_implied(m, ROOT_LOCKS);
    draft_propstat_begin(&m->draft);
    draft_prop(&m->draft);
}

static void open_mkcol_response(struct multistatus *m, const struct name *name)
{
    (void)name;
    open_implied(m, ROOT_MKCOL_RESPONSE);
}

static void open_mkcalendar_response(struct multistatus *m, const struct name *name)
{
    (void)name;
    open_implied(m, ROOT_MKCALENDAR_RESPONSE);
}

static void open_nested_response(struct multistatus *m, const struct name *name)
{
    (void)name;
    m->draft.resource.flags |= RESOURCE_NESTED;
}

static void open_propstat(struct multistatus *m, const struct name *name)
{
    (void)name;
    if (!m->draft.is_active)
        begin_implied(m);
    draft_propstat_begin(&m->draft);
}

static void open_prop(struct multistatus *m, const struct name *name)
{
    (void)name;
    draft_prop(&m->draft);
}

static void open_needed_name(struct multistatus *m, const struct name *name)
{
    m->draft.resource.needed |= privilege_find(name->local);
}

static void open_condition(struct multistatus *m, const struct name *name)
{
    if (m->draft.is_active)
        draft_condition(&m->draft, name);
}

static void open_description(struct multistatus *m, const struct name *name)
{
    (void)name;
    buf_clear(&m->description);
}

/* The draft of a result that says nothing is given up with the next draft_begin. */
static void open_vendor_part(struct multistatus *m, const struct name *name)
{
    if (vendor_open(&m->vendor, m->depth, name->local))
        draft_begin(&m->draft, m->n_resources, m->vendor_offset);
    m->vendor_offset = xml_tag_offset(m->xml);
    count_barren(m);
}

static void open_passed(struct multistatus *m, const struct name *name)
{
    (void)name;
    count_barren(m);
}

/* ---- what is done when an element closes ---- */

void multistatus_end_resource(struct multistatus *m, uint64_t end)
{
    struct propstat *propstats;
    struct resource *resource = draft_end(&m->draft, end, &propstats);
    multistatus_check_draft(m);
    uint32_t barren = RESOURCE_NO_HREF | RESOURCE_NO_STATUS;
    if ((resource->flags & barren) == barren)
        count_barren(m);
    else
        m->n_barren = 0;
    if (!m->draft.is_nomem)
        multistatus_obey(m, m->params.ops->resource(m->params.ctx, resource, propstats));
}

static void close_resource(struct multistatus *m, struct span text)
{
    (void)text;
    multistatus_end_resource(m, xml_offset(m->xml));
}

/* Some servers write the reason into the error itself, where only elements belong (§14.5). */
static void close_root_error(struct multistatus *m, struct span text)
{
    if (text.len > 0)
        draft_description(&m->draft, text);
    close_resource(m, text);
}

/* Propstats that stood in no response are those of an implied resource. */
static void end_implied(struct multistatus *m)
{
    if (m->draft.is_active)
        close_resource(m, span_str(""));
}

static void close_multistatus(struct multistatus *m, struct span text)
{
    (void)text;
    end_implied(m);
}

static void open_response(struct multistatus *m, const struct name *name)
{
    (void)name;
    end_implied(m);
    draft_begin(&m->draft, m->n_resources++, xml_tag_offset(m->xml));
}

static void close_href(struct multistatus *m, struct span text)
{
    draft_href(&m->draft, text);
}

/* With a byte of what was trimmed behind it: the space behind a code without a reason. */
static void close_status(struct multistatus *m, struct span text)
{
    draft_status(&m->draft, span_first(buf_span(&m->text), text.len + 1));
}

static void close_request_status(struct multistatus *m, struct span text)
{
    draft_request_status(&m->draft, text);
}

static void close_propstat(struct multistatus *m, struct span text)
{
    (void)text;
    draft_propstat_end(&m->draft);
}

static void take_vendor_status(struct multistatus *m, struct span text)
{
    enum outcome class;
    uint16_t code = vendor_status(text, &class);
    if (code > 0)
        draft_code(&m->draft, code);
    else
        draft_told(&m->draft, class);
}

/* It is a result of something when the first of them is whole. */
static void end_vendor_result(struct multistatus *m)
{
    if (m->n_resources++ == 0)
        multistatus_obey(m, m->params.ops->root(m->params.ctx, ROOT_BATCH, false, false));
    multistatus_end_resource(m, xml_offset(m->xml));
}

static void close_vendor_part(struct multistatus *m, struct span text)
{
    switch (vendor_close(&m->vendor, m->depth)) {
    case VENDOR_ID:
        draft_href(&m->draft, text);
        break;
    case VENDOR_STATUS:
        take_vendor_status(m, text);
        break;
    case VENDOR_REASON:
        draft_description(&m->draft, text);
        break;
    case VENDOR_NOTHING:
        break;
    }
    if (vendor_ends(&m->vendor, m->depth))
        end_vendor_result(m);
}

/* Nothing in it was a result. */
static void close_vendor(struct multistatus *m, struct span text)
{
    (void)text;
    if (m->n_resources == 0)
        multistatus_obey(m, m->params.ops->root(m->params.ctx, ROOT_NONE, false, false));
}

static void close_condition_href(struct multistatus *m, struct span text)
{
    if (m->draft.is_active)
        draft_condition_href(&m->draft, text);
}

static void close_location_href(struct multistatus *m, struct span text)
{
    draft_location(&m->draft, text);
}

static void close_uid(struct multistatus *m, struct span text)
{
    if (m->draft.is_active)
        draft_uid(&m->draft, text);
}

static void close_nested_status(struct multistatus *m, struct span text)
{
    draft_nested_status(&m->draft, text);
}

static void close_root_prop(struct multistatus *m, struct span text)
{
    draft_propstat_end(&m->draft);
    close_resource(m, text);
}

static void close_exception(struct multistatus *m, struct span text)
{
    if (m->draft.is_active)
        draft_exception(&m->draft, text);
}

/* Keeps the first that is not empty. */
static void keep(struct multistatus *m, struct buf *kept, struct span text)
{
    if (kept->len == 0 && buf_append(kept, text) == BUF_NOMEM)
        xml_nomem(m->xml);
}

static void close_description(struct multistatus *m, struct span text)
{
    (void)text;
    struct span words = span_trim(buf_span(&m->description));
    if (m->draft.is_active)
        draft_description(&m->draft, words);
    else
        keep(m, &m->document_description, words);
}

static void close_sync_token(struct multistatus *m, struct span text)
{
    keep(m, &m->sync_token, text);
    m->has_sync_token = true;
}

const struct multistatus_action multistatus_actions[ELEMENT_N] = {
    [ELEMENT_MULTISTATUS] = {open_multistatus, close_multistatus, false},
    [ELEMENT_ROOT_ERROR] = {open_root_error, close_root_error, true},
    [ELEMENT_ROOT_PROP] = {open_root_prop, close_root_prop, false},
    [ELEMENT_MKCOL_RESPONSE] = {open_mkcol_response, close_resource, false},
    [ELEMENT_MKCALENDAR_RESPONSE] = {open_mkcalendar_response, close_resource, false},
    [ELEMENT_SCHEDULE_RESPONSE] = {open_schedule_response, NULL, false},
    [ELEMENT_RESPONSE] = {open_response, close_resource, false},
    [ELEMENT_NESTED_RESPONSE] = {open_nested_response, NULL, false},
    [ELEMENT_NESTED_PROPSTAT] = {property_open_part, NULL, false},
    [ELEMENT_NESTED_PROP] = {property_open_part, NULL, false},
    [ELEMENT_NESTED_STATUS] = {property_open_part, close_nested_status, true},
    [ELEMENT_HREF] = {NULL, close_href, true},
    [ELEMENT_STATUS] = {NULL, close_status, true},
    [ELEMENT_PROPSTAT] = {open_propstat, close_propstat, false},
    [ELEMENT_PROP] = {open_prop, NULL, false},
    [ELEMENT_PROPERTY] = {property_open, NULL, false},
    [ELEMENT_PROPERTY_UID] = {property_open, close_uid, true},
    [ELEMENT_PROPERTY_ETAG] = {property_open, property_close, true},
    [ELEMENT_PROPERTY_LAST_MODIFIED] = {property_open, property_close, true},
    [ELEMENT_PROPERTY_CREATION_DATE] = {property_open, property_close, true},
    [ELEMENT_PROPERTY_SYNC_TOKEN] = {property_open, property_close, true},
    [ELEMENT_PROPERTY_CTAG] = {property_open, property_close, true},
    [ELEMENT_PROPERTY_PERMISSIONS] = {property_open, property_close, true},
    [ELEMENT_PROPERTY_QUOTA_AVAILABLE] = {property_open, property_close, true},
    [ELEMENT_PROPERTY_RESOURCETYPE] = {property_open, property_close, true},
    [ELEMENT_COLLECTION] = {property_open_collection, NULL, false},
    [ELEMENT_FOLDER_TYPE] = {property_open_folder_type, NULL, false},
    [ELEMENT_TYPE] = {property_open_type, NULL, false},
    [ELEMENT_NESTED_COLLECTION] = {property_open_nested_collection, NULL, false},
    [ELEMENT_PROPERTY_DISPLAYNAME] = {property_open, property_close, true},
    [ELEMENT_PROPERTY_LOCKS] = {property_open_locks, NULL, false},
    [ELEMENT_ACTIVE_LOCK] = {property_open_lock, NULL, false},
    [ELEMENT_LOCK_OWNER] = {property_open_part, property_close_lock_part, true},
    [ELEMENT_LOCK_TIMEOUT] = {property_open_part, property_close_lock_part, true},
    [ELEMENT_LOCK_DEPTH] = {property_open_part, property_close_lock_part, true},
    [ELEMENT_LOCK_SCOPE] = {property_open_part, NULL, false},
    [ELEMENT_LOCK_SHARED] = {property_open_part, property_close_lock_part, true},
    [ELEMENT_LOCK_TOKEN] = {property_open_part, NULL, false},
    [ELEMENT_LOCK_TOKEN_HREF] = {property_open_part, property_close_lock_part, true},
    [ELEMENT_LOCK_ROOT] = {property_open_part, NULL, false},
    [ELEMENT_LOCK_ROOT_HREF] = {property_open_part, property_close_lock_part, true},
    [ELEMENT_PROPERTY_PRIVILEGES] = {property_open_privileges, NULL, false},
    [ELEMENT_PRIVILEGE] = {property_open_part, NULL, false},
    [ELEMENT_PRIVILEGE_NAME] = {property_open_privilege_name, NULL, false},
    [ELEMENT_PROPERTY_PRINCIPAL] = {property_open, NULL, false},
    [ELEMENT_PRINCIPAL_HREF] = {property_open_part, property_close, true},
    [ELEMENT_UNAUTHENTICATED] = {property_open_unauthenticated, NULL, false},
    [ELEMENT_PROPERTY_REPORTS] = {property_open, NULL, false},
    [ELEMENT_REPORTS_PART] = {property_open_part, NULL, false},
    [ELEMENT_SYNC_REPORT] = {property_open_sync_report, NULL, false},
    [ELEMENT_VALUE] = {property_open_part, NULL, false},
    [ELEMENT_CONDITION] = {open_condition, NULL, false},
    [ELEMENT_CONDITION_HREF] = {NULL, close_condition_href, true},
    [ELEMENT_NEEDED_NAME] = {open_needed_name, NULL, false},
    [ELEMENT_EXCEPTION] = {NULL, close_exception, true},
    [ELEMENT_DESCRIPTION] = {open_description, close_description, false},
    [ELEMENT_LOCATION_HREF] = {NULL, close_location_href, true},
    [ELEMENT_UID] = {NULL, close_uid, true},
    [ELEMENT_SYNC_TOKEN] = {NULL, close_sync_token, true},
    [ELEMENT_REQUEST_STATUS] = {NULL, close_request_status, true},
    [ELEMENT_VENDOR] = {NULL, close_vendor, false},
    [ELEMENT_VENDOR_PART] = {open_vendor_part, close_vendor_part, true},
    [ELEMENT_PASSED] = {open_passed, NULL, false},
};
