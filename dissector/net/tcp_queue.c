/* An array of pointers with room at both ends, so that both ends are cheap to insert at and the
 * front is cheap to take from. Knows nothing of windows, limits or why bytes wait. */
#include "dissector/net/tcp_queue.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 16 };

static struct tcp_held *item(const struct tcp_queue *queue, size_t i)
{
    return queue->items[queue->first + i];
}

/* Puts the items into the middle of an array in which they take up at most half. */
static bool make_room(struct tcp_queue *queue)
{
    size_t capacity = queue->capacity ? queue->capacity : FIRST_CAPACITY;
    if (queue->n >= capacity / 2)
        capacity *= 2;
    size_t first = (capacity - queue->n) / 2;
    if (capacity != queue->capacity) {
        struct tcp_held **grown = realloc(queue->items, capacity * sizeof(struct tcp_held *));
        if (!grown)
            return false;
        queue->memory_bytes += (capacity - queue->capacity) * sizeof(struct tcp_held *);
        queue->items = grown;
        queue->capacity = capacity;
    }
    memmove(queue->items + first, queue->items + queue->first,
            queue->n * sizeof(struct tcp_held *));
    queue->first = first;
    return true;
}

/* Opens a place for item i by moving the items on its shorter side. */
static bool open_place(struct tcp_queue *queue, size_t i)
{
    bool at_front = i < queue->n / 2;
    bool has_room = at_front ? queue->first > 0 : queue->first + queue->n < queue->capacity;
    if (!has_room && !make_room(queue))
        return false;
    struct tcp_held **from = queue->items + queue->first;
    if (at_front) {
        memmove(from - 1, from, i * sizeof *from);
        queue->first--;
    } else {
        memmove(from + i + 1, from + i, (queue->n - i) * sizeof *from);
    }
    queue->n++;
    return true;
}

static size_t memory_of(const struct tcp_held *held)
{
    return sizeof *held + held->bytes.len;
}

/* Inserts a copy of piece as item i. */
static bool insert_piece(struct tcp_queue *queue, size_t i, const struct tcp_held *piece)
{
    struct tcp_held *held = malloc(memory_of(piece));
    if (!held)
        return false;
    if (!open_place(queue, i)) {
        free(held);
        return false;
    }
    *held = *piece;
    held->bytes.ptr = (const uint8_t *)(held + 1);
    if (piece->bytes.len > 0)
        memcpy(held + 1, piece->bytes.ptr, piece->bytes.len);
    queue->items[queue->first + i] = held;
    queue->payload_bytes += held->bytes.len;
    queue->memory_bytes += memory_of(held);
    return true;
}

/* The part of segment from position at up to end. */
static struct tcp_held piece_of(const struct tcp_held *segment, uint64_t at, uint64_t end)
{
    struct tcp_held piece = *segment;
    piece.bytes =
        span_first(span_after(segment->bytes, (size_t)(at - segment->at)), (size_t)(end - at));
    piece.at = at;
    piece.cut_bytes = 0;
    return piece;
}

/* Index of the first item that ends behind at. */
static size_t find(const struct tcp_queue *queue, uint64_t at)
{
    size_t low = 0, high = queue->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tcp_held_end(item(queue, middle)) > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* How many bytes differ where both are. */
static uint64_t count_differing(const struct tcp_held *a, const struct tcp_held *b)
{
    uint64_t at = a->at > b->at ? a->at : b->at;
    struct span in_a = span_after(a->bytes, (size_t)(at - a->at));
    struct span in_b = span_after(b->bytes, (size_t)(at - b->at));
    size_t len = in_a.len < in_b.len ? in_a.len : in_b.len;
    uint64_t n = 0;
    if (len == 0 || memcmp(in_a.ptr, in_b.ptr, len) == 0)
        return 0;
    for (size_t i = 0; i < len; i++)
        n += in_a.ptr[i] != in_b.ptr[i];
    return n;
}

/* Remembers a cut tail as an item without bytes, once. i: where it belongs. */
static bool insert_cut(struct tcp_queue *queue, size_t i, const struct tcp_held *segment)
{
    uint64_t end = tcp_held_end(segment);
    bool is_known = i > 0 && item(queue, i - 1)->at == end;
    if (is_known || (i < queue->n && item(queue, i)->at <= end))
        return true;
    struct tcp_held piece = piece_of(segment, end, end);
    piece.cut_bytes = segment->cut_bytes;
    return insert_piece(queue, i, &piece);
}

bool tcp_queue_insert(struct tcp_queue *queue, const struct tcp_held *segment,
                      struct tcp_inserted *inserted)
{
    *inserted = (struct tcp_inserted){0};
    uint64_t at = segment->at, end = tcp_held_end(segment);
    size_t i = find(queue, at);
    for (; at < end; i++) {
        struct tcp_held *next = i < queue->n ? item(queue, i) : NULL;
        if (next && next->at <= at) {
            inserted->differing_bytes += count_differing(next, segment);
            if (tcp_held_end(next) <= end && next->ack > segment->ack)
                next->ack = segment->ack;
            at = tcp_held_end(next) > at ? tcp_held_end(next) : at;
            continue;
        }
        uint64_t piece_end = next && next->at < end ? next->at : end;
        struct tcp_held piece = piece_of(segment, at, piece_end);
        if (!insert_piece(queue, i, &piece))
            return false;
        inserted->new_bytes += piece.bytes.len;
        at = piece_end;
    }
    return segment->cut_bytes == 0 || at > end || insert_cut(queue, i, segment);
}

void tcp_queue_drop_first(struct tcp_queue *queue)
{
    struct tcp_held *held = item(queue, 0);
    queue->first++;
    queue->n--;
    queue->payload_bytes -= held->bytes.len;
    queue->memory_bytes -= memory_of(held);
    free(held);
    if (queue->n == 0)
        tcp_queue_free(queue);
}

void tcp_queue_free(struct tcp_queue *queue)
{
    for (size_t i = 0; i < queue->n; i++)
        free(item(queue, i));
    free(queue->items);
    *queue = (struct tcp_queue){0};
}
