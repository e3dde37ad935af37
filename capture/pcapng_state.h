/* pcapng_state: what pcapng.c (sections, and blocks by their lengths) and pcapng_block.c (what
 * stands in a block) share. Nobody else includes it. */
#pragma once

#include "capture/clock.h"
#include "capture/format.h"
#include "capture/names.h"
#include "dissector/base/reader.h"

enum { PCAPNG_SECTION = 0x0a0d0d0a }; /* a block type that is the same in both byte orders */

struct pcapng_interface {
    bool is_described; /* false: its block was damaged, and its frames mean nothing */
    uint32_t linktype;
    uint32_t snaplen; /* 0 = none */
    struct clock clock;
    const char *name;
    struct capture_counts counts; /* the last it said; they only grow */
};

struct pcapng {
    struct input *in;
    uint64_t block_offset; /* of the block at hand */
    size_t n_held_bytes;   /* of it, still in the window because a frame points there */
    bool is_over;
    bool is_doubtful;                    /* the lengths of the last block disagreed */
    bool is_little;                      /* byte order of the section */
    bool is_understood;                  /* its version */
    struct pcapng_interface *interfaces; /* of the section */
    size_t n_interfaces, capacity;
    struct names names;
    struct capture_counts counts;
    uint64_t n_frames;
    int64_t last_time_ns;
};

static inline uint32_t pcapng_u32(const struct pcapng *p, struct reader *r)
{
    return p->is_little ? reader_le32(r) : reader_u32(r);
}

/* Blocks without read are passed over. */
struct pcapng_block {
    uint32_t type;
    bool is_numbered; /* Wireshark counts it as a frame */
    /* What stands between its lengths; item is filled for CAPTURE_FRAME and CAPTURE_SECRETS. */
    enum capture_result (*read)(struct pcapng *, struct reader *, struct capture_item *);
};

/* NULL: of no type that is known. */
const struct pcapng_block *pcapng_block_find(uint32_t type);
