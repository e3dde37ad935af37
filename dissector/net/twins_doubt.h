/* twins_doubt: a segment that says what another did a moment ago, between endpoints of which it
 * shares one, and that nobody passed on in between. It is translated by half, as br_netfilter shows
 * answers on a bridge before the translation is undone wholly; or somebody made both up. The copy
 * behind the translation tells, which comes next if there is one. Until then the segment is held:
 * one at a time, for a few frames and limits.sighting_ns, until the next of its connection comes.
 * Private to twins.c. What returns enum feed answers FEED_OK, or FEED_NOMEM when the sink did. */
#pragma once

#include "dissector/net/twins_suit.h"

/* Holds segment, or passes it on where it is none of that kind, or there is no memory for it; and
 * what was held before. before: the segment that said the same. */
enum feed twins_doubt_take(struct twins *twins, const struct segment *segment,
                           const struct sighting *before);

/* Whether what is held is translated by half: one of its endpoints is that of segment, the other
 * one that of the segment it repeats. *before, which segment repeats, is that one then. */
bool twins_doubt_is_half(const struct twins *twins, const struct segment *segment,
                         struct sighting *before);

/* Passes on what is held, with the addresses that it is known by. */
enum feed twins_doubt_release(struct twins *twins);

/* The same, when segment comes between its endpoints, or so late that no copy may be expected. */
enum feed twins_doubt_meet(struct twins *twins, const struct segment *segment);

/* The same, when it was held too long at time_ns. */
enum feed twins_doubt_tick(struct twins *twins, int64_t time_ns);

size_t twins_doubt_buffered_bytes(const struct twins *twins);
