/* fragment: IP fragments in, whole datagrams out. RFC 791 §3.2, RFC 8200 §4.5. Private to net/.
 *
 * Fragments come in any order; exact copies are ignored, also for a moment after the datagram was
 * whole (frames are doubled easily). A datagram whose fragments overlap otherwise is dropped as a
 * whole (RFC 5722). One that stays incomplete for limits.fragment_ns, or is the oldest of more than
 * limits.max_fragmented, is given up; so is one for which there is no memory. Each takes twice what
 * came of it at most, and never more than 68 KiB; a hole counts as come. */
#pragma once

#include "dissector/base/limit.h"
#include "dissector/base/span.h"
#include "dissector/net/segment.h"

struct fragment {
    struct address source, destination;
    uint32_t id;
    uint8_t protocol;
    bool is_last;
    uint32_t at; /* offset in the datagram's payload, in bytes */
    struct span bytes;
    uint32_t cut_bytes; /* behind bytes, cut by the snap length */
    int64_t time_ns;
    uint64_t ordinal; /* of its frame */
};

/* Of so many frames a datagram remembers that they brought it: 64 KiB in pieces of 512 bytes. */
enum { FRAGMENT_MAX_FRAMES = 128 };

struct fragment_frames {
    uint64_t ordinals[FRAGMENT_MAX_FRAMES];
    size_t n;
};

struct fragment_stats {
    uint64_t n_whole;       /* datagrams put together */
    uint64_t n_overlapping; /* datagrams dropped because fragments overlap or contradict */
    uint64_t n_incomplete;  /* datagrams given up */
};

struct datagram; /* private */

struct fragments {
    /* fields are private */
    const struct limits *limits;
    struct datagram *newest;
    size_t n_datagrams;
    struct fragment_stats stats;
};

void fragments_init(struct fragments *fragments, const struct limits *limits);

/* A datagram; all pointers are valid until fragments_release. */
struct fragment_whole {
    struct span payload;
    uint32_t cut_bytes;
    const struct fragment_frames *frames; /* by which it came, in that order */
};

/* Takes a fragment. True when it makes a datagram whole. */
bool fragments_add(struct fragments *fragments, const struct fragment *fragment,
                   struct fragment_whole *whole);

/* Frees the payloads handed out. */
void fragments_release(struct fragments *fragments);

size_t fragments_buffered_bytes(const struct fragments *fragments);
void fragments_free(struct fragments *fragments);
