/* crowd: many connections at once, a burst of one after a burst of another, until there is nothing
 * more to say. */
#pragma once

#include "tests/bench/dice.h"
#include "tests/bench/flow.h"
#include "tests/bench/script.h"

struct crowd_source {
    /* Fills an emptied script; false = everything has been said. An exchange with another server
     * port than the open connection's goes over a new one. */
    bool (*next)(void *ctx, struct script *script);
    void *ctx;
};

/* Plays what source says on n_parallel connections into the capture. Without memory it ends the
 * program. */
void crowd_play(struct wire *wire, uint32_t n_parallel, struct dice *dice,
                struct crowd_source source);
