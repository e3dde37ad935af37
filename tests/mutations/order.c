/* The same frames in another order, or more than once. Times stay where they were: a capture goes
 * forward in time whatever the network does. */
#include "tests/bench/dice.h"
#include "tests/mutations/mutation.h"
#include "tests/mutations/parts.h"

#include <stdlib.h>

enum { WINDOW_BYTES = 64 * 1024, LATE_FRAMES = 3 };

/* The frames of in, of which out[i] is number order[i], at the times of in. */
static void arrange(const struct trace *in, const size_t *order, struct trace *out)
{
    for (size_t i = 0; i < in->n; i++) {
        trace_copy(out, &in->frames[order[i]]);
        out->frames[i].time_ns = in->frames[i].time_ns;
    }
}

static size_t *numbers(size_t n)
{
    size_t *order = malloc((n + 1) * sizeof *order);
    if (!order)
        abort();
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    return order;
}

static void exchange(size_t *a, size_t *b)
{
    size_t kept = *a;
    *a = *b;
    *b = kept;
}

static void swap_neighbours(const struct trace *in, struct trace *out)
{
    size_t *order = numbers(in->n);
    for (size_t i = 0; i + 1 < in->n; i += 2)
        exchange(&order[i], &order[i + 1]);
    arrange(in, order, out);
    free(order);
}

static void shuffle(struct dice *dice, size_t *order, size_t n)
{
    for (size_t i = n; i > 1; i--)
        exchange(&order[i - 1], &order[dice_below(dice, (uint32_t)i)]);
}

/* Whether b is a, captured once more: on another interface, or behind address translation. */
static bool is_copy(const struct trace_frame *a, const struct trace_frame *b)
{
    struct parts of_a, of_b;
    return parts_find(a, &of_a) && parts_find(b, &of_b) && of_a.is_tcp && of_b.is_tcp &&
           parts_u32(of_a.tcp_header, 4) == parts_u32(of_b.tcp_header, 4) &&
           parts_u32(of_a.tcp_header, 8) == parts_u32(of_b.tcp_header, 8) &&
           of_a.tcp_header.ptr[13] == of_b.tcp_header.ptr[13] &&
           span_equal(of_a.payload, of_b.payload);
}

/* Appends the frames of packets, each of which is known by its first frame; returns how many. */
static size_t append_packets(const struct trace *in, const size_t *packets, size_t n_packets,
                             size_t *order)
{
    size_t n = 0;
    for (size_t i = 0; i < n_packets; i++) {
        size_t at = packets[i];
        do
            order[n++] = at++;
        while (at < in->n && is_copy(&in->frames[at - 1], &in->frames[at]));
    }
    return n;
}

/* A network reorders packets, not what one machine captures of a packet that it passes on. */
static void reorder(const struct trace *in, uint64_t seed, struct trace *out)
{
    struct dice dice = {seed};
    size_t *order = numbers(in->n), *packets = numbers(in->n);
    size_t n = 0, n_packets = 0, n_bytes = 0;
    for (size_t i = 0; i < in->n; i++) {
        bool is_first = i == 0 || !is_copy(&in->frames[i - 1], &in->frames[i]);
        if (is_first && n_bytes >= WINDOW_BYTES) {
            shuffle(&dice, packets, n_packets);
            n += append_packets(in, packets, n_packets, order + n);
            n_packets = n_bytes = 0;
        }
        if (is_first)
            packets[n_packets++] = i;
        n_bytes += in->frames[i].bytes.len;
    }
    shuffle(&dice, packets, n_packets);
    (void)append_packets(in, packets, n_packets, order + n);
    arrange(in, order, out);
    free(packets);
    free(order);
}

static void double_each(const struct trace *in, struct trace *out)
{
    for (size_t i = 0; i < in->n; i++) {
        trace_copy(out, &in->frames[i]);
        trace_copy(out, &in->frames[i]);
    }
}

/* As a second interface sees it, a little later. */
static void double_late(const struct trace *in, struct trace *out)
{
    for (size_t i = 0; i < in->n + LATE_FRAMES; i++) {
        size_t time_of = i < in->n ? i : in->n - 1;
        if (i < in->n)
            trace_copy(out, &in->frames[i]);
        if (i >= LATE_FRAMES) {
            trace_copy(out, &in->frames[i - LATE_FRAMES]);
            out->frames[out->n - 1].time_ns = in->frames[time_of].time_ns;
        }
    }
}

#define LATER "bytes come at other times, and exchanges of other connections end in another order"

const struct mutation order_mutations[] = {
    {"neighbours-swapped", swap_neighbours, NULL, NULL, MASK_TIMES | MASK_ORDER, LATER},
    {"reordered-64k", NULL, NULL, reorder, MASK_TIMES | MASK_ORDER, LATER},
    {.name = "doubled", .apply = double_each},
    {.name = "doubled-late", .apply = double_late},
    {0},
};
