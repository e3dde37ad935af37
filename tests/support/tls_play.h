/* tls_play: a conversation of TLS as a file has it into a tls, and what comes out kept.
 *
 * A file is the lines of a key log, a NUL, and steps: the side, a length in two bytes, and what the
 * side sent in one segment. The client is side 0. tests/fuzz/fuzz_tls.c reads them too. */
#pragma once

#include "dissector/tls/tls.h"
#include "tests/support/stream_log.h"

enum { TLS_TALK_BYTES = 16 * 1024, TLS_WAY_NONE = -1, TLS_WAY_NEVER = -2 };

struct tls_talk {
    uint8_t bytes[TLS_TALK_BYTES];
    struct span lines, steps;
};

/* Ends the program when the file cannot be read. */
void tls_talk_load(struct tls_talk *talk, const char *folder, const char *name);

int tls_talk_n_steps(const struct tls_talk *talk);

/* How a talk is played. */
struct tls_way {
    size_t n_bytes;  /* of a feed */
    int lost[3];     /* steps that are missing, or TLS_WAY_NONE */
    size_t n_kept;   /* first bytes of lost[1] that come all the same */
    int told_behind; /* the secrets come behind this step; TLS_WAY_NONE: before all; or NEVER */
    int64_t step_ns;
    const struct limits *limits; /* NULL: the default */
};

extern const struct tls_way tls_way_plain; /* whole, with the secrets before */

struct tls_play {
    struct secrets secrets;
    struct stream_log log;
    struct tls tls;
    bool is_opened; /* was told, with the version known */
    enum feed retried;
};

/* Plays a connection. play must not be moved. */
void tls_play(struct tls_play *play, const struct tls_talk *talk, const struct tls_way *way);

/* As that, but as a later connection: with the secrets that are known. The one before is freed. */
void tls_play_next(struct tls_play *play, const struct tls_talk *talk, const struct tls_way *way);

/* What came out of a side. */
struct span tls_play_plain(const struct tls_play *play, int side);

void tls_play_free(struct tls_play *play);
