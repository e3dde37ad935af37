/* Stretches wait in the order of the stream and never overlap. What follows a stretch directly is
 * appended to it, so there are about as many as there are holes. */
#include "dissector/http/quic_join.h"

#include <stdlib.h>

/* RFC 9000 §4.5: there are no bytes behind. */
#define MAX_STREAM_BYTES ((UINT64_C(1) << 62) - 1)

struct quic_stretch {
    uint64_t offset;
    struct buf bytes;
    struct quic_stretch *next;
};

void quic_join_init(struct quic_join *join, const struct limits *limits)
{
    *join = (struct quic_join){.limits = limits, .end = UINT64_MAX};
}

static void give_up(struct quic_join *join)
{
    quic_join_free(join);
    join->is_given_up = true;
}

static uint64_t end_of(const struct quic_stretch *stretch)
{
    return stretch->offset + stretch->bytes.len;
}

/* Drops what stands before offset in the stream. */
static struct quic_piece behind(struct quic_piece piece, uint64_t offset)
{
    if (piece.offset < offset) {
        piece.bytes = span_after(piece.bytes, (size_t)(offset - piece.offset));
        piece.offset = offset;
    }
    return piece;
}

/* What of the piece stands before a stretch; NULL: nothing limits it. */
static struct span before(const struct quic_stretch *stretch, struct quic_piece piece)
{
    uint64_t room = stretch ? stretch->offset - piece.offset : UINT64_MAX;
    return room < piece.bytes.len ? span_first(piece.bytes, (size_t)room) : piece.bytes;
}

static bool append(struct quic_join *join, struct quic_stretch *stretch, struct span bytes)
{
    if (buf_append(&stretch->bytes, bytes) != BUF_OK)
        return false;
    join->held_bytes += bytes.len;
    return true;
}

static struct quic_stretch *add_stretch(struct quic_join *join, struct quic_stretch **place,
                                        uint64_t offset)
{
    struct quic_stretch *stretch = calloc(1, sizeof *stretch);
    if (!stretch)
        return NULL;
    stretch->offset = offset;
    buf_init(&stretch->bytes, SIZE_MAX); /* held_bytes is watched */
    stretch->next = *place;
    *place = stretch;
    join->n_stretches++;
    return stretch;
}

/* What of the piece nobody has yet goes into the holes between the stretches. */
static enum feed keep(struct quic_join *join, struct quic_piece piece)
{
    struct quic_stretch *last = NULL, **place = &join->first;
    while (piece.bytes.len > 0) {
        while (*place && (*place)->offset <= piece.offset) {
            last = *place;
            place = &last->next;
        }
        if (last)
            piece = behind(piece, end_of(last));
        struct span part = before(*place, piece);
        if (part.len > 0 && (!last || end_of(last) < piece.offset))
            last = add_stretch(join, place, piece.offset);
        if (part.len > 0 && (!last || !append(join, last, part)))
            return FEED_NOMEM;
        piece = behind(piece, piece.offset + part.len);
    }
    return FEED_OK;
}

static void remove_first(struct quic_join *join)
{
    struct quic_stretch *first = join->first;
    join->first = first->next;
    join->n_stretches--;
    join->held_bytes -= first->bytes.len;
    buf_free(&first->bytes);
    free(first);
}

static void pass(struct quic_join *join, struct span bytes, struct quic_join_sink sink)
{
    if (bytes.len == 0)
        return;
    join->next += bytes.len;
    sink.bytes(sink.ctx, bytes);
}

static void pass_first(struct quic_join *join, struct quic_join_sink sink)
{
    struct quic_piece waited = {join->first->offset, buf_span(&join->first->bytes), false};
    pass(join, behind(waited, join->next).bytes, sink);
    remove_first(join);
}

/* A piece without a hole before it, and all that waited for it. */
static void pass_on(struct quic_join *join, struct quic_piece piece, struct quic_join_sink sink)
{
    while (true) {
        piece = behind(piece, join->next);
        if (join->first && join->first->offset <= join->next)
            pass_first(join, sink);
        else if (piece.bytes.len > 0)
            pass(join, before(join->first, piece), sink);
        else
            return;
    }
}

enum feed quic_join_feed(struct quic_join *join, const struct quic_piece *piece,
                         struct quic_join_sink sink)
{
    if (join->is_given_up)
        return FEED_STOP;
    if (piece->offset > MAX_STREAM_BYTES || piece->bytes.len > MAX_STREAM_BYTES - piece->offset)
        return FEED_OK;
    if (piece->is_end && join->end == UINT64_MAX)
        join->end = piece->offset + piece->bytes.len;
    if (piece->offset <= join->next) {
        pass_on(join, *piece, sink);
    } else if (keep(join, *piece) != FEED_OK) {
        give_up(join);
        return FEED_NOMEM;
    }
    if (join->held_bytes <= join->limits->max_reorder_bytes &&
        join->n_stretches <= join->limits->max_stream_holes)
        return FEED_OK;
    give_up(join);
    return FEED_STOP;
}

bool quic_join_has_ended(const struct quic_join *join)
{
    return join->next >= join->end;
}

void quic_join_free(struct quic_join *join)
{
    while (join->first)
        remove_first(join);
}
