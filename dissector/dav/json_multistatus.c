/* In: bytes. Out: the root and the resources. json_scan says when a text is whole, json_tree parses
 * it, and the first shape that knows it tells what it says. */
#include "dissector/dav/json_multistatus.h"

#include "dissector/dav/json_batch.h"
#include "dissector/dav/json_dav.h"
#include "dissector/dav/json_jmap.h"
#include "dissector/dav/json_scan.h"

#include <stdlib.h>

/* What a text may be; false: it is not. The last takes what no other does. */
static bool (*const shapes[])(struct json_tell *tell, const struct json_node *root) = {
    json_dav_read,
    json_jmap_read,
    json_batch_read,
};

struct json_multistatus {
    struct json_scan scan;
    struct json_tell tell;
    struct buf text; /* of the object, list or line that is being fed */
    bool is_whole;   /* text holds all of it; then it is the first, or nothing followed */
    bool is_lines;   /* several texts, each a result */
    bool is_finished;
};

static bool is_open(const struct json_multistatus *m)
{
    return json_tell_is_open(&m->tell);
}

static void read_tree(struct json_multistatus *m, const struct json_node *root)
{
    bool is_known = false;
    if (m->is_lines && !json_batch_read_line(&m->tell, root))
        m->tell.state = BODY_STOPPED;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes && !m->is_lines && !is_known; i++)
        is_known = shapes[i](&m->tell, root);
}

/* Under another status damaged JSON is none of ours. */
static void be_damaged(struct json_multistatus *m, size_t at)
{
    json_tell_note(&m->tell, ANOMALY_JSON_MALFORMED, at, m->is_lines ? "in a line" : NULL);
    m->tell.state =
        m->tell.params.is_expected || m->tell.is_root_told ? BODY_DAMAGED : BODY_STOPPED;
}

/* ---- what stands before a break or damage ---- */

/* The scan is limited before the text is. */
static void append(struct json_multistatus *m, struct span bytes)
{
    if (buf_append(&m->text, bytes) != BUF_OK)
        m->tell.state = BODY_NOMEM;
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
        m->tell.state = BODY_NOMEM;
    json_tree_free(root);
}

/* The parser refuses what looked whole: its results are cut anew, before the byte it stumbled at.
 */
static void read_refused_text(struct json_multistatus *m, size_t damaged_at)
{
    bool is_whole;
    size_t n = damaged_at > 0 ? damaged_at - 1 : 0;
    json_scan_init(&m->scan, m->tell.params.limits);
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
        m->tell.state = BODY_STOPPED;
        break;
    case JSON_TREE_NOMEM:
        m->tell.state = BODY_NOMEM;
        break;
    }
    json_tree_free(root);
}

/* The text is whole and another begins: they are lines. */
static void begin_next(struct json_multistatus *m)
{
    m->is_lines = true;
    read_text(m);
    m->tell.text_offset += m->scan.n_bytes;
    m->is_whole = false;
    buf_clear(&m->text);
    json_scan_init(&m->scan, m->tell.params.limits);
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
    json_tell_limit(&m->tell, m->scan.met);
    m->tell.state = BODY_LIMITED;
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
    json_tell_note(&m->tell, ANOMALY_JSON_MALFORMED, (size_t)m->scan.n_bytes,
                   "bytes behind the end");
    if (is_open(m))
        m->tell.state = m->tell.is_root_told ? BODY_EXTRA : BODY_STOPPED;
}

static struct span take_bytes(struct json_multistatus *m, struct span bytes)
{
    size_t n = m->text.len == 0 || m->is_whole ? n_between(bytes) : 0;
    if (n > 0) {
        m->scan.n_bytes += m->is_whole ? n : 0;
        m->tell.text_offset += m->is_whole ? 0 : n;
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
    json_tell_free(&m->tell);
    buf_free(&m->text);
    free(m);
}

static void *json_multistatus_open(const struct body_params *params)
{
    struct json_multistatus *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    json_tell_init(&m->tell, params);
    json_scan_init(&m->scan, params->limits);
    buf_init(&m->text, params->limits->max_json_bytes + JSON_SCAN_MAX_DEPTH);
    return m;
}

static enum body_state json_multistatus_feed(void *reader, struct span bytes)
{
    struct json_multistatus *m = reader;
    while (bytes.len > 0 && is_open(m))
        bytes = take_bytes(m, bytes);
    return m->tell.state;
}

static enum body_state json_multistatus_finish(void *reader)
{
    struct json_multistatus *m = reader;
    if (m->is_finished || !is_open(m))
        return m->tell.state;
    m->is_finished = true;
    if (!m->is_whole && m->text.len > 0) {
        read_broken_text(m);
        return m->tell.state;
    }
    if (m->is_whole)
        read_text(m);
    if (!is_open(m))
        return m->tell.state;
    m->tell.state = m->tell.is_root_told ? BODY_CLOSED : BODY_STOPPED;
    return m->tell.state;
}

/* Behind a hole nobody knows what is open. */
static enum body_state json_multistatus_gap(void *reader, uint64_t n_bytes)
{
    struct json_multistatus *m = reader;
    (void)n_bytes;
    if (json_multistatus_finish(m) == BODY_OPEN || m->tell.state == BODY_CLOSED)
        m->tell.state = BODY_STOPPED;
    return m->tell.state;
}

static struct body_rest json_multistatus_rest(const void *reader)
{
    const struct json_multistatus *m = reader;
    return json_tell_rest(&m->tell);
}

/* The tree of the text comes and goes within one call; room for it is counted while the text grows,
 * so that what makes room does so before it is there. */
static size_t json_multistatus_buffered_bytes(const void *reader)
{
    const struct json_multistatus *m = reader;
    return sizeof *m + json_tell_bytes(&m->tell) + m->text.capacity_bytes + m->scan.tree_bytes +
           json_tree_text_bytes(m->text.len);
}

const struct body_reader json_multistatus_reader = {
    json_multistatus_open,   json_multistatus_feed, json_multistatus_gap,
    json_multistatus_finish, json_multistatus_rest, json_multistatus_buffered_bytes,
    json_multistatus_close,
};
