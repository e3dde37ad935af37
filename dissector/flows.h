/* flows: TCP segments and the beginnings of QUIC in, events out. Owns the flow table and every
 * stage behind it: tcp, tls, http, dav; and quic. Where segments come from it does not know
 * (front.h).
 *
 * One may take all segments of a capture; or several share them, each all those of a connection.
 * Then each is told every tick, all secrets and the end, too, and their events are those of one
 * alone: first in the order of the calls; of the call of a tick, of secrets or of the end, which
 * goes to all, in the order of rank. That holds as long as no limit is met that is counted over
 * connections (max_memory_bytes, max_connections, max_lingering, max_strays, max_tls_sessions,
 * max_quic_connections) and no TLS
 * session is resumed at another one than where its secrets are known from.
 *
 * All calls that return enum feed answer what the sink last said, or FEED_NOMEM. One owner thread;
 * no I/O, clock, environment or global. */
#pragma once

#include "dissector/base/hash.h"
#include "dissector/base/limit.h"
#include "dissector/event.h"
#include "dissector/frame_sink.h"
#include "dissector/private_key.h"
#include "dissector/stats.h"
#include "dissector/turn.h"

struct flows;

/* Before threads begin of which each has flows of its own: makes what libraries share. */
void flows_prepare(void);

/* limits and sink.ctx must outlive it. NULL: no memory. */
struct flows *flows_open(const struct limits *limits, const struct hash_key *key,
                         struct event_sink sink);

/* See dissector_tell_frames. */
void flows_tell_frames(struct flows *flows, struct frame_sink sink);

/* See dissector_read_batches and dissector_expect_secrets. */
void flows_read_batches(struct flows *flows);
void flows_expect_secrets(struct flows *flows, bool may_come, const struct origin *origin);

/* See dissector_lacks_secrets and dissector_private_key. */
bool flows_lacks_secrets(const struct flows *flows);
enum private_key flows_private_key(struct flows *flows, struct span pem);

enum feed flows_feed(struct flows *flows, const struct segment *segment, const struct turn *turn);

/* Ends what was idle too long at origin->time_ns. */
enum feed flows_tick(struct flows *flows, const struct origin *origin);

/* TLS secrets, as dissector_secrets has them. origin: of the last frame. */
enum feed flows_secrets(struct flows *flows, struct span lines, const struct origin *origin);

/* Ends every connection with END_CAPTURE, in the order in which they began. */
enum feed flows_finish(struct flows *flows, const struct origin *origin);

/* Gives up the least useful connections while there are too many, or while they and elsewhere_bytes
 * take more than the memory limit and they alone more than fair_bytes. */
void flows_keep_limits(struct flows *flows, size_t elsewhere_bytes, size_t fair_bytes,
                       const struct origin *origin);

/* What the sink said last. */
enum feed flows_result(const struct flows *flows);

/* Of the event that comes; asked in the sink. */
uint64_t flows_rank(const struct flows *flows);

/* Adds what was counted here: all but net. */
void flows_add_stats(const struct flows *flows, struct dissector_stats *sum);

size_t flows_n_connections(const struct flows *flows);
size_t flows_buffered_bytes(const struct flows *flows);

/* What is open is freed without an event. NULL is fine. */
void flows_close(struct flows *flows);
