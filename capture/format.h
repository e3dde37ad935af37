/* format: the file formats captures come in, one row each. A format is one file and one line in
 * capture.c. */
#pragma once

#include "capture/capture.h"
#include "capture/input.h"

/* Bytes a format is recognised by. */
enum { FORMAT_HEAD_BYTES = 4 };

struct format {
    const char *name;
    bool (*matches)(struct span head);
    /* A reader at the beginning of in, which must stay; NULL for no memory. */
    void *(*open)(struct input *in);
    /* As capture_next, with in->error for item->error, and CAPTURE_IDLE for what was passed over
     * without giving anything. */
    enum capture_result (*next)(void *reader, struct capture_item *item);
    struct capture_counts (*counts)(const void *reader);
    void (*close)(void *reader);
    bool has_secrets; /* it can hold some */
};

extern const struct format pcap_format, pcapng_format;
