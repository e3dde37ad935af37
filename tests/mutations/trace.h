/* trace: a capture in memory, to be changed and played. A failure to read or without memory ends
 * the test program. */
#pragma once

#include "dissector/base/span.h"

struct trace_frame {
    uint32_t linktype, wire_len;
    int64_t time_ns;
    struct span bytes; /* the trace's own */
};

struct trace {
    struct trace_frame *frames;
    size_t n, capacity;
    struct span secrets; /* lines of an NSS key log, the trace's own */
};

/* Reads captures as one timeline, with the TLS secrets in them. */
void trace_load(struct trace *trace, const char *const *paths, size_t n_paths);

/* Plays a conversation (tests/conv/README.md) whole: what was captured of it. */
void trace_load_conv(struct trace *trace, const char *path);

/* Appends a copy of frame with other bytes, whole as far as frame was. */
void trace_append(struct trace *trace, const struct trace_frame *frame, struct span bytes);

/* Appends a copy of frame. */
void trace_copy(struct trace *trace, const struct trace_frame *frame);

/* Adds a copy of secrets. */
void trace_add_secrets(struct trace *trace, struct span secrets);

void trace_free(struct trace *trace);
