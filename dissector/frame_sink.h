/* frame_sink: from which connection each frame is. */
#pragma once

#include <stdint.h>

/* Told of every frame that belongs to a connection, by its ordinal, before the events that it
 * brings. completed: the ordinal of the frame that completed what is in it: the same, but for the
 * fragments of an IP datagram, of which it is told when the last has come (of the first
 * FRAGMENT_MAX_FRAMES of them). */
struct frame_sink {
    void (*frame)(void *ctx, uint64_t ordinal, uint64_t completed, uint64_t connection);
    void *ctx;
};
