/* In: elements and texts. Out: resources. A stack of what the open elements mean (grammar.c), what
 * to do when one opens and closes (the table below), and a draft of the resource being read. Texts
 * are kept only where the table says so: most property values are passed over. */
#include "dissector/dav/multistatus.h"

#include "dissector/base/buf.h"
#include "dissector/base/text.h"
#include "dissector/dav/draft.h"
#include "dissector/dav/lexicon.h"
#include "dissector/dav/resume.h"
#include "dissector/dav/vendor_entry.h"
#include "dissector/dav/xml.h"

#include <stdlib.h>

struct multistatus {
    struct body_params params;
    struct xml *xml;
    struct draft draft;
    uint8_t *stack; /* enum element of each open element */
    size_t depth;
    struct lexicon lexicon; /* from the root on */
    bool is_root_known;
    bool is_root_lost; /* in a hole: what it declares is not known */
    bool is_ns_noted, is_ns_broken, is_cut, has_lost;
    uint64_t n_resources;
    uint64_t n_barren;         /* elements since the last that told something */
    uint64_t n_value_elements; /* inside the property that is open */
    const char *limits_noted[8];
    struct buf text;        /* of the href, status, … being read */
    struct buf description; /* of the description being read; other texts may stand inside it */
    struct buf document_description, sync_token;
    bool has_sync_token;
    struct vendor_entry vendor;
    uint64_t vendor_offset; /* of the element in it that opened last */
};

static enum element top(const struct multistatus *m)
{
    return m->depth > 0 ? m->stack[m->depth - 1] : ELEMENT_DOCUMENT;
}

/* Each limit is noted once a document. */
static void note_limit(struct multistatus *m, const char *name)
{
    m->is_cut = true;
    size_t n = sizeof m->limits_noted / sizeof *m->limits_noted;
    for (size_t i = 0; i < n; i++) {
        if (m->limits_noted[i] == name)
            return;
        if (m->limits_noted[i])
            continue;
        m->limits_noted[i] = name;
        m->params.ops->note(m->params.ctx, ANOMALY_LIMIT, xml_offset(m->xml), name);
        return;
    }
}

static void break_namespace(struct multistatus *m, const char *text)
{
    if (m->is_root_lost)
        return;
    m->is_ns_broken = true;
    if (m->draft.is_active)
        m->draft.resource.flags |= RESOURCE_NS_BROKEN;
    if (!m->is_ns_noted)
        m->params.ops->note(m->params.ctx, ANOMALY_XML_NAMESPACE, xml_offset(m->xml), text);
    m->is_ns_noted = true;
}

static void obey(struct multistatus *m, enum feed answer)
{
    if (answer == FEED_NOMEM)
        xml_nomem(m->xml);
    else if (answer == FEED_STOP)
        xml_stop(m->xml);
}

static void count_barren(struct multistatus *m)
{
    if (++m->n_barren > m->params.limits->max_barren_elements)
        xml_limit(m->xml, "max_barren_elements");
}

/* After each use of the draft. */
static void check_draft(struct multistatus *m)
{
    if (m->draft.is_nomem)
        xml_nomem(m->xml);
    if (m->draft.met)
        note_limit(m, m->draft.met);
    m->draft.met = NULL;
    m->has_lost |= m->draft.has_lost;
}

/* ---- what is done when an element opens ---- */

static void open_root(struct multistatus *m, enum root root)
{
    if (m->is_root_known)
        return; /* a second one in the same wrapper: its resources join those of the first */
    m->is_root_known = true;
    bool is_wrapped = m->depth > 1;
    obey(m, m->params.ops->root(m->params.ctx, root, false, is_wrapped));
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

static void open_property(struct multistatus *m, const struct name *name)
{
    m->n_value_elements = 0;
    draft_property(&m->draft, name);
}

static void open_value(struct multistatus *m, const struct name *name)
{
    (void)name;
    if (++m->n_value_elements > m->params.limits->max_value_elements)
        note_limit(m, "max_value_elements");
}

static void open_collection(struct multistatus *m, const struct name *name)
{
    (void)name;
    draft_collection(&m->draft);
}

static void open_type(struct multistatus *m, const struct name *name)
{
    m->draft.has_type = true;
    open_value(m, name);
}

static void open_unauthenticated(struct multistatus *m, const struct name *name)
{
    m->draft.is_unauthenticated = true;
    open_value(m, name);
}

static void open_sync_report(struct multistatus *m, const struct name *name)
{
    m->draft.offers_sync = true;
    open_value(m, name);
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

/* ---- what is done when an element closes; text is what it held, trimmed ---- */

static void end_resource(struct multistatus *m, uint64_t end)
{
    struct propstat *propstats;
    struct resource *resource = draft_end(&m->draft, end, &propstats);
    check_draft(m);
    uint32_t barren = RESOURCE_NO_HREF | RESOURCE_NO_STATUS;
    if ((resource->flags & barren) == barren)
        count_barren(m);
    else
        m->n_barren = 0;
    if (!m->draft.is_nomem)
        obey(m, m->params.ops->resource(m->params.ctx, resource, propstats));
}

static void close_resource(struct multistatus *m, struct span text)
{
    (void)text;
    end_resource(m, xml_offset(m->xml));
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

static void close_status(struct multistatus *m, struct span text)
{
    draft_status(&m->draft, text);
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
        obey(m, m->params.ops->root(m->params.ctx, ROOT_BATCH, false, false));
    end_resource(m, xml_offset(m->xml));
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
        obey(m, m->params.ops->root(m->params.ctx, ROOT_NONE, false, false));
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

static void close_value(struct multistatus *m, struct span text)
{
    static const enum value values[ELEMENT_N] = {
        [ELEMENT_PROPERTY_ETAG] = VALUE_ETAG,
        [ELEMENT_PROPERTY_LAST_MODIFIED] = VALUE_LAST_MODIFIED,
        [ELEMENT_PROPERTY_CREATION_DATE] = VALUE_CREATION_DATE,
        [ELEMENT_PROPERTY_SYNC_TOKEN] = VALUE_SYNC_TOKEN,
        [ELEMENT_PROPERTY_CTAG] = VALUE_CTAG,
        [ELEMENT_PROPERTY_QUOTA_AVAILABLE] = VALUE_QUOTA_AVAILABLE,
        [ELEMENT_PROPERTY_RESOURCETYPE] = VALUE_RESOURCETYPE,
    };
    draft_value(&m->draft, values[top(m)], text);
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

static const struct {
    void (*on_open)(struct multistatus *m, const struct name *name);
    void (*on_close)(struct multistatus *m, struct span text);
    bool keeps_text;
} actions[ELEMENT_N] = {
    [ELEMENT_MULTISTATUS] = {open_multistatus, close_multistatus, false},
    [ELEMENT_ROOT_ERROR] = {open_root_error, close_resource, false},
    [ELEMENT_MKCOL_RESPONSE] = {open_mkcol_response, close_resource, false},
    [ELEMENT_MKCALENDAR_RESPONSE] = {open_mkcalendar_response, close_resource, false},
    [ELEMENT_SCHEDULE_RESPONSE] = {open_schedule_response, NULL, false},
    [ELEMENT_RESPONSE] = {open_response, close_resource, false},
    [ELEMENT_NESTED_RESPONSE] = {open_nested_response, NULL, false},
    [ELEMENT_NESTED_PROPSTAT] = {open_value, NULL, false},
    [ELEMENT_NESTED_PROP] = {open_value, NULL, false},
    [ELEMENT_NESTED_STATUS] = {open_value, close_nested_status, true},
    [ELEMENT_HREF] = {NULL, close_href, true},
    [ELEMENT_STATUS] = {NULL, close_status, true},
    [ELEMENT_PROPSTAT] = {open_propstat, close_propstat, false},
    [ELEMENT_PROP] = {open_prop, NULL, false},
    [ELEMENT_PROPERTY] = {open_property, NULL, false},
    [ELEMENT_PROPERTY_UID] = {open_property, close_uid, true},
    [ELEMENT_PROPERTY_ETAG] = {open_property, close_value, true},
    [ELEMENT_PROPERTY_LAST_MODIFIED] = {open_property, close_value, true},
    [ELEMENT_PROPERTY_CREATION_DATE] = {open_property, close_value, true},
    [ELEMENT_PROPERTY_SYNC_TOKEN] = {open_property, close_value, true},
    [ELEMENT_PROPERTY_CTAG] = {open_property, close_value, true},
    [ELEMENT_PROPERTY_QUOTA_AVAILABLE] = {open_property, close_value, true},
    [ELEMENT_PROPERTY_RESOURCETYPE] = {open_property, close_value, true},
    [ELEMENT_COLLECTION] = {open_collection, NULL, false},
    [ELEMENT_TYPE] = {open_type, NULL, false},
    [ELEMENT_PROPERTY_PRINCIPAL] = {open_property, NULL, false},
    [ELEMENT_UNAUTHENTICATED] = {open_unauthenticated, NULL, false},
    [ELEMENT_PROPERTY_REPORTS] = {open_property, NULL, false},
    [ELEMENT_REPORTS_PART] = {open_value, NULL, false},
    [ELEMENT_SYNC_REPORT] = {open_sync_report, NULL, false},
    [ELEMENT_VALUE] = {open_value, NULL, false},
    [ELEMENT_CONDITION] = {open_condition, NULL, false},
    [ELEMENT_CONDITION_HREF] = {NULL, close_condition_href, true},
    [ELEMENT_DESCRIPTION] = {open_description, close_description, false},
    [ELEMENT_LOCATION_HREF] = {NULL, close_location_href, true},
    [ELEMENT_UID] = {NULL, close_uid, true},
    [ELEMENT_SYNC_TOKEN] = {NULL, close_sync_token, true},
    [ELEMENT_REQUEST_STATUS] = {NULL, close_request_status, true},
    [ELEMENT_VENDOR] = {NULL, close_vendor, false},
    [ELEMENT_VENDOR_PART] = {open_vendor_part, close_vendor_part, true},
    [ELEMENT_PASSED] = {open_passed, NULL, false},
};

/* ---- the machine ---- */

/* Whether a document begins here. Names without a namespace are believed only where a Multi-Status
 * has to be expected: plain XML has errors of its own. */
static bool is_believable(const struct multistatus *m, enum element element, bool is_bare)
{
    if (!is_bare || m->params.http_status == 207)
        return true;
    return element == ELEMENT_MULTISTATUS && m->depth == 0;
}

/* The root, or the first element inside an unknown one. */
static enum element find_root(struct multistatus *m, const struct xml_element *named,
                              bool *is_broken)
{
    struct span local = named->name.local;
    enum space space = space_of(named, is_broken);
    enum element element = grammar_find(top(m), space, local, is_broken);
    m->lexicon.is_bare = space == SPACE_NONE;
    bool is_html = span_equal_nocase(local, span_str("html"));
    bool is_known = element != ELEMENT_WRAPPER && element != ELEMENT_PASSED;
    if (is_known && is_believable(m, element, m->lexicon.is_bare))
        return element;
    if (m->depth == 0 && !is_known && m->params.is_expected && vendor_is_root(local)) {
        m->is_root_known = true;
        return ELEMENT_VENDOR;
    }
    if (m->depth == 0 && !is_known && !is_html)
        return ELEMENT_WRAPPER;
    m->is_root_known = true;
    obey(m, m->params.ops->root(m->params.ctx, ROOT_NONE, is_html, false));
    xml_stop(m->xml);
    return ELEMENT_PASSED;
}

static void on_open(void *ctx, const struct xml_element *element)
{
    struct multistatus *m = ctx;
    bool is_broken = false;
    enum element meaning;
    const struct name *name = &element->name;
    if (m->is_root_known) {
        const struct lexicon_entry *entry = lexicon_find(&m->lexicon, top(m), element);
        is_broken = entry->is_broken;
        meaning = entry->element;
        name = &entry->name;
    } else {
        meaning = find_root(m, element, &is_broken);
    }
    m->stack[m->depth++] = (uint8_t)meaning;
    if (actions[meaning].keeps_text)
        buf_clear(&m->text);
    if (actions[meaning].on_open)
        actions[meaning].on_open(m, name);
    if (is_broken)
        break_namespace(m, "a name outside its namespace");
    check_draft(m);
}

static void on_close(void *ctx)
{
    struct multistatus *m = ctx;
    enum element meaning = top(m);
    if (actions[meaning].on_close)
        actions[meaning].on_close(m, span_trim(buf_span(&m->text)));
    if (actions[meaning].keeps_text)
        buf_clear(&m->text);
    check_draft(m);
    m->depth--;
}

/* White space in front is not kept, so that what is kept cannot grow by what is trimmed anyway. */
static void append(struct multistatus *m, struct buf *kept, struct span text)
{
    while (kept->len == 0 && text.len > 0 && span_trim(span_first(text, 1)).len == 0)
        text = span_after(text, 1);
    struct span part = text_first(text, kept->max_bytes - kept->len);
    if (buf_append(kept, part) != BUF_OK)
        xml_nomem(m->xml);
    if (span_trim(span_after(text, part.len)).len == 0)
        return;
    if (m->draft.is_active)
        m->draft.resource.flags |= RESOURCE_CUT;
    note_limit(m, "max_text_bytes");
}

static void on_text(void *ctx, struct span text)
{
    struct multistatus *m = ctx;
    enum element meaning = top(m);
    if (actions[meaning].keeps_text)
        append(m, &m->text, text);
    else if (meaning == ELEMENT_DESCRIPTION || meaning == ELEMENT_DESCRIPTION_PART)
        append(m, &m->description, text);
}

static void on_note(void *ctx, enum anomaly_kind kind, uint64_t offset, const char *text)
{
    struct multistatus *m = ctx;
    if (kind == ANOMALY_XML_NAMESPACE)
        break_namespace(m, text);
    else
        m->params.ops->note(m->params.ctx, kind, offset, text);
}

/* ---- holes ---- */

/* How many of the open elements a listing goes on in; 0: its root was not seen, or is none. */
static size_t depth_of_listing(const struct multistatus *m)
{
    for (size_t i = 0; i < m->depth && i < XML_MAX_KEPT; i++)
        if (m->stack[i] == ELEMENT_MULTISTATUS)
            return i + 1;
    return 0;
}

static bool may_be_listing(const struct multistatus *m)
{
    return !m->is_root_known && (m->params.http_status == 207 || m->params.http_status == 0);
}

/* The rest of the resource is not there. */
static void cut_resource(struct multistatus *m, uint64_t offset)
{
    draft_cut(&m->draft);
    end_resource(m, offset);
}

static size_t on_gap(void *ctx, uint64_t offset)
{
    struct multistatus *m = ctx;
    if (m->draft.is_active && m->stack[0] != ELEMENT_VENDOR)
        cut_resource(m, offset);
    buf_clear(&m->text);
    buf_clear(&m->description);
    size_t n_kept = depth_of_listing(m);
    m->depth = n_kept;
    m->is_root_lost = n_kept == 0;
    if (n_kept == 0 && !may_be_listing(m))
        xml_stop(m->xml);
    return n_kept;
}

/* Whether the prefix of a response stands for DAV:, or is taken for it. */
static bool is_dav(const struct multistatus *m, const struct resume *resume)
{
    struct xml_element element = {.prefix = resume->prefix};
    bool is_broken = false;
    element.name.space = resume->uri;
    if (!resume->uri.ptr)
        element.name.space = resume_uri(xml_kept_tags(m->xml), resume->prefix);
    enum space space = space_of(&element, &is_broken);
    return space == SPACE_DAV || (space == SPACE_NONE && m->lexicon.is_bare);
}

/* The root was not seen: it declares the prefix of its first response, that much is known. */
static void begin_lost_root(struct multistatus *m, struct span prefix)
{
    struct span tag[] = {
        span_str("<"), prefix, span_str(":"),         span_str("multistatus xmlns"),
        span_str(":"), prefix, span_str("=\"DAV:\">")};
    uint8_t text[RESUME_MAX_BYTES];
    size_t len = 0;
    for (size_t i = 0; i < sizeof tag / sizeof *tag; i++) {
        if (prefix.len == 0 && (i == 2 || i == 4))
            continue;
        memcpy(text + len, tag[i].ptr, tag[i].len);
        len += tag[i].len;
    }
    xml_begin_with(m->xml, span_of(text, len));
}

static enum xml_match on_matches(void *ctx, struct span text)
{
    struct multistatus *m = ctx;
    struct resume resume;
    enum xml_match match = resume_match(&resume, text, m->is_root_lost);
    if (match != XML_MATCH_YES)
        return match;
    if (!m->is_root_lost)
        return is_dav(m, &resume) ? XML_MATCH_YES : XML_MATCH_NO;
    bool is_broken = false;
    struct xml_element element = {.name.space = resume.uri};
    if (resume.uri.ptr && space_of(&element, &is_broken) != SPACE_DAV)
        return XML_MATCH_NO;
    begin_lost_root(m, resume.prefix);
    return XML_MATCH_YES;
}

static const struct xml_ops xml_ops = {on_open, on_close, on_text, on_note, on_gap, on_matches};

static void multistatus_close(void *reader)
{
    struct multistatus *m = reader;
    if (!m)
        return;
    xml_close(m->xml);
    draft_free(&m->draft);
    free(m->stack);
    buf_free(&m->text);
    buf_free(&m->description);
    buf_free(&m->document_description);
    buf_free(&m->sync_token);
    free(m);
}

static void *multistatus_open(const struct body_params *params)
{
    struct multistatus *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    const struct limits *limits = params->limits;
    m->params = *params;
    draft_init(&m->draft, limits);
    buf_init(&m->text, limits->max_text_bytes);
    buf_init(&m->description, limits->max_text_bytes);
    buf_init(&m->document_description, limits->max_text_bytes);
    buf_init(&m->sync_token, limits->max_text_bytes);
    m->stack = malloc(limits->max_depth);
    m->xml =
        xml_open(&(struct xml_params){limits, params->charset, params->base_offset, &xml_ops, m});
    if (!m->stack || !m->xml) {
        multistatus_close(m);
        return NULL;
    }
    return m;
}

static enum body_state multistatus_feed(void *reader, struct span bytes)
{
    struct multistatus *m = reader;
    return xml_feed(m->xml, bytes);
}

static enum body_state multistatus_gap(void *reader, uint64_t n_bytes)
{
    struct multistatus *m = reader;
    return xml_gap(m->xml, n_bytes);
}

static enum body_state multistatus_finish(void *reader)
{
    struct multistatus *m = reader;
    enum body_state state = xml_finish(m->xml);
    if (state == BODY_OPEN && m->draft.is_active)
        cut_resource(m, xml_end(m->xml));
    return state;
}

static struct body_rest multistatus_rest(const void *reader)
{
    const struct multistatus *m = reader;
    struct body_rest rest = {.has_lost = m->has_lost};
    if (m->is_ns_broken)
        rest.flags |= DOCUMENT_NS_BROKEN;
    if (m->is_cut)
        rest.flags |= DOCUMENT_CUT;
    if (m->has_sync_token)
        rest.sync_token = m->sync_token.len > 0 ? buf_span(&m->sync_token) : span_str("");
    if (m->document_description.len > 0)
        rest.description = buf_span(&m->document_description);
    if (m->draft.is_active)
        rest.broken_href = draft_first_href(&m->draft);
    return rest;
}

static size_t multistatus_buffered_bytes(const void *reader)
{
    const struct multistatus *m = reader;
    return sizeof *m + xml_buffered_bytes(m->xml) + m->draft.arena.held_bytes +
           m->params.limits->max_depth + m->text.capacity_bytes + m->description.capacity_bytes +
           m->document_description.capacity_bytes + m->sync_token.capacity_bytes;
}

const struct body_reader multistatus_reader = {
    multistatus_open, multistatus_feed,           multistatus_gap,   multistatus_finish,
    multistatus_rest, multistatus_buffered_bytes, multistatus_close,
};
