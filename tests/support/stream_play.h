/* stream_play: a conversation of two streams played into two sinks in every way it can be cut, for
 * tests of what takes streams.
 *
 *     const struct play plays[] = {says(DIR_CLIENT, "GET / HTTP/1.1\r\n\r\n"),
 *                                  lacks(DIR_SERVER, 100), ends(DIR_SERVER, END_FIN), {0}};
 *
 * Step i has the origin of frame i + 1, at i seconds. */
#pragma once

#include "dissector/base/sink.h"

enum play_kind { PLAY_OVER, PLAY_SAYS, PLAY_LACKS, PLAY_CUT, PLAY_ENDS };

struct play {
    enum play_kind kind; /* the last one is PLAY_OVER */
    enum dir dir;
    struct span bytes;
    uint64_t n_bytes;
    enum end why;
};

struct play says(enum dir dir, const char *text);
struct play says_bytes(enum dir dir, struct span bytes);
struct play lacks(enum dir dir, uint64_t n_bytes);     /* never captured */
struct play lacks_cut(enum dir dir, uint64_t n_bytes); /* cut by the snap length */
struct play ends(enum dir dir, enum end why);

struct play_way {
    size_t piece_bytes;    /* every step in pieces of so many bytes; 0 = whole */
    size_t split_at;       /* one more cut before this byte of all steps; 0 = none */
    bool declines_to_skip; /* bytes the sink does not need are fed all the same */
};

/* Honours need_none as TCP does. Stops feeding a stream that answered anything but FEED_OK, but
 * finishes it. */
void play_streams(const struct stream_sink sink[2], const struct play *plays,
                  const struct play_way *way);

/* Calls one(ctx, way) for every way: whole, byte by byte, split at every byte; each with and
 * without skipping. */
void play_every_way(const struct play *plays, void (*one)(void *ctx, const struct play_way *way),
                    void *ctx);
