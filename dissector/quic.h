/* quic: UDP datagrams that begin as QUIC in; an EVENT_TLS_OPAQUE for each connection out. HTTP/3 is
 * not decoded: what is told is that there was one, and to which server.
 *
 * A connection is told as soon as its ClientHello is whole (tls/quic_hello.h), else when it has
 * been idle for limits.connection_idle_ns, is the oldest of more than limits.max_quic_connections,
 * or at the end. Then the name is not known. The client is who sent the hello; without one, whose
 * port is the higher. Packets with a short header are not seen here: a connection that was joined
 * behind its handshake is not counted, and of one that moves to other addresses only the first are
 * known. Connections one after another between the same addresses and ports count once until they
 * are idle. One owner thread. */
#pragma once

#include "dissector/base/table.h"
#include "dissector/decode.h"

struct quic {
    /* fields are private */
    struct decode_shared *shared;
    struct table connections;
    size_t hello_bytes; /* kept of hellos, of all connections */
};

/* shared must outlive it. */
void quic_init(struct quic *quic, struct decode_shared *shared);

/* A datagram (segment.h); hash: of its endpoints, the same for both directions, and keyed. FEED_OK,
 * what the event sink said, or FEED_NOMEM: there was no memory to know the connection by. */
enum feed quic_feed(struct quic *quic, const struct segment *datagram, uint64_t hash);

/* Tells and forgets what was idle too long. */
void quic_tick(struct quic *quic, const struct origin *origin);

/* Tells what was not told yet, in the order of the last packets. */
void quic_finish(struct quic *quic, const struct origin *origin);

size_t quic_buffered_bytes(const struct quic *quic);

/* A zeroed one is fine. Nothing is told. */
void quic_free(struct quic *quic);
