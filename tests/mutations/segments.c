/* The same bytes in other segments, and the same segments at other sequence numbers. */
#include "tests/mutations/mutation.h"
#include "tests/mutations/parts.h"

#include <stdlib.h>

enum { SMALL_BYTES = 100, SYN = 0x02, ACK = 0x10 };

static struct parts_segment whole_of(const struct parts *parts)
{
    return (struct parts_segment){.seq = parts_u32(parts->tcp_header, 4),
                                  .ack = parts_u32(parts->tcp_header, 8),
                                  .payload = parts->payload,
                                  .is_last = true};
}

static void split(const struct trace *in, struct trace *out)
{
    for (size_t i = 0; i < in->n; i++) {
        struct parts parts;
        if (!parts_find(&in->frames[i], &parts) || !parts.is_tcp || parts.is_cut ||
            parts.payload.len <= SMALL_BYTES) {
            trace_copy(out, &in->frames[i]);
            continue;
        }
        struct parts_segment segment = whole_of(&parts);
        for (struct span left = parts.payload; left.len > 0; left = span_after(left, SMALL_BYTES)) {
            segment.payload = span_first(left, SMALL_BYTES);
            segment.is_last = left.len <= SMALL_BYTES;
            parts_append_segment(out, &in->frames[i], &segment);
            segment.seq += SMALL_BYTES;
        }
    }
}

/* Whether b goes on where a ended, in the same direction of the same connection. */
static bool is_next(const struct parts *a, const struct parts *b)
{
    size_t addresses_at = a->ethertype == 0x0800 ? 12 : 8;
    return a->is_tcp && b->is_tcp && !a->is_cut && !b->is_cut && a->payload.len > 0 &&
           b->payload.len > 0 && a->ip_header.len == b->ip_header.len &&
           span_equal(span_after(a->ip_header, addresses_at),
                      span_after(b->ip_header, addresses_at)) &&
           span_equal(span_first(a->tcp_header, 4), span_first(b->tcp_header, 4)) &&
           parts_u32(a->tcp_header, 4) + a->payload.len == parts_u32(b->tcp_header, 4);
}

/* Appends, like b, the second half of a and the first half of b. */
static void append_middle(struct trace *out, const struct trace_frame *frame, const struct parts *a,
                          const struct parts *b)
{
    static uint8_t bytes[PARTS_MAX_BYTES];
    struct span left = span_after(a->payload, a->payload.len / 2);
    struct span right = span_first(b->payload, b->payload.len / 2);
    memcpy(bytes, left.ptr, left.len);
    if (right.len > 0)
        memcpy(bytes + left.len, right.ptr, right.len);
    struct parts_segment segment = whole_of(b);
    segment.seq -= (uint32_t)left.len;
    segment.payload = span_of(bytes, left.len + right.len);
    segment.is_last = false;
    parts_append_segment(out, frame, &segment);
}

/* Between or behind every two segments in a row comes one with other boundaries. */
static void retransmit(const struct trace *in, struct trace *out, bool is_early)
{
    struct parts last = {.is_tcp = false}, parts;
    for (size_t i = 0; i < in->n; i++) {
        bool is_pair = parts_find(&in->frames[i], &parts) && is_next(&last, &parts) &&
                       last.payload.len + parts.payload.len < 60000;
        if (is_pair && is_early)
            append_middle(out, &in->frames[i], &last, &parts);
        trace_copy(out, &in->frames[i]);
        if (is_pair && !is_early)
            append_middle(out, &in->frames[i], &last, &parts);
        last = parts;
    }
}

static void retransmit_early(const struct trace *in, struct trace *out)
{
    retransmit(in, out, true);
}

static void retransmit_late(const struct trace *in, struct trace *out)
{
    retransmit(in, out, false);
}

/* ---- sequence numbers ---- */

/* One direction of a connection, and what its numbers are shifted by. */
struct direction {
    uint8_t ends[2 * 16 + 4]; /* addresses and ports as in the headers */
    size_t len;
    uint32_t shift;
    uint32_t n_bytes; /* from its first number to its last */
    uint32_t first;
};

struct directions {
    struct direction *all;
    size_t n;
};

static void ends_of(const struct parts *parts, bool is_back, struct direction *direction)
{
    bool is_4 = parts->ethertype == 0x0800;
    size_t at = is_4 ? 12 : 8, len = is_4 ? 4 : 16;
    const uint8_t *address = parts->ip_header.ptr + at, *port = parts->tcp_header.ptr;
    memset(direction, 0, sizeof *direction);
    memcpy(direction->ends, address + (is_back ? len : 0), len);
    memcpy(direction->ends + len, address + (is_back ? 0 : len), len);
    memcpy(direction->ends + 2 * len, port + (is_back ? 2 : 0), 2);
    memcpy(direction->ends + 2 * len + 2, port + (is_back ? 0 : 2), 2);
    direction->len = 2 * len + 4;
}

static struct direction *find_direction(struct directions *directions, const struct parts *parts,
                                        bool is_back)
{
    struct direction wanted;
    ends_of(parts, is_back, &wanted);
    for (size_t i = 0; i < directions->n; i++)
        if (directions->all[i].len == wanted.len &&
            memcmp(directions->all[i].ends, wanted.ends, wanted.len) == 0)
            return &directions->all[i];
    return NULL;
}

/* Learns how far the numbers of each direction reach; nothing for what is only acknowledged. */
static void learn(struct directions *directions, const struct parts *parts)
{
    uint32_t seq = parts_u32(parts->tcp_header, 4);
    struct direction *direction = find_direction(directions, parts, false);
    if (!direction) {
        direction = &directions->all[directions->n++];
        ends_of(parts, false, direction);
        direction->first = seq;
    }
    uint32_t n_bytes = seq + (uint32_t)parts->payload.len - direction->first;
    if (n_bytes < 1u << 30 && n_bytes > direction->n_bytes)
        direction->n_bytes = n_bytes;
    direction->shift = 0u - direction->first - direction->n_bytes / 2;
}

/* What acknowledges numbers that nobody of these ends was seen to send: a copy of a segment between
 * addresses that are half translated. Translation keeps numbers, so they are shifted as whoever did
 * send them. */
static const struct direction *find_acknowledged(struct directions *directions, uint32_t ack)
{
    for (size_t i = 0; i < directions->n; i++)
        if (ack - directions->all[i].first <= directions->all[i].n_bytes + 1)
            return &directions->all[i];
    return NULL;
}

/* Every direction passes zero in the middle of its bytes. */
static void wrap_numbers(const struct trace *in, struct trace *out)
{
    struct directions directions = {.all = calloc(in->n + 1, sizeof(struct direction))};
    struct parts parts;
    if (!directions.all)
        abort();
    for (size_t i = 0; i < in->n; i++)
        if (parts_find(&in->frames[i], &parts) && parts.is_tcp)
            learn(&directions, &parts);
    for (size_t i = 0; i < in->n; i++) {
        if (!parts_find(&in->frames[i], &parts) || !parts.is_tcp) {
            trace_copy(out, &in->frames[i]);
            continue;
        }
        struct parts_segment segment = whole_of(&parts);
        const struct direction *back = find_direction(&directions, &parts, true);
        if (!back)
            back = find_acknowledged(&directions, segment.ack);
        segment.seq += find_direction(&directions, &parts, false)->shift;
        if (back && parts.tcp_header.ptr[13] & ACK)
            segment.ack += back->shift;
        parts_append_segment(out, &in->frames[i], &segment);
    }
    free(directions.all);
}

const struct mutation segment_mutations[] = {
    {.name = "split-100", .apply = split},
    {.name = "retransmitted-early", .apply = retransmit_early},
    {.name = "retransmitted-late", .apply = retransmit_late},
    {.name = "numbers-wrap", .apply = wrap_numbers},
    {0},
};
