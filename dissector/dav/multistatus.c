/* In: elements and texts. Out: resources. A stack of what the open elements mean (grammar.c), what
 * to do when one opens and closes (multistatus_element.c), and a draft of the resource being read.
 * Texts are kept only where that table says so: most property values are passed over. */
#include "dissector/dav/multistatus.h"

#include "dissector/base/text.h"
#include "dissector/dav/multistatus_state.h"
#include "dissector/dav/resume.h"

#include <stdlib.h>

void multistatus_note_limit(struct multistatus *m, const char *name)
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

void multistatus_obey(struct multistatus *m, enum feed answer)
{
    if (answer == FEED_NOMEM)
        xml_nomem(m->xml);
    else if (answer == FEED_STOP)
        xml_stop(m->xml);
}

void multistatus_take_failure(struct multistatus *m)
{
    if (m->draft.is_nomem)
        xml_nomem(m->xml);
    if (m->draft.met)
        multistatus_note_limit(m, m->draft.met);
    m->draft.met = NULL;
    m->has_lost |= m->draft.has_lost;
}

static void break_namespace(struct multistatus *m, const char *text)
{
    if (m->is_root_lost || m->is_root_guessed)
        return;
    m->is_ns_broken = true;
    if (m->draft.is_active)
        m->draft.resource.flags |= RESOURCE_NS_BROKEN;
    if (!m->is_ns_noted)
        m->params.ops->note(m->params.ctx, ANOMALY_XML_NAMESPACE, xml_offset(m->xml), text);
    m->is_ns_noted = true;
}

/* Whether a document begins here. Names without a namespace are believed only where a Multi-Status
 * has to be expected: plain XML has errors of its own. */
static bool is_believable(const struct multistatus *m, enum element element, bool is_bare)
{
    if (!is_bare || m->params.http_status == 207)
        return true;
    return element == ELEMENT_MULTISTATUS && m->depth == 0;
}

/* Elsewhere properties alone are no answer that is known. */
static bool is_lock_answer(const struct multistatus *m)
{
    uint16_t status = m->params.http_status;
    return m->params.request->operation == OPERATION_LOCK && (status == 200 || status == 201);
}

/* The root, or the first element inside an unknown one. */
static enum element find_root(struct multistatus *m, const struct xml_element *named,
                              bool *is_broken)
{
    struct span local = named->name.local;
    enum space space = space_of(named, is_broken);
    enum element element = grammar_find(multistatus_top(m), space, local, is_broken);
    if (element == ELEMENT_ROOT_PROP && !is_lock_answer(m))
        element = ELEMENT_WRAPPER;
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
    multistatus_obey(m, m->params.ops->root(m->params.ctx, ROOT_NONE, is_html, false));
    xml_stop(m->xml);
    return ELEMENT_PASSED;
}

static void enter(struct multistatus *m, enum element meaning, const struct name *name)
{
    const struct multistatus_action *action = &multistatus_actions[meaning];
    m->stack[m->depth++] = (uint8_t)meaning;
    if (action->keeps_text)
        m->text.len = 0;
    if (action->on_open)
        action->on_open(m, name);
}

static void on_open(void *ctx, const struct xml_tag *tag)
{
    struct multistatus *m = ctx;
    bool is_broken = false;
    if (m->is_root_known) {
        const struct lexicon_entry *entry = lexicon_find(&m->lexicon, multistatus_top(m), tag);
        is_broken = entry->is_broken;
        enter(m, entry->element, &entry->name);
    } else {
        struct xml_element element = xml_element_of(tag);
        enter(m, find_root(m, &element, &is_broken), &element.name);
    }
    if (is_broken)
        break_namespace(m, "a name outside its namespace");
    multistatus_check_draft(m);
}

static void on_close(void *ctx)
{
    struct multistatus *m = ctx;
    const struct multistatus_action *action = &multistatus_actions[multistatus_top(m)];
    if (action->on_close)
        action->on_close(m, span_trim(buf_span(&m->text)));
    if (action->keeps_text)
        m->text.len = 0;
    multistatus_check_draft(m);
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
    multistatus_note_limit(m, "max_text_bytes");
}

static void on_text(void *ctx, struct span text)
{
    struct multistatus *m = ctx;
    enum element meaning = multistatus_top(m);
    if (multistatus_actions[meaning].keeps_text)
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
    multistatus_end_resource(m, offset);
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
    m->is_root_guessed = true;
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
