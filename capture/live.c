/* Frames of several taps arrive, one sequence leaves; see live.h. Every tap holds at most one
 * frame; all others stay in the ring of the system. */
#include "capture/live.h"

#include "capture/now.h"
#include "capture/tap.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    /* Taps that had nothing are asked again after so many frames of the others: each question is
     * a system call. */
    FRAMES_BETWEEN_QUESTIONS = 64,
};

struct live {
    struct tap_config config;
    size_t n_taps;
    struct tap *taps;
    struct origin last;
    struct capture_error error;
};

/* Protocols that carry IP inside: hop-by-hop, IPv4, IPv6, routing, fragment, GRE, AH, destination
 * options, MPLS. Ports: L2TP, GTP-U, Teredo, GRE, VXLAN and VXLAN-GPE, CAPWAP, GUE, Geneve, MPLS,
 * VXLAN of Linux, TZSP. Ethertypes: VLAN tags of all kinds, MPLS, PPPoE, 802.1ah, NSH. Fragments of
 * TCP are TCP to the filter; those of UDP behind the first have no port. QUIC: UDP with a long
 * header of version 1 or 2, for IPv6 without extension headers. */
const char *live_default_filter(void)
{
    return "tcp or proto 0 or proto 4 or proto 41 or proto 43 or proto 44 or proto 47 or proto 51 "
           "or proto 60 or proto 137 "
           "or udp port 1701 or udp port 2152 or udp port 3544 or udp port 4754 or udp port 4789 "
           "or udp port 4790 or udp port 5247 or udp port 6080 or udp port 6081 or udp port 6635 "
           "or udp port 8472 or udp port 37008 or (ip proto 17 and ip[6:2] & 0x1fff != 0) "
           "or ether proto 0x8100 or ether proto 0x88a8 or ether proto 0x9100 "
           "or ether proto 0x8847 or ether proto 0x8848 or ether proto 0x8864 "
           "or ether proto 0x88e7 or ether proto 0x894f "
           "or (udp[8] & 0xc0 = 0xc0 and (udp[9:4] = 1 or udp[9:4] = 0x6b3343cf)) "
           "or (ip6 proto 17 and ip6[48] & 0xc0 = 0xc0 "
           "and (ip6[49:4] = 1 or ip6[49:4] = 0x6b3343cf))";
}

static bool open_taps(struct live *live, const struct live_config *config,
                      struct live_refusal *refusal)
{
    for (size_t i = 0; i < config->n_interfaces; i++) {
        struct tap *tap = &live->taps[live->n_taps++];
        enum tap_opened opened = tap_open(tap, config->interfaces[i], &live->config);
        if (opened == TAP_OPEN)
            continue;
        refusal->is_filter = opened == TAP_BAD_FILTER;
        (void)snprintf(refusal->text, sizeof refusal->text, "%s '%.200s': %s",
                       refusal->is_filter ? "filter" : "interface",
                       refusal->is_filter ? config->filter : tap->name, tap->reason);
        return false;
    }
    return true;
}

struct live *live_open(const struct live_config *config, struct live_refusal *refusal)
{
    *refusal = (struct live_refusal){.text = "no memory"};
    struct live *live = calloc(1, sizeof *live);
    if (!live)
        return NULL;
    live->config = (struct tap_config){
        .filter = config->filter ? config->filter : live_default_filter(),
        .is_filter_vital = config->filter != NULL,
        .snaplen_bytes = config->snaplen_bytes,
        .buffer_bytes = config->buffer_bytes,
        .is_promiscuous = config->is_promiscuous,
    };
    live->taps = calloc(config->n_interfaces + 1, sizeof *live->taps);
    if (!live->taps || !open_taps(live, config, refusal)) {
        live_close(live);
        return NULL;
    }
    return live;
}

/* Tells what became of an interface; the result says whether that was bad. */
static enum capture_result tell(struct live *live, const struct tap *tap, bool is_back)
{
    live->error = (struct capture_error){.path = tap->name};
    if (is_back)
        (void)snprintf(live->error.reason, sizeof live->error.reason, "capturing again");
    else
        (void)snprintf(live->error.reason, sizeof live->error.reason,
                       "%.150s; waiting for it to come back", tap->reason);
    return is_back ? CAPTURE_NOTICE : CAPTURE_DAMAGED;
}

/* Asks every tap without a frame for one; CAPTURE_FRAME unless there is news of an interface. */
static enum capture_result fill(struct live *live)
{
    for (size_t i = 0; i < live->n_taps; i++) {
        struct tap *tap = &live->taps[i];
        if (tap->has_frame || tap->is_dry)
            continue;
        enum tap_result result = tap_next(tap);
        tap->has_frame = result == TAP_FRAME;
        tap->is_dry = result == TAP_NOTHING;
        if (result == TAP_GONE || result == TAP_BACK)
            return tell(live, tap, result == TAP_BACK);
    }
    return CAPTURE_FRAME;
}

static struct tap *earliest(const struct live *live)
{
    struct tap *first = NULL;
    for (size_t i = 0; i < live->n_taps; i++) {
        struct tap *tap = &live->taps[i];
        if (!tap->has_frame)
            continue;
        if (!first || tap->frame.origin.time_ns < first->frame.origin.time_ns)
            first = tap;
    }
    return first;
}

/* How long this frame must wait, for an interface that is there may still bring an earlier one. */
static int64_t merge_wait_ns(const struct live *live, const struct tap *first)
{
    bool is_complete = true;
    for (size_t i = 0; i < live->n_taps; i++)
        is_complete &= live->taps[i].has_frame || !live->taps[i].pcap;
    if (is_complete)
        return 0;
    /* A frame of the future was stamped before the clock was set back: nothing to wait for. */
    int64_t age_ns = now_ns(CLOCK_REALTIME) - first->frame.origin.time_ns;
    return age_ns >= 0 && age_ns < LIVE_MERGE_NS ? LIVE_MERGE_NS - age_ns : 0;
}

static void ask_again(struct live *live)
{
    for (size_t i = 0; i < live->n_taps; i++)
        live->taps[i].is_dry = false;
}

/* Until a tap without a frame has one, or the time is over. False after a signal. */
static bool wait_for_frames(struct live *live, int64_t wait_ns)
{
    struct pollfd polls[LIVE_MAX_INTERFACES];
    nfds_t n = 0;
    for (size_t i = 0; i < live->n_taps; i++)
        if (!live->taps[i].has_frame && live->taps[i].pcap)
            polls[n++] = (struct pollfd){.fd = live->taps[i].fd, .events = POLLIN};
    ask_again(live);
    return poll(polls, n, (int)(wait_ns / 1000000) + 1) >= 0 || errno != EINTR;
}

static void give(struct live *live, struct tap *tap, struct capture_item *item)
{
    tap->has_frame = false;
    tap->frame.origin.source = (uint32_t)(tap - live->taps);
    tap->frame.origin.ordinal = live->last.ordinal + 1;
    item->frame = tap->frame;
    live->last = tap->frame.origin;
    if (live->last.ordinal % FRAMES_BETWEEN_QUESTIONS == 0)
        ask_again(live);
}

static enum capture_result be_idle(const struct live *live, struct capture_item *item)
{
    item->frame = (struct capture_frame){.origin = live->last};
    item->frame.origin.time_ns = now_ns(CLOCK_REALTIME);
    return CAPTURE_IDLE;
}

enum capture_result live_next(struct live *live, struct capture_item *item)
{
    int64_t until_ns = 0;
    item->error = &live->error;
    for (;;) {
        enum capture_result news = fill(live);
        if (news != CAPTURE_FRAME)
            return news;
        struct tap *first = earliest(live);
        int64_t wait_ns = first ? merge_wait_ns(live, first) : LIVE_IDLE_NS;
        if (wait_ns == 0) {
            give(live, first, item);
            return CAPTURE_FRAME;
        }
        int64_t time_ns = now_ns(CLOCK_MONOTONIC);
        if (until_ns == 0)
            until_ns = time_ns + LIVE_IDLE_NS;
        int64_t left_ns = until_ns - time_ns;
        if (left_ns <= 0 || !wait_for_frames(live, wait_ns < left_ns ? wait_ns : left_ns))
            return be_idle(live, item);
    }
}

struct capture_counts live_counts(struct live *live)
{
    struct capture_counts sum = {0};
    for (size_t i = 0; i < live->n_taps; i++) {
        tap_count(&live->taps[i]);
        const struct capture_counts *counts = &live->taps[i].counts;
        sum.is_known |= counts->is_known;
        sum.received += counts->received;
        sum.dropped += counts->dropped;
        sum.interface_dropped += counts->interface_dropped;
    }
    return sum;
}

void live_close(struct live *live)
{
    if (!live)
        return;
    for (size_t i = 0; i < live->n_taps; i++)
        tap_close(&live->taps[i]);
    free(live->taps);
    free(live);
}
