/* pcapng_writer: frames and TLS secrets in, the blocks of a pcapng file out, for whoever writes
 * them somewhere. draft-ietf-opsawg-pcapng; little-endian, times in nanoseconds.
 *
 * A frame keeps its bytes, its length on the wire, its time, its link type and its interface: one
 * Interface Description Block stands in front of the first frame of each capture, interface and
 * link type. One owner thread. */
#pragma once

#include "capture/capture.h"
#include "dissector/base/buf.h"

struct pcapng_sink {
    void (*blocks)(void *ctx, struct span blocks); /* whole ones; borrowed until it returns */
    void *ctx;
};

enum { PCAPNG_WRITER_BUCKETS = 1024 };

struct pcapng_writer {
    /* fields are private */
    struct pcapng_sink sink;
    struct buf block;
    struct pcapng_interface *interfaces;
    size_t n_interfaces, capacity, last;
    size_t buckets[PCAPNG_WRITER_BUCKETS]; /* of interfaces */
};

void pcapng_writer_init(struct pcapng_writer *writer, struct pcapng_sink sink);

/* A new section, which says that application wrote it. What comes after it stands on its own. */
bool pcapng_writer_begin(struct pcapng_writer *writer, const char *application);

/* False: not written, because there was no memory, or because the link type or the length is more
 * than the format can hold, or there are more than CAPTURE_MAX_INTERFACES interfaces. */
bool pcapng_writer_frame(struct pcapng_writer *writer, const struct capture_frame *frame);

/* False: no memory. */
bool pcapng_writer_secrets(struct pcapng_writer *writer, const struct capture_secrets *secrets);

/* Wipes what it holds. A zeroed one can be freed. */
void pcapng_writer_free(struct pcapng_writer *writer);
