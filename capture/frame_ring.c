/* Frames arrive and leave in order; see frame_ring.h. Two rings: of bytes, and of what is known of
 * each frame. Frames are named by their place in the whole run; the slot is the place modulo the
 * size. Places of connections that fall into one bucket are chained, the latest first. */
#include "capture/frame_ring.h"

#include <stdlib.h>
#include <string.h>

enum {
    SHARE_OF_PLACES = 4, /* of the memory: right for frames of 240 bytes; TCP's are smaller or
                          * much larger */
    N_BUCKETS = 1 << 14,
    CHAIN_END = 0, /* places count from 1 */
};

struct kept {
    struct capture_frame frame;
    uint64_t connection; /* 0: none known */
    uint64_t completed;  /* an ordinal */
    uint64_t previous;   /* place of the next older one in the bucket */
    size_t start;        /* of its bytes, counted over the whole run */
    bool was_given;      /* of a wish that goes on */
};

struct frame_ring {
    uint8_t *bytes;
    size_t n_bytes, head; /* head: bytes written over the whole run, jumps at the end included */
    struct kept *kept;
    size_t n_slots;
    uint64_t first, next; /* places: kept are [first, next) */
    uint64_t oldest;
    uint64_t *latest; /* by bucket */
};

static struct kept *at(const struct frame_ring *ring, uint64_t place)
{
    return &ring->kept[place % ring->n_slots];
}

/* Numbers of connections are ordinals of frames, spread here over the buckets (Knuth's
 * multiplicative hashing). */
static uint64_t *bucket_of(const struct frame_ring *ring, uint64_t connection)
{
    return &ring->latest[connection * UINT64_C(0x9e3779b97f4a7c15) >> 50];
}

struct frame_ring *frame_ring_open(size_t size_bytes)
{
    struct frame_ring *ring = calloc(1, sizeof *ring);
    if (!ring)
        return NULL;
    size_t table_bytes = N_BUCKETS * sizeof *ring->latest;
    ring->n_slots = (size_bytes - table_bytes) / SHARE_OF_PLACES / sizeof *ring->kept;
    ring->n_bytes = size_bytes - table_bytes - ring->n_slots * sizeof *ring->kept;
    ring->bytes = malloc(ring->n_bytes);
    ring->kept = malloc(ring->n_slots * sizeof *ring->kept);
    ring->latest = calloc(N_BUCKETS, sizeof *ring->latest);
    ring->first = ring->next = 1;
    if (ring->bytes && ring->kept && ring->latest)
        return ring;
    frame_ring_close(ring);
    return NULL;
}

static void drop_first(struct frame_ring *ring)
{
    ring->oldest = at(ring, ring->first)->frame.origin.ordinal + 1;
    ring->first++;
}

/* Where len bytes can stand in one piece, without what stands there. */
static size_t make_room(struct frame_ring *ring, size_t len)
{
    size_t to_end = ring->n_bytes - ring->head % ring->n_bytes;
    size_t start = len <= to_end ? ring->head : ring->head + to_end;
    while (ring->first < ring->next && at(ring, ring->first)->start + ring->n_bytes < start + len)
        drop_first(ring);
    if (ring->next - ring->first == ring->n_slots)
        drop_first(ring);
    return start;
}

void frame_ring_push(struct frame_ring *ring, const struct capture_frame *frame)
{
    size_t len = frame->bytes.len;
    if (len > ring->n_bytes) {
        ring->first = ring->next;
        ring->oldest = frame->origin.ordinal + 1;
        return;
    }
    size_t start = make_room(ring, len);
    uint8_t *copy = ring->bytes + start % ring->n_bytes;
    if (len > 0)
        memcpy(copy, frame->bytes.ptr, len);
    struct kept *kept = at(ring, ring->next++);
    *kept = (struct kept){.frame = *frame, .start = start};
    kept->frame.bytes = span_of(copy, len);
    ring->head = start + len;
}

/* The place of an ordinal, or CHAIN_END. */
static uint64_t find(const struct frame_ring *ring, uint64_t ordinal)
{
    uint64_t low = ring->first, high = ring->next;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (at(ring, middle)->frame.origin.ordinal < ordinal)
            low = middle + 1;
        else
            high = middle;
    }
    bool is_there = low < ring->next && at(ring, low)->frame.origin.ordinal == ordinal;
    return is_there ? low : CHAIN_END;
}

void frame_ring_assign(struct frame_ring *ring, uint64_t ordinal, uint64_t completed,
                       uint64_t connection)
{
    bool is_last =
        ring->first < ring->next && at(ring, ring->next - 1)->frame.origin.ordinal == ordinal;
    uint64_t place = is_last ? ring->next - 1 : find(ring, ordinal);
    if (place == CHAIN_END || at(ring, place)->connection != 0)
        return;
    uint64_t *latest = bucket_of(ring, connection);
    at(ring, place)->connection = connection;
    at(ring, place)->completed = completed;
    at(ring, place)->previous = *latest;
    *latest = place;
}

uint64_t frame_ring_oldest(const struct frame_ring *ring)
{
    return ring->oldest;
}

static bool is_wished(const struct kept *kept, const struct frame_wish *wish)
{
    return kept->connection == wish->connection && kept->completed >= wish->first &&
           kept->completed <= wish->last && !(wish->is_going_on && kept->was_given);
}

/* The latest one given out before what is wished, or CHAIN_END. Those given out of a later wish do
 * not count: exchanges may be told in another order than they came. */
static uint64_t last_given(const struct frame_ring *ring, const struct frame_wish *wish)
{
    uint64_t place = wish->is_going_on ? *bucket_of(ring, wish->connection) : CHAIN_END;
    for (; place >= ring->first; place = at(ring, place)->previous) {
        const struct kept *kept = at(ring, place);
        if (kept->connection == wish->connection && kept->was_given &&
            kept->completed < wish->first)
            return place;
    }
    return CHAIN_END;
}

static int by_place(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Writes the places that are wished and were named after that of end, the latest first, unless
 * NULL; returns how many they are. */
static size_t list(const struct frame_ring *ring, const struct frame_wish *wish, uint64_t end,
                   uint64_t *places)
{
    size_t n = 0;
    uint64_t place = *bucket_of(ring, wish->connection);
    for (; place >= ring->first && place != end; place = at(ring, place)->previous) {
        if (!is_wished(at(ring, place), wish))
            continue;
        if (places)
            places[n] = place;
        n++;
    }
    return n;
}

size_t frame_ring_give(struct frame_ring *ring, const struct frame_wish *asked,
                       struct frame_taker taker)
{
    struct frame_wish going_on = *asked;
    const struct frame_wish *wish = &going_on;
    uint64_t end = last_given(ring, asked);
    if (asked->is_going_on)
        going_on.first = end == CHAIN_END ? asked->start : at(ring, end)->completed;
    size_t n = list(ring, wish, end, NULL), n_bytes = 0;
    uint64_t *places = n > 0 ? malloc(n * sizeof *places) : NULL;
    if (!places)
        return n;
    (void)list(ring, wish, end, places);
    qsort(places, n, sizeof *places, by_place);
    size_t from = n;
    while (from > 0 && at(ring, places[from - 1])->frame.bytes.len <= wish->max_bytes - n_bytes)
        n_bytes += at(ring, places[--from])->frame.bytes.len;
    for (size_t i = from; i < n; i++) {
        at(ring, places[i])->was_given |= wish->is_going_on;
        taker.frame(taker.ctx, &at(ring, places[i])->frame);
    }
    free(places);
    return from;
}

void frame_ring_close(struct frame_ring *ring)
{
    if (!ring)
        return;
    free(ring->bytes);
    free(ring->kept);
    free(ring->latest);
    free(ring);
}
