/* stream_log: two stream sinks that write down what they are told, for tests of what feeds them.
 *
 * The story is a line of calls in order, bytes of one side in a row joined:
 *   0'GET'        bytes            0(gap 5)   0(cut 5)   0(skip 5)
 *   0(note kind)  an anomaly       0(fin)     the name of the end */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/base/sink.h"

struct stream_log {
    struct stream_log_side {
        struct stream_log *log;
        int side;
        struct buf bytes; /* everything delivered; of a gap below 64 KiB as many 0 */
        uint64_t n_gap_bytes, n_cut_bytes, n_skip_bytes;
        unsigned n_calls, n_gaps, n_notes, n_finished;
        enum end why;
        uint64_t none_bytes; /* what need_none answers; skipped bytes are taken off */
        uint64_t none_after; /* … once that many bytes were delivered or missed */
        enum feed answer;    /* what every call answers */
        struct origin last;  /* of the last call */
        struct anomaly note; /* the last one */
    } side[2];
    struct buf story;
    int story_side; /* whose bytes the story ends with, -1: none */
};

void stream_log_init(struct stream_log *log);

/* The sink of a side. log must not be moved. */
struct stream_sink stream_log_sink(struct stream_log *log, int side);

/* The story so far, NUL-terminated, valid until the next call. */
const char *stream_log_story(struct stream_log *log);

void stream_log_free(struct stream_log *log);
