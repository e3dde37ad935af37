/* twins_join: connections that prove to be twins by their payload, because of the handshake on one
 * side of the translation, or both, something is missing; see twins.h. Private to twins.c. */
#pragma once

#include "dissector/net/twins_suit.h"

/* Takes a segment with payload that goes by no leg, and passes it on: as it is, or as that which
 * it proves to be a copy of; then what goes by its endpoints is a leg from now on. FEED_OK, or
 * FEED_NOMEM when the sink said so. */
enum feed twins_join_take(struct twins *twins, const struct segment *segment);
