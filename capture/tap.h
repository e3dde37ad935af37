/* tap: one interface, watched through libpcap. Frames out; an interface that goes away is tried
 * again, ever less often, until it is back. Never waits. One owner thread. */
#pragma once

#include "capture/capture.h"

/* Shared by all taps of a run. */
struct tap_config {
    const char *filter;   /* pcap-filter(7); NULL: no filter */
    bool is_filter_vital; /* false: without the filter where a link type cannot do it */
    int snaplen_bytes, buffer_bytes;
    bool is_promiscuous;
};

struct tap {
    const char *name;
    /* fields are private to tap.c and live.c */
    const struct tap_config *config;
    struct pcap *pcap; /* NULL while the interface is away */
    int fd;            /* readable when there may be frames; -1 while away */
    uint32_t linktype;
    uint64_t n_frames;
    struct capture_counts counts;                         /* up to the last look */
    uint32_t last_received, last_dropped, last_ifdropped; /* libpcap's counters then */
    int64_t retry_ns, pause_ns;                           /* CLOCK_MONOTONIC; while away */
    struct capture_frame frame;                           /* waiting, when has_frame */
    bool has_frame, is_dry;                               /* dry: had nothing when asked last */
    char reason[CAPTURE_REASON_BYTES];
};

enum tap_opened { TAP_OPEN, TAP_REFUSED, TAP_BAD_FILTER };

/* Begins to watch. All but TAP_OPEN: tap->reason says why. name and config must outlive the tap.
 * tap_close is always allowed. */
enum tap_opened tap_open(struct tap *tap, const char *name, const struct tap_config *config);

enum tap_result {
    TAP_FRAME,   /* tap->frame, valid until the next call */
    TAP_NOTHING, /* now */
    TAP_GONE,    /* the interface went away; tap->reason says how */
    TAP_BACK,    /* it is being watched again */
};

enum tap_result tap_next(struct tap *tap);

/* Reads libpcap's counters into tap->counts. */
void tap_count(struct tap *tap);

void tap_close(struct tap *tap);
