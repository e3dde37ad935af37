/* twins: connections that were captured before and behind address translation, as `tcpdump -i any`
 * does on a router or a host of containers. Segments in; the same out, those behind the translation
 * with the addresses before it, so that what follows sees each packet twice, not two connections.
 * What the capture lost on one side of the translation, the other may have.
 *
 * in:  segments in the order of the capture. out: through the sink, within the call; a SYN that may
 * be a twin's, and the answer to it, come later: when it is decided, at most limits.handshake_ns
 * later or at twins_finish; and so does a segment that may be translated by half (twins_doubt.h).
 *
 * Translation keeps sequence numbers, and one machine captures a packet before it passes it on and
 * again behind it. So a twin is who opens with the number of another SYN, between other addresses
 * (other ports alone do not count), before that one is answered; and whose answer has the number of
 * that one's, and was captured first: SYN, SYN', SYN+ACK', SYN+ACK. There may be several
 * translations in a row. The first SYN says which addresses are kept.
 *
 * Of a handshake a part may be missing, or all of it when the capture begins midway. So a twin is
 * also whose payload was seen a moment ago between other addresses: with the same numbers of both
 * directions, the same length and text (copies.h), and another hop limit, since translation is done
 * by who passes it on. It is one from that segment on, what was said before stays apart. The
 * connection that it is a copy of keeps its addresses, whichever side of the translation that is;
 * the hop limits tell which is before the other. What a bridge shows in between, translated by half
 * and not passed on yet, belongs to both.
 *
 * A leg stays one while its numbers go on; two segments in a row with others are another connection
 * between its ends, so that nobody hides one behind a few forged segments.
 *
 * Programs make captures up with one number for all connections. So who opens after the same was
 * answered between other addresses is none, whatever it says; nor any more who says something else
 * with the numbers of the other: what it says from then on is its own.
 *
 * Nothing is claimed otherwise: a proxy that ends TCP has numbers of its own; so has a translation
 * that changes numbers; and who translates without counting hops is known by whole handshakes
 * alone. These stay two.
 *
 * Segments without payload that are no SYN cost nothing as long as there are no twins, those with
 * payload some 40 steps. Memory: limits.max_handshakes, max_translated and max_sightings; the
 * oldest are forgotten, the second count as connections of their own then. Without memory, or where
 * all places are taken by twins that are undecided, nothing is claimed either. One owner thread. */
#pragma once

#include "dissector/base/hash.h"
#include "dissector/base/limit.h"
#include "dissector/base/sink.h"
#include "dissector/base/table.h"
#include "dissector/net/copies.h"
#include "dissector/net/net.h"

struct twin_suit;  /* private: SYNs that may be one */
struct twin_doubt; /* private: a segment that may be translated by half */

struct twins {
    /* fields are private */
    const struct limits *limits;
    const struct hash_key *key;
    struct segment_sink sink;
    struct table hellos;            /* SYNs without an answer, by their number */
    struct table legs;              /* behind a translation, or perhaps so, by their endpoints */
    struct copies copies;           /* payload of the last moment */
    struct twin_suit *first, *last; /* undecided, by age */
    size_t n_suits;
    struct twin_doubt *doubt; /* NULL: none */
};

/* limits and key must outlive it. The sink is given a segment with is_twin (segment.h) for each
 * connection that proves to be captured twice, before any payload of the twin. */
void twins_init(struct twins *twins, const struct limits *limits, const struct hash_key *key,
                struct segment_sink sink);

/* Whether segment may be one of a twin, or begin one: else it goes on as it is. */
static inline bool twins_concern(const struct twins *twins, const struct segment *segment)
{
    return !segment->is_datagram && (segment->payload.len > 0 || segment->flags & SEGMENT_SYN ||
                                     table_n_nodes(&twins->legs) > 0 || twins->doubt);
}

/* FEED_OK, or what the sink answered when it is FEED_NOMEM. */
enum feed twins_feed(struct twins *twins, const struct segment *segment);

/* Passes on what was held back too long at time_ns. */
enum feed twins_tick(struct twins *twins, int64_t time_ns);

/* Passes on all that is held back. */
enum feed twins_finish(struct twins *twins);

size_t twins_buffered_bytes(const struct twins *twins);

/* Nothing is passed on. A zeroed one is fine. */
void twins_free(struct twins *twins);
