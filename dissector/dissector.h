/* dissector: the library's door. Frames in, events out. Owns the flow table and joins the stages:
 * net -> tcp -> (tls) -> http -> dav. One owner thread; no I/O, clock, environment or global. */
#pragma once

#include "dissector/base/hash.h"
#include "dissector/base/limit.h"
#include "dissector/event.h"
#include "dissector/frame_sink.h"
#include "dissector/private_key.h"
#include "dissector/stats.h"

struct dissector;

/* key: random, against collision floods. limits and sink.ctx must outlive it. NULL: no memory. */
struct dissector *dissector_open(const struct limits *limits, const struct hash_key *key,
                                 struct event_sink sink);

/* Before the first frame: from which connection each is, is told there. */
void dissector_tell_frames(struct dissector *dissector, struct frame_sink sink);

/* Before the first frame: results in JSON and multipart are read whatever their HTTP status is,
 * where they can be nothing else; else only those under 207. */
void dissector_read_batches(struct dissector *dissector);

/* One frame, of a LINKTYPE_ value. Frames come in the order of origin->ordinal. FEED_OK, FEED_STOP
 * when the sink asked for no more, FEED_NOMEM when even eviction could not find memory. */
enum feed dissector_feed(struct dissector *dissector, uint32_t linktype, struct span frame,
                         uint32_t wire_len, const struct origin *origin);

/* TLS secrets: whole lines of an NSS key log (tls/keylog.h), copied and wiped by dissector_close;
 * what they open of connections that wait for them is passed on at once. Lines that mean nothing
 * are counted in the stats. FEED_OK or FEED_NOMEM. */
enum feed dissector_secrets(struct dissector *dissector, struct span lines);

/* Whether secrets may be told behind the packets they open. Then TLS connections without secrets
 * wait for some, within limits.max_tls_wait_bytes and tls_wait_ns; else, as at first, they are
 * given up as opaque at once. */
void dissector_expect_secrets(struct dissector *dissector, bool may_come);

/* Whether a TLS connection needed secrets that were not known then. */
bool dissector_lacks_secrets(const struct dissector *dissector);

/* A server's private key: a PEM text (RFC 7468), which may hold certificates beside it. Opens RSA
 * key exchange of TLS 1.2 and before. Copied, and wiped by dissector_close; the text may be wiped.
 */
enum private_key dissector_private_key(struct dissector *dissector, struct span pem);

/* Whether this build can decrypt anything. */
bool dissector_can_decrypt(void);

/* Ends what was idle too long at origin->time_ns; call it about once a second of capture time. feed
 * does so by itself when time goes on. */
enum feed dissector_tick(struct dissector *dissector, const struct origin *origin);

/* The capture is over: ends every connection with END_CAPTURE, in the order in which they began. */
enum feed dissector_finish(struct dissector *dissector);

void dissector_stats(const struct dissector *dissector, struct dissector_stats *stats);

/* Connections known now. */
size_t dissector_n_connections(const struct dissector *dissector);

/* Bytes of traffic held now. */
size_t dissector_buffered_bytes(const struct dissector *dissector);

void dissector_close(struct dissector *dissector); /* NULL is fine */
