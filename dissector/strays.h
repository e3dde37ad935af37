/* strays: resets of connections of which nothing else is known. Where packets are captured out of
 * order a RST may come before all others of its connection; that is told of it when it begins.
 *
 * Memory: limits.max_strays of them, from the first on; the oldest make room. Without memory none
 * is kept. Private to flows. One owner thread. */
#pragma once

#include "dissector/base/limit.h"
#include "dissector/turn.h"

struct stray;

struct strays {
    /* fields are private */
    const struct limits *limits;
    struct stray *kept; /* a ring */
    size_t n;           /* ever kept */
};

/* limits must outlive it. */
void strays_init(struct strays *strays, const struct limits *limits);

/* Keeps segment, which has no payload. */
void strays_keep(struct strays *strays, const struct segment *segment, const struct turn *turn);

/* Takes one out between the endpoints of segment, in either direction, that is near turn in the
 * capture. False: there is none. */
bool strays_take(struct strays *strays, const struct segment *segment, const struct turn *turn,
                 struct segment *stray);

size_t strays_buffered_bytes(const struct strays *strays);

/* A zeroed one is fine. */
void strays_free(struct strays *strays);
