/* decompress: the codings a compressed capture may have, one row each. A coding is one file
 * decompress_NAME.c and one line in decompress.c. */
#pragma once

#include "dissector/base/span.h"

enum decompress_result {
    DECOMPRESS_MORE,    /* went as far as in and out allow */
    DECOMPRESS_END,     /* the coded content ended; what is left of in belongs to what follows */
    DECOMPRESS_DAMAGED, /* reason says why; never run again */
    DECOMPRESS_NOMEM,   /* no memory; never run again */
};

/* One step of work; a run moves both ends forward by what it took and gave. */
struct decompress_io {
    const uint8_t *in;
    size_t in_len;
    uint8_t *out;
    size_t out_len;     /* room left */
    const char *reason; /* a static string */
};

struct decompress {
    const char *name;
    /* Whether coded content begins with head (DECOMPRESS_HEAD_BYTES, or all there is). */
    bool (*matches)(struct span head);
    /* A decoder, or NULL for no memory. The member itself is NULL when this build has it not. */
    void *(*open)(void);
    /* After DECOMPRESS_END the next run begins with new content of the same coding. */
    enum decompress_result (*run)(void *decoder, struct decompress_io *io);
    void (*close)(void *decoder);
};

enum { DECOMPRESS_HEAD_BYTES = 6 };

extern const struct decompress decompress_bzip2, decompress_gzip, decompress_lz4, decompress_xz,
    decompress_zstd;

/* Whether head begins a skippable frame, which zstd (RFC 8878 §3.1.2) and lz4 share. */
bool decompress_is_skippable(struct span head);

/* The coding that content beginning with head has, or NULL. */
const struct decompress *decompress_find(struct span head);
