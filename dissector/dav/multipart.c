/* In: bytes. Out: resources. A line is looked at as far as a boundary, a field or a status line can
 * be long; what else stands in a part goes by. */
#include "dissector/dav/multipart.h"

#include "dissector/base/buf.h"
#include "dissector/dav/draft.h"
#include "dissector/dav/media_type.h"

#include <stdlib.h>

/* RFC 2046 §5.1.1 has boundaries of at most 70 characters. */
enum { MAX_BOUNDARY = 70, MAX_LEVELS = 4 };

enum place {
    PLACE_BETWEEN, /* before the first part, or behind the last */
    PLACE_FIELDS,  /* of a part */
    PLACE_STATUS,  /* where a response has its status line */
    PLACE_RESPONSE_FIELDS,
    PLACE_CONTENT,
};

struct multipart {
    struct body_params params;
    struct draft draft;
    struct buf line; /* so far; the start of it when it is long */
    bool is_long;
    uint8_t boundaries[MAX_LEVELS][MAX_BOUNDARY];
    size_t boundary_len[MAX_LEVELS];
    size_t n_open; /* multiparts */
    enum place place;
    enum body_state state;
    bool is_root_told, is_finished, is_response; /* the part is one */
    struct buf inner_boundary;                   /* of a part that is itself multipart */
    uint64_t offset, line_offset;                /* now; and where the line began */
    uint64_t n_resources;
    struct body_rest rest;
};

static void obey(struct multipart *m, enum feed answer)
{
    if (answer == FEED_NOMEM)
        m->state = BODY_NOMEM;
    else if (answer == FEED_STOP && m->state == BODY_OPEN)
        m->state = BODY_STOPPED;
}

/* ---- parts ---- */

static void begin_part(struct multipart *m)
{
    m->place = PLACE_FIELDS;
    m->is_response = false;
    buf_clear(&m->inner_boundary);
    draft_begin(&m->draft, m->n_resources, m->offset);
}

/* Once a body is enough. */
static void note_limit(struct multipart *m)
{
    m->rest.has_lost |= m->draft.has_lost;
    if (m->draft.met && !(m->rest.flags & DOCUMENT_CUT))
        m->params.ops->note(m->params.ctx, ANOMALY_LIMIT, m->offset, m->draft.met);
    if (m->draft.met)
        m->rest.flags |= DOCUMENT_CUT;
    m->draft.met = NULL;
}

static void end_part(struct multipart *m)
{
    bool is_response = m->is_response && m->place != PLACE_BETWEEN && m->place != PLACE_FIELDS;
    m->place = PLACE_BETWEEN;
    m->is_response = false;
    if (!is_response)
        return;
    if (!m->is_root_told)
        obey(m, m->params.ops->root(m->params.ctx, ROOT_BATCH, false, false));
    m->is_root_told = true;
    m->n_resources++;
    struct propstat *propstats;
    struct resource *resource = draft_end(&m->draft, m->line_offset, &propstats);
    note_limit(m);
    if (m->draft.is_nomem)
        m->state = BODY_NOMEM;
    if (m->state == BODY_OPEN)
        obey(m, m->params.ops->resource(m->params.ctx, resource, propstats));
}

static bool push_boundary(struct multipart *m, struct span boundary)
{
    if (boundary.len == 0 || boundary.len > MAX_BOUNDARY || m->n_open == MAX_LEVELS)
        return false;
    memcpy(m->boundaries[m->n_open], boundary.ptr, boundary.len);
    m->boundary_len[m->n_open++] = boundary.len;
    return true;
}

/* The level whose boundary this is, from 1; 0: none. *is_last: no part follows on it. */
static size_t level_of(const struct multipart *m, struct span line, bool *is_last)
{
    if (m->is_long || !span_starts(line, span_str("--")))
        return 0;
    struct span text = span_after(span_trim(line), 2);
    for (size_t level = m->n_open; level > 0; level--) {
        struct span boundary = span_of(m->boundaries[level - 1], m->boundary_len[level - 1]);
        struct span rest = span_after(text, boundary.len);
        *is_last = span_equal(rest, span_str("--"));
        if (span_starts(text, boundary) && (rest.len == 0 || *is_last))
            return level;
    }
    return 0;
}

/* ---- lines ---- */

/* "<response-item1>" is "item1". */
static struct span plain_id(struct span id)
{
    id = span_trim(id);
    if (id.len > 1 && id.ptr[0] == '<' && id.ptr[id.len - 1] == '>')
        id = span_first(span_after(id, 1), id.len - 2);
    struct span answer = span_str("response-");
    return span_equal_nocase(span_first(id, answer.len), answer) ? span_after(id, answer.len) : id;
}

static void take_content_type(struct multipart *m, struct span value)
{
    struct span type = media_type_of(value), multipart = span_str("multipart/");
    m->is_response = span_equal_nocase(type, span_str("application/http"));
    if (!span_equal_nocase(span_first(type, multipart.len), multipart))
        return;
    if (buf_append(&m->inner_boundary, media_parameter(value, span_str("boundary"))) == BUF_NOMEM)
        m->state = BODY_NOMEM;
}

static void take_field(struct multipart *m, struct span line)
{
    size_t colon = span_find_byte(line, ':');
    struct span name = span_trim(span_first(line, colon));
    struct span value = span_trim(span_after(line, colon + 1));
    bool has_id = m->draft.hrefs.n > 0;
    if (m->place == PLACE_FIELDS && span_equal_nocase(name, span_str("content-type")))
        take_content_type(m, value);
    else if (span_equal_nocase(name, span_str("content-id")) && !has_id && value.len > 0)
        draft_href(&m->draft, plain_id(value));
    else if (m->place == PLACE_RESPONSE_FIELDS && span_equal_nocase(name, span_str("location")))
        draft_location(&m->draft, value);
}

static void end_fields(struct multipart *m)
{
    if (m->place == PLACE_RESPONSE_FIELDS) {
        m->place = PLACE_CONTENT;
        return;
    }
    m->place = m->is_response ? PLACE_STATUS : PLACE_CONTENT;
    if (m->inner_boundary.len > 0 && push_boundary(m, buf_span(&m->inner_boundary)))
        m->place = PLACE_BETWEEN;
}

static void take_status(struct multipart *m, struct span line)
{
    if (span_trim(line).len == 0)
        return;
    draft_status(&m->draft, line);
    m->place = PLACE_RESPONSE_FIELDS;
}

static void take_boundary(struct multipart *m, size_t level, bool is_last)
{
    end_part(m);
    m->n_open = is_last ? level - 1 : level;
    if (!is_last)
        begin_part(m);
    if (m->n_open == 0 && m->state == BODY_OPEN)
        m->state = m->is_root_told ? BODY_CLOSED : BODY_STOPPED;
}

/* A body whose media type does not say its boundary begins with it. */
static void take_first_line(struct multipart *m, struct span line)
{
    struct span text = span_trim(line);
    if (span_starts(text, span_str("--")) && push_boundary(m, span_after(text, 2)))
        begin_part(m);
}

static void take_line(struct multipart *m)
{
    struct span line = buf_span(&m->line);
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line = span_first(line, line.len - 1);
    bool is_last = false;
    size_t level = level_of(m, line, &is_last);
    if (level > 0)
        take_boundary(m, level, is_last);
    else if (m->n_open == 0)
        take_first_line(m, line);
    else if (m->place == PLACE_STATUS)
        take_status(m, line);
    else if ((m->place == PLACE_FIELDS || m->place == PLACE_RESPONSE_FIELDS) && line.len == 0)
        end_fields(m);
    else if (m->place == PLACE_FIELDS || m->place == PLACE_RESPONSE_FIELDS)
        take_field(m, line);
    buf_clear(&m->line);
    m->is_long = false;
    m->line_offset = m->offset;
}

static void keep_line(struct multipart *m, struct span part)
{
    struct span fits = span_first(part, m->line.max_bytes - m->line.len);
    m->is_long |= fits.len < part.len;
    if (buf_append(&m->line, fits) != BUF_OK)
        m->state = BODY_NOMEM;
}

/* ---- the reader ---- */

static void multipart_close(void *reader)
{
    struct multipart *m = reader;
    if (!m)
        return;
    draft_free(&m->draft);
    buf_free(&m->line);
    buf_free(&m->inner_boundary);
    free(m);
}

static void *multipart_open(const struct body_params *params)
{
    struct multipart *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->params = *params;
    m->offset = m->line_offset = params->base_offset;
    m->state = BODY_OPEN;
    draft_init(&m->draft, params->limits);
    buf_init(&m->line, params->limits->max_field_bytes);
    buf_init(&m->inner_boundary, params->limits->max_field_bytes);
    push_boundary(m, params->boundary);
    return m;
}

static enum body_state multipart_feed(void *reader, struct span bytes)
{
    struct multipart *m = reader;
    while (bytes.len > 0 && m->state == BODY_OPEN) {
        size_t n = span_find_byte(bytes, '\n');
        bool is_whole = n < bytes.len;
        keep_line(m, span_first(bytes, n));
        n += is_whole;
        m->offset += n;
        if (is_whole && m->state == BODY_OPEN)
            take_line(m);
        bytes = span_after(bytes, n);
    }
    return m->state;
}

/* The part the hole is in is not told: it may have hidden a boundary. */
static enum body_state multipart_gap(void *reader, uint64_t n_bytes)
{
    struct multipart *m = reader;
    m->offset += n_bytes;
    m->place = PLACE_BETWEEN;
    m->is_response = false;
    buf_clear(&m->line);
    m->is_long = true; /* what is left of the line the hole ends in */
    return m->state;
}

/* The last boundary may end without a line end. */
static enum body_state multipart_finish(void *reader)
{
    struct multipart *m = reader;
    if (m->is_finished || m->state != BODY_OPEN)
        return m->state;
    m->is_finished = true;
    bool is_last = false;
    if (level_of(m, buf_span(&m->line), &is_last) > 0 && is_last)
        take_line(m);
    return m->state;
}

static struct body_rest multipart_rest(const void *reader)
{
    return ((const struct multipart *)reader)->rest;
}

static size_t multipart_buffered_bytes(const void *reader)
{
    const struct multipart *m = reader;
    return sizeof *m + m->draft.arena.held_bytes + m->line.capacity_bytes +
           m->inner_boundary.capacity_bytes;
}

const struct body_reader multipart_reader = {
    multipart_open, multipart_feed,           multipart_gap,   multipart_finish,
    multipart_rest, multipart_buffered_bytes, multipart_close,
};
