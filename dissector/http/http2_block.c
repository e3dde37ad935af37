/* Fragments in, heads out. A block in one frame is decoded where it stands. What of a block is
 * missing costs the rest of its fields, and makes the table of its direction unknown. */
#include "dissector/http/http2_block.h"

#include "dissector/base/reader.h"
#include "dissector/http/http2_message.h"

/* A promise is the whole request; its answer comes on the stream it names. */
static enum feed deliver_promise(struct http2_half *half, const struct http2_head *head,
                                 const struct origin *origin)
{
    if (half->dir == DIR_SERVER && half->block.promised > 0)
        return http2_message_begin(&half->http2->half[DIR_CLIENT], half->block.promised, head,
                                   origin);
    http2_note(half, half->block.frame.stream, ANOMALY_HTTP2_FRAME, "a promise of nothing", origin);
    return FEED_OK;
}

static enum feed deliver(struct http2_half *half, const struct http2_head *head,
                         const struct origin *origin)
{
    const struct http2_block *block = &half->block;
    enum http2_block_kind kind = http2_head_kind(head);
    bool is_foreign =
        kind == (half->dir == DIR_CLIENT ? HTTP2_BLOCK_RESPONSE : HTTP2_BLOCK_REQUEST);
    bool is_behind = kind == HTTP2_BLOCK_TRAILERS || kind == HTTP2_BLOCK_UNKNOWN;
    if (block->frame.type == HTTP2_PUSH_PROMISE)
        return deliver_promise(half, head, origin);
    if (is_foreign) {
        http2_note(half, block->frame.stream, ANOMALY_HTTP2_FRAME, "fields of the other side",
                   origin);
        return FEED_OK;
    }
    /* Trailers may belong to a message whose head a hole took. */
    if ((is_behind && http2_message_find(half, block->frame.stream)) ||
        (kind == HTTP2_BLOCK_TRAILERS && half->n_holes > 0))
        return http2_message_trailers(half, block->frame.stream, head, origin);
    return http2_message_begin(half, block->frame.stream, head, origin);
}

/* Adds the fields of a block to head. False: no memory. */
static bool read_fields(struct http2_half *half, struct span bytes, struct http2_head *head)
{
    struct hpack_field field;
    enum hpack_step step;
    hpack_begin(&half->hpack, bytes);
    while ((step = hpack_next(&half->hpack, &field)) == HPACK_FIELD)
        if (!http2_head_add(head, &field))
            return false;
    if (step == HPACK_DAMAGED)
        http2_head_cut(head);
    if (step != HPACK_DAMAGED || !half->block.is_cut)
        head->hpack_problem = hpack_problem(&half->hpack);
    return step != HPACK_NOMEM;
}

/* END_STREAM is part of a head that was seen, or of which a gap took the rest. When nothing more
 * comes, the head is not over. */
static bool is_last(const struct http2_half *half)
{
    const struct http2_block *block = &half->block;
    bool breaks_off = block->is_cut && !block->is_too_long && !half->gap;
    return block->frame.type == HTTP2_PUSH_PROMISE ||
           ((block->frame.flags & HTTP2_END_STREAM) && !breaks_off);
}

/* What the block as a whole tells. */
static void finish_head(struct http2_half *half, struct http2_head *head)
{
    const struct http2_block *block = &half->block;
    bool is_table_cut = hpack_has_met_limit(&half->hpack) && !half->has_met_table_limit;
    if (block->is_cut) {
        http2_head_cut(head);
        hpack_forget(&half->hpack);
        head->gap = half->gap;
    }
    head->frame_problem = block->problem;
    if (block->is_too_long)
        head->limit = "max_head_bytes";
    else if (is_table_cut)
        head->limit = "max_header_table_bytes";
    half->has_met_table_limit |= is_table_cut;
    http2_head_finish(head);
    head->head.first = block->first;
    head->head.head_bytes = block->n_bytes;
    head->head.framing = is_last(half) ? HTTP_FRAMING_NONE : HTTP_FRAMING_STREAM;
}

static enum feed decode(struct http2_half *half, struct span bytes, const struct origin *origin)
{
    struct http2_head head;
    enum feed answer = FEED_NOMEM;
    half->block.is_open = false;
    http2_head_init(&head, half->http2->limits);
    if (read_fields(half, bytes, &head)) {
        finish_head(half, &head);
        answer = deliver(half, &head, origin);
    } else {
        http2_settle_nomem(half->http2);
    }
    http2_head_free(&head);
    buf_free(&half->block.bytes);
    return answer;
}

/* A fragment of the open block. One that is cut, or too much, is the last that is looked at. */
static enum feed add(struct http2_half *half, struct span fragment, bool is_cut,
                     const struct origin *origin)
{
    struct http2_block *block = &half->block;
    bool is_last = half->frame.flags & HTTP2_END_HEADERS;
    block->n_bytes += half->frame.len;
    block->is_too_long |= half->frame.len > half->http2->limits->max_head_bytes;
    if (is_last && block->bytes.len == 0 && !block->is_cut) {
        block->is_cut = is_cut;
        return decode(half, fragment, origin);
    }
    if (!block->is_cut)
        switch (buf_append(&block->bytes, fragment)) {
        case BUF_OK:
            block->is_cut = is_cut;
            break;
        case BUF_LIMIT:
            block->is_cut = block->is_too_long = true;
            break;
        case BUF_NOMEM:
            return http2_settle_nomem(half->http2);
        }
    return is_last ? decode(half, buf_span(&block->bytes), origin) : FEED_OK;
}

enum feed http2_block_begin(struct http2_half *half, struct span payload, bool is_cut,
                            const struct origin *origin)
{
    struct http2_block *block = &half->block;
    block->frame = half->frame;
    block->first = half->first;
    block->n_bytes = 0;
    block->promised = 0;
    block->is_open = true;
    block->is_cut = block->is_too_long = false;
    block->problem = NULL;
    if (!http2_frame_unwrap(&half->frame, &payload)) {
        block->problem = "more padding than payload";
        block->is_cut = true;
    }
    if (half->frame.type == HTTP2_PUSH_PROMISE) {
        struct reader r = reader_of(payload);
        block->promised = reader_u32(&r) & 0x7fffffff;
        payload = r.left;
    }
    return add(half, payload, is_cut, origin);
}

enum feed http2_block_continue(struct http2_half *half, struct span payload, bool is_cut,
                               const struct origin *origin)
{
    return add(half, payload, is_cut, origin);
}

enum feed http2_block_break(struct http2_half *half, const char *problem,
                            const struct origin *origin)
{
    struct http2_block *block = &half->block;
    if (!block->is_open)
        return FEED_OK;
    block->is_cut = true;
    block->problem = problem;
    return decode(half, buf_span(&block->bytes), origin);
}
