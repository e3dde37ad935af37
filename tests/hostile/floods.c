/* See floods.h. */
#include "tests/hostile/floods.h"

#include "tests/bench/dice.h"

#include <stdlib.h>

enum {
    OTHERS = 1000, /* numbers of connections from here on are no normal ones */
    PORT = 80,
    LONG_BYTES = 1400,
    WAITING_SEGMENTS = 8,
};

static uint8_t filler[LONG_BYTES];

static struct span fill(char c, size_t len)
{
    memset(filler, c, sizeof filler);
    return span_of(filler, len);
}

static void inject(struct flow *flow, enum dir dir, uint32_t seq, uint8_t flags)
{
    flow_inject(flow, dir,
                &(struct segment){.seq = seq, .ack = flow->next_seq[!dir], .flags = flags});
}

/* ---- connections that come to nothing ---- */

static void say_syn(struct flow *flow, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct flow other = flow_make(flow->wire, (uint32_t)(OTHERS + i), PORT);
        inject(&other, DIR_CLIENT, (uint32_t)i, SEGMENT_SYN);
    }
}

static void say_refused(struct flow *flow, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct flow other = flow_make(flow->wire, (uint32_t)(OTHERS + i), PORT);
        inject(&other, DIR_CLIENT, 7, SEGMENT_SYN);
        flow_inject(&other, DIR_SERVER,
                    &(struct segment){.ack = 8, .flags = SEGMENT_RST | SEGMENT_ACK});
    }
}

/* Each says something, once, and stays open. */
static void say_once(struct flow *flow, size_t n, const char *text, size_t n_more)
{
    for (size_t i = 0; i < n; i++) {
        struct flow other;
        struct span start = span_str(text);
        flow_open(&other, flow->wire, (uint32_t)(OTHERS + i), PORT);
        flow_send(&other, DIR_CLIENT, &start, 1);
        for (size_t k = 0; k < n_more; k++) {
            struct span more = fill('a', LONG_BYTES);
            flow_send(&other, DIR_CLIENT, &more, 1);
        }
    }
}

static void say_silent(struct flow *flow, size_t n)
{
    say_once(flow, n, "", 0);
}

static void say_other(struct flow *flow, size_t n)
{
    say_once(flow, n, "SSH-2.0-OpenSSH_9.2\r\n", 1);
}

static void say_unfinished_heads(struct flow *flow, size_t n)
{
    say_once(flow, n, "PROPFIND / HTTP/1.1\r\nHost: dav.example\r\nX: ", 3);
}

static void say_unfinished_documents(struct flow *flow, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct flow other;
        struct span request = span_str("PROPFIND /hostile/ HTTP/1.1\r\nHost: dav.example\r\n\r\n");
        struct span answer = span_str("HTTP/1.1 207 Multi-Status\r\nContent-Type: text/xml\r\n"
                                      "Content-Length: 99999\r\n\r\n<multistatus xmlns='DAV:'>"
                                      "<response><href>/hostile/");
        flow_open(&other, flow->wire, (uint32_t)(OTHERS + i), PORT);
        flow_send(&other, DIR_CLIENT, &request, 1);
        flow_send(&other, DIR_SERVER, &answer, 1);
    }
}

/* A hole, and as much behind it as a sender may send. */
static void say_holes(struct flow *flow, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct flow other;
        flow_open(&other, flow->wire, (uint32_t)(OTHERS + i), PORT);
        other.next_seq[DIR_CLIENT] += 1;
        for (size_t k = 0; k < WAITING_SEGMENTS; k++) {
            struct span more = fill('a', LONG_BYTES);
            flow_send(&other, DIR_CLIENT, &more, 1);
        }
    }
}

/* ---- segments that do not belong ---- */

static void say_far_ahead(struct flow *flow, size_t n)
{
    struct dice dice = {1};
    for (size_t i = 0; i < n; i++)
        flow_inject(flow, (enum dir)(i % 2),
                    &(struct segment){.seq = flow->next_seq[i % 2] + (1u << 24) +
                                             dice_below(&dice, 1u << 30),
                                      .ack = (uint32_t)dice_next(&dice),
                                      .flags = SEGMENT_ACK,
                                      .payload = fill('x', LONG_BYTES)});
}

/* Resets and ends of the connection, at numbers outside of any window. */
static void say_forged_ends(struct flow *flow, size_t n)
{
    static const uint8_t flags[] = {SEGMENT_RST, SEGMENT_FIN | SEGMENT_ACK,
                                    SEGMENT_RST | SEGMENT_ACK, SEGMENT_SYN};
    struct dice dice = {1};
    for (size_t i = 0; i < n; i++)
        inject(flow, (enum dir)(i % 2),
               flow->next_seq[i % 2] + (1u << 24) + dice_below(&dice, 1u << 30), flags[i / 2 % 4]);
}

/* Behind a hole the same bytes, each time with other content and other ends. */
static void say_rewrites(struct flow *flow, size_t n)
{
    for (size_t i = 0; i < n; i++)
        flow_inject(flow, DIR_SERVER,
                    &(struct segment){.seq = flow->next_seq[DIR_SERVER] + 1 + (uint32_t)(i % 4096),
                                      .ack = flow->next_seq[DIR_CLIENT],
                                      .flags = SEGMENT_ACK,
                                      .payload = fill((char)('a' + i % 26), LONG_BYTES)});
}

/* Single bytes with a hole before each, the last one first. */
static void say_drips(struct flow *flow, size_t n)
{
    for (size_t i = n; i > 0; i--)
        flow_inject(flow, DIR_SERVER,
                    &(struct segment){.seq = flow->next_seq[DIR_SERVER] + 2 * (uint32_t)(i % 65536),
                                      .ack = flow->next_seq[DIR_CLIENT],
                                      .flags = SEGMENT_ACK,
                                      .payload = fill('x', 1)});
}

/* The first part of a datagram that never gets its second. */
static void say_fragments(struct flow *flow, size_t n)
{
    for (size_t i = 0; i < n; i++)
        flow_inject_fragment(flow, DIR_CLIENT, (uint16_t)i, fill('x', LONG_BYTES / 8 * 8));
}

const struct hostile_flood hostile_floods[] = {
    {"flood-syn", say_syn, 200 * 1000},
    {"flood-refused", say_refused, 100 * 1000},
    {"flood-silent", say_silent, 100 * 1000},
    {"flood-other", say_other, 40 * 1000},
    {"flood-unfinished-heads", say_unfinished_heads, 20 * 1000},
    {"flood-unfinished-documents", say_unfinished_documents, 10 * 1000},
    {"flood-holes", say_holes, 10 * 1000},
    {"flood-far-ahead", say_far_ahead, 50 * 1000},
    {"flood-forged-ends", say_forged_ends, 200 * 1000},
    {"flood-rewrites", say_rewrites, 30 * 1000},
    {"flood-drips", say_drips, 150 * 1000},
    {"flood-fragments", say_fragments, 50 * 1000},
};
const size_t n_hostile_floods = sizeof hostile_floods / sizeof *hostile_floods;
