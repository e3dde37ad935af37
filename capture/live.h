/* live: traffic of one or several network interfaces as one sequence of the same items that files
 * give, as it happens. libpcap captures.
 *
 * Frames of several interfaces are merged by time: the earliest goes first as soon as every
 * interface has one waiting, and at the latest LIVE_MERGE_NS after it came. An interface that goes
 * down or away is reported (CAPTURE_DAMAGED) and tried again until it is back (CAPTURE_NOTICE); the
 * others go on meanwhile. A live capture never ends by itself. One owner thread. */
#pragma once

#include "capture/capture.h"

/* How long a frame may wait for an earlier one of another interface. */
#define LIVE_MERGE_NS ((int64_t)250000000)

/* After so long without a frame, or after a signal, live_next says CAPTURE_IDLE. */
#define LIVE_IDLE_NS ((int64_t)250000000)

enum {
    LIVE_MAX_INTERFACES = 64,
    LIVE_SNAPLEN_BYTES = 262144,  /* default; the most libpcap gives */
    LIVE_BUFFER_BYTES = 16 << 20, /* default, for each interface: 0.1 s of 1 Gbit/s */
};

struct live_config {
    const char *const *interfaces; /* as tcpdump -i takes them; "any" too */
    size_t n_interfaces;           /* at most LIVE_MAX_INTERFACES */
    const char *filter;            /* pcap-filter(7); NULL: live_default_filter() */
    int snaplen_bytes, buffer_bytes;
    bool is_promiscuous;
};

struct live;

struct live_refusal {
    bool is_filter; /* the filter makes no sense; else an interface could not be opened */
    char text[CAPTURE_REASON_BYTES + 256]; /* one line for people */
};

/* The filter of a capture without one of its own: TCP, everything that TCP can be inside of, and
 * the packets that begin a QUIC connection, which are few: its data are not taken. Where the link
 * type cannot do it, everything is taken. */
const char *live_default_filter(void);

/* Opens every interface. The config's pointers must outlive it. NULL: refusal says why. */
struct live *live_open(const struct live_config *config, struct live_refusal *refusal);

/* As capture_next. origin.source is the index of the interface, origin.frame counts its frames,
 * origin.ordinal all. CAPTURE_IDLE fills in item->frame.origin: the time now, and otherwise that
 * of the frame before. */
enum capture_result live_next(struct live *live, struct capture_item *item);

/* Reads the counters of the system now. Received are the packets that passed the filter, those
 * dropped for want of buffer included. */
struct capture_counts live_counts(struct live *live);

void live_close(struct live *live); /* NULL is fine */
