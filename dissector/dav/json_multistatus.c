/* In: bytes. Out: the root and the resources, by way of a draft. json_scan says when a text is
 * whole, json_tree parses it, json_shape finds the results in it. */
#include "dissector/dav/json_multistatus.h"

#include "dissector/base/buf.h"
#include "dissector/base/text.h"
#include "dissector/dav/draft.h"
#include "dissector/dav/json_scan.h"
#include "dissector/dav/json_shape.h"
#include "dissector/dav/status_line.h"

#include <stdlib.h>

struct json_multistatus {
    struct body_params params;
    struct json_scan scan;
    struct draft draft;
    struct buf text;      /* of the object, list or line that is being fed */
    uint64_t text_offset; /* of its first byte in the body */
    bool is_whole;        /* text holds all of it; then it is the first, or nothing followed */
    bool is_lines;        /* several texts, each a result */
    bool is_root_told, is_finished;
    bool is_rolled_back;
    enum body_state state;
    uint64_t n_resources;
    const char *limit_noted;
    struct buf message, sync_token;
    bool has_sync_token;
    struct body_rest rest;
};

static bool is_open(const struct json_multistatus *m)
{
    return m->state == BODY_OPEN;
}

static void note(struct json_multistatus *m, enum anomaly_kind kind, size_t at, const char *text)
{
    m->params.ops->note(m->params.ctx, kind, m->text_offset + at, text);
}

static void meet_limit(struct json_multistatus *m, const char *name)
{
    m->rest.flags |= DOCUMENT_CUT;
    if (m->limit_noted != name)
        note(m, ANOMALY_LIMIT, 0, name);
    m->limit_noted = name;
}

static void obey(struct json_multistatus *m, enum feed answer)
{
    if (answer == FEED_NOMEM)
        m->state = BODY_NOMEM;
    else if (answer == FEED_STOP && is_open(m))
        m->state = BODY_STOPPED;
}

static void tell_root(struct json_multistatus *m, enum root root)
{
    if (!m->is_root_told)
        obey(m, m->params.ops->root(m->params.ctx, root, false, false));
    m->is_root_told = true;
}

/* ---- a resource ---- */

/* As much of a text as is kept of one. */
static struct span fitting(struct json_multistatus *m, struct span text)
{
    struct span fits = text_first(text, m->params.limits->max_text_bytes);
    if (fits.len < text.len) {
        m->draft.resource.flags |= RESOURCE_CUT;
        meet_limit(m, "max_text_bytes");
    }
    return fits;
}

static void begin_resource(struct json_multistatus *m)
{
    draft_begin(&m->draft, m->n_resources++, m->text_offset);
    m->draft.resource.is_of_json = true;
}

static void end_resource(struct json_multistatus *m)
{
    struct propstat *propstats;
    struct resource *resource = draft_end(&m->draft, m->text_offset, &propstats);
    if (m->draft.met)
        meet_limit(m, m->draft.met);
    m->draft.met = NULL;
    m->rest.has_lost |= m->draft.has_lost;
    if (m->draft.is_nomem)
        m->state = BODY_NOMEM;
    else
        obey(m, m->params.ops->resource(m->params.ctx, resource, propstats));
}

/* Several ids: one error that speaks of several things. */
static void add_ids(struct json_multistatus *m, const struct json_item *item)
{
    if (item->id.ptr)
        draft_href(&m->draft, fitting(m, item->id));
    else if (item->ids)
        for (struct json_walk w = {.node = item->ids}; json_tree_next(&w);)
            if (json_tree_text(w.value).len > 0)
                draft_href(&m->draft, fitting(m, json_tree_text(w.value)));
}

/* What a result comes to that says so with no number, or where the number does not hold. OUTCOME_N:
 * its number decides, or nothing does. */
static enum outcome told_class(const struct json_multistatus *m, const struct json_item *item,
                               enum json_list_kind list)
{
    bool is_by_code = item->evidence == JSON_EVIDENCE_CODE && item->code > 0;
    bool is_good_code = is_by_code && item->code < 400;
    bool is_good =
        is_by_code ? is_good_code : item->class == OUTCOME_OK || item->class == OUTCOME_UNCHANGED;
    bool says_nothing = !is_by_code && item->class == OUTCOME_UNKNOWN;
    if (item->is_contradiction)
        return OUTCOME_FAILED;
    if (list == JSON_LIST_BAD && (is_good || says_nothing))
        return OUTCOME_FAILED;
    if (list == JSON_LIST_GOOD && says_nothing && item->evidence != JSON_EVIDENCE_CODE)
        is_good = true;
    if (m->is_rolled_back && is_good)
        return OUTCOME_DEPENDENT;
    if (item->evidence == JSON_EVIDENCE_CODE)
        return OUTCOME_N;
    if (is_good && item->class != OUTCOME_UNCHANGED)
        return OUTCOME_OK;
    return item->evidence == JSON_EVIDENCE_NONE ? OUTCOME_N : item->class;
}

static bool take_result(void *ctx, const struct json_item *item, enum json_list_kind list)
{
    struct json_multistatus *m = ctx;
    begin_resource(m);
    add_ids(m, item);
    if (item->evidence == JSON_EVIDENCE_CODE)
        draft_code(&m->draft, item->code);
    enum outcome class = told_class(m, item, list);
    if (class != OUTCOME_N)
        draft_told(&m->draft, class);
    bool is_good_code = item->evidence == JSON_EVIDENCE_CODE && item->code < 400;
    if (item->is_contradiction || (list == JSON_LIST_BAD && is_good_code && item->code > 0))
        m->draft.resource.flags |= RESOURCE_CONTRADICTION;
    bool went_well = class == OUTCOME_OK || (class == OUTCOME_N && json_item_is_good(item));
    draft_description(&m->draft, fitting(m, went_well ? item->note : item->reason));
    if (!went_well)
        draft_description(&m->draft, fitting(m, item->word));
    end_resource(m);
    return is_open(m);
}

/* ---- a Multi-Status of WebDAV ---- */

/* "{namespace}local" or "local". */
static struct name clark_name(struct span text)
{
    size_t at = text.len > 0 && text.ptr[0] == '{' ? span_find_byte(text, '}') : text.len;
    if (at == text.len)
        return (struct name){{NULL, 0}, text};
    return (struct name){span_first(span_after(text, 1), at - 1), span_after(text, at + 1)};
}

static void take_dav_status(struct json_multistatus *m, struct span text)
{
    uint64_t code;
    if (text.len == 3 && span_decimal(text, 999, &code))
        draft_code(&m->draft, (uint16_t)code);
    else
        draft_status(&m->draft, text);
}

static void take_dav_prop(struct json_multistatus *m, const struct json_node *prop)
{
    draft_prop(&m->draft);
    for (struct json_walk w = {.node = prop}; json_tree_next(&w);) {
        struct name name = clark_name(w.name);
        draft_property(&m->draft, &name);
    }
}

/* {"href": .., "status": .., "prop": {..}}: the status is that of the properties. */
static void take_dav_response(struct json_multistatus *m, const struct json_node *node)
{
    struct span href = {NULL, 0}, status = {NULL, 0};
    const struct json_node *prop = NULL;
    for (struct json_walk w = {.node = node}; json_tree_next(&w);) {
        if (json_name_is(w.name, "href"))
            href = json_tree_text(w.value);
        else if (json_name_is(w.name, "status"))
            status = json_tree_text(w.value);
        else if (json_name_is(w.name, "prop"))
            prop = json_tree_kind(w.value) == JSON_KIND_MAP ? w.value : NULL;
    }
    begin_resource(m);
    if (href.ptr)
        draft_href(&m->draft, fitting(m, href));
    if (prop)
        draft_propstat_begin(&m->draft);
    if (status.ptr)
        take_dav_status(m, status);
    if (prop) {
        take_dav_prop(m, prop);
        draft_propstat_end(&m->draft);
    }
    end_resource(m);
}

static void read_dav(struct json_multistatus *m, const struct json_node *responses,
                     struct span sync_token)
{
    tell_root(m, ROOT_MULTISTATUS);
    m->has_sync_token = sync_token.ptr != NULL;
    if (buf_append(&m->sync_token, fitting(m, sync_token)) == BUF_NOMEM)
        m->state = BODY_NOMEM;
    for (struct json_walk w = {.node = responses}; is_open(m) && json_tree_next(&w);)
        take_dav_response(m, w.value);
}

/* ---- a tree ---- */

static void keep_message(struct json_multistatus *m, struct span message)
{
    if (m->message.len == 0 && buf_append(&m->message, fitting(m, message)) == BUF_NOMEM)
        m->state = BODY_NOMEM;
}

static void read_batch(struct json_multistatus *m, const struct json_node *root)
{
    struct json_shape shape = json_shape_read(root, NULL);
    bool is_certain = shape.n_results > 0 && shape.is_plain;
    if (!shape.has_list || (!m->params.is_expected && !is_certain))
        return;
    tell_root(m, ROOT_BATCH);
    keep_message(m, shape.message);
    m->is_rolled_back = shape.is_rolled_back;
    m->rest.is_failures_only = shape.is_failures_only;
    m->rest.is_one_by_one = shape.is_one_by_one;
    if (shape.is_contradiction)
        m->rest.flags |= DOCUMENT_CONTRADICTION;
    if (is_open(m))
        json_shape_read(root, &(struct json_results){take_result, m});
}

/* A line is a result by itself. */
static void read_line(struct json_multistatus *m, const struct json_node *root)
{
    struct json_item item = json_item_read(root);
    if (!m->params.is_expected && !m->is_root_told && !json_item_is_plain(&item)) {
        m->state = BODY_STOPPED;
        return;
    }
    tell_root(m, ROOT_BATCH);
    if (is_open(m))
        take_result(m, &item, JSON_LIST_PLAIN);
}

static void read_tree(struct json_multistatus *m, const struct json_node *root)
{
    struct span sync_token;
    const struct json_node *responses = json_shape_dav(root, &sync_token);
    if (m->is_lines)
        read_line(m, root);
    else if (responses)
        read_dav(m, responses, sync_token);
    else
        read_batch(m, root);
}

/* Under another status damaged JSON is none of ours. */
static void be_damaged(struct json_multistatus *m, size_t at)
{
    note(m, ANOMALY_JSON_MALFORMED, at, m->is_lines ? "in a line" : NULL);
    m->state = m->params.is_expected || m->is_root_told ? BODY_DAMAGED : BODY_STOPPED;
}

/* ---- what stands before a break or damage ---- */

/* The scan is limited before the text is. */
static void append(struct json_multistatus *m, struct span bytes)
{
    if (buf_append(&m->text, bytes) != BUF_OK)
        m->state = BODY_NOMEM;
}

/* The text ends behind its last result that is whole: what is open there is closed. False: there is
 * none, or no memory. */
static bool end_behind_whole(struct json_multistatus *m)
{
    struct json_scan *scan = &m->scan;
    if (scan->whole_depth == 0 || m->is_lines)
        return false;
    m->text.len = (size_t)scan->whole_bytes;
    for (size_t depth = scan->whole_depth; depth > 0 && is_open(m); depth--)
        append(m, span_of(&scan->whole_closers[depth - 1], 1));
    return is_open(m);
}

/* A client can use none of a text that is damaged; what stands before the damage shows all the same
 * how far the server came, as with XML. */
static void read_before_damage(struct json_multistatus *m)
{
    struct json_node *root;
    size_t damaged_at;
    if (!end_behind_whole(m))
        return;
    enum json_tree_result result = json_tree_load(buf_span(&m->text), &root, &damaged_at);
    if (result == JSON_TREE_OK)
        read_tree(m, root);
    else if (result == JSON_TREE_NOMEM)
        m->state = BODY_NOMEM;
    json_tree_free(root);
}

/* The parser refuses what looked whole: its results are cut anew, before the byte it stumbled at.
 */
static void read_refused_text(struct json_multistatus *m, size_t damaged_at)
{
    bool is_whole;
    size_t n = damaged_at > 0 ? damaged_at - 1 : 0;
    json_scan_init(&m->scan, m->params.limits);
    (void)json_scan_next(&m->scan, span_first(buf_span(&m->text), n), &is_whole);
    read_before_damage(m);
    if (is_open(m))
        be_damaged(m, damaged_at);
}

/* ---- a text ---- */

static void read_text(struct json_multistatus *m)
{
    struct json_node *root;
    size_t damaged_at;
    switch (json_tree_load(buf_span(&m->text), &root, &damaged_at)) {
    case JSON_TREE_OK:
        read_tree(m, root);
        break;
    case JSON_TREE_DAMAGED:
        read_refused_text(m, damaged_at);
        break;
    case JSON_TREE_UNAVAILABLE:
        m->state = BODY_STOPPED;
        break;
    case JSON_TREE_NOMEM:
        m->state = BODY_NOMEM;
        break;
    }
    json_tree_free(root);
}

/* The text is whole and another begins: they are lines. */
static void begin_next(struct json_multistatus *m)
{
    m->is_lines = true;
    read_text(m);
    m->text_offset += m->scan.n_bytes;
    m->is_whole = false;
    buf_clear(&m->text);
    json_scan_init(&m->scan, m->params.limits);
}

/* ---- the reader ---- */

/* What stands before the break. */
static void read_broken_text(struct json_multistatus *m)
{
    if (end_behind_whole(m))
        read_text(m);
}

static void end_at_limit(struct json_multistatus *m)
{
    read_broken_text(m);
    if (!is_open(m))
        return;
    meet_limit(m, m->scan.met);
    m->state = BODY_LIMITED;
}

static void end_at_damage(struct json_multistatus *m)
{
    size_t damaged_at = (size_t)m->scan.n_bytes - 1;
    read_before_damage(m);
    if (is_open(m))
        be_damaged(m, damaged_at);
}

/* How many bytes at the start belong to no text: white space, a byte order mark, the mark before a
 * record of RFC 7464. */
static size_t n_between(struct span bytes)
{
    static const char between[] = " \t\r\n\x1E\xEF\xBB\xBF";
    size_t n = 0;
    while (n < bytes.len && memchr(between, bytes.ptr[n], sizeof between - 1))
        n++;
    return n;
}

/* Behind a text that is whole: another one, or what is none. */
static void begin_behind(struct json_multistatus *m, uint8_t first)
{
    if (m->is_lines || first == '{' || first == '[') {
        begin_next(m);
        return;
    }
    read_text(m);
    note(m, ANOMALY_JSON_MALFORMED, (size_t)m->scan.n_bytes, "bytes behind the end");
    if (is_open(m))
        m->state = m->is_root_told ? BODY_EXTRA : BODY_STOPPED;
}

static struct span take_bytes(struct json_multistatus *m, struct span bytes)
{
    size_t n = m->text.len == 0 || m->is_whole ? n_between(bytes) : 0;
    if (n > 0) {
        m->scan.n_bytes += m->is_whole ? n : 0;
        m->text_offset += m->is_whole ? 0 : n;
        return span_after(bytes, n);
    }
    if (m->is_whole)
        begin_behind(m, bytes.ptr[0]);
    if (!is_open(m))
        return (struct span){NULL, 0};
    n = json_scan_next(&m->scan, bytes, &m->is_whole);
    append(m, span_first(bytes, n));
    if (m->scan.state == JSON_SCAN_DAMAGED)
        end_at_damage(m);
    else if (m->scan.state == JSON_SCAN_LIMITED)
        end_at_limit(m);
    return span_after(bytes, n);
}

static void json_multistatus_close(void *reader)
{
    struct json_multistatus *m = reader;
    if (!m)
        return;
    draft_free(&m->draft);
    buf_free(&m->text);
    buf_free(&m->message);
    buf_free(&m->sync_token);
    free(m);
}

static void *json_multistatus_open(const struct body_params *params)
{
    struct json_multistatus *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->params = *params;
    m->text_offset = params->base_offset;
    m->state = BODY_OPEN;
    json_scan_init(&m->scan, params->limits);
    draft_init(&m->draft, params->limits);
    buf_init(&m->text, params->limits->max_json_bytes + JSON_SCAN_MAX_DEPTH);
    buf_init(&m->message, params->limits->max_text_bytes);
    buf_init(&m->sync_token, params->limits->max_text_bytes);
    return m;
}

static enum body_state json_multistatus_feed(void *reader, struct span bytes)
{
    struct json_multistatus *m = reader;
    while (bytes.len > 0 && is_open(m))
        bytes = take_bytes(m, bytes);
    return m->state;
}

static enum body_state json_multistatus_finish(void *reader)
{
    struct json_multistatus *m = reader;
    if (m->is_finished || !is_open(m))
        return m->state;
    m->is_finished = true;
    if (!m->is_whole && m->text.len > 0) {
        read_broken_text(m);
        return m->state;
    }
    if (m->is_whole)
        read_text(m);
    if (!is_open(m))
        return m->state;
    m->state = m->is_root_told ? BODY_CLOSED : BODY_STOPPED;
    return m->state;
}

/* Behind a hole nobody knows what is open. */
static enum body_state json_multistatus_gap(void *reader, uint64_t n_bytes)
{
    struct json_multistatus *m = reader;
    (void)n_bytes;
    if (json_multistatus_finish(m) == BODY_OPEN || m->state == BODY_CLOSED)
        m->state = BODY_STOPPED;
    return m->state;
}

static struct body_rest json_multistatus_rest(const void *reader)
{
    const struct json_multistatus *m = reader;
    struct body_rest rest = m->rest;
    if (m->has_sync_token)
        rest.sync_token = m->sync_token.len > 0 ? buf_span(&m->sync_token) : span_str("");
    if (m->message.len > 0)
        rest.description = buf_span(&m->message);
    return rest;
}

static size_t json_multistatus_buffered_bytes(const void *reader)
{
    const struct json_multistatus *m = reader;
    return sizeof *m + m->draft.arena.held_bytes + m->text.capacity_bytes +
           m->message.capacity_bytes + m->sync_token.capacity_bytes;
}

const struct body_reader json_multistatus_reader = {
    json_multistatus_open,   json_multistatus_feed, json_multistatus_gap,
    json_multistatus_finish, json_multistatus_rest, json_multistatus_buffered_bytes,
    json_multistatus_close,
};
