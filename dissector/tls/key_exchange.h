/* key_exchange: the master secret of an RSA key exchange (RFC 5246 §7.4.7.1), from a private key or
 * from the premaster secret that a key log tells ("RSA" lines).
 *
 * With an extended master secret (RFC 7627) that depends on all messages of the handshake, so these
 * are kept, together at most max_bytes, but only where a key or a premaster secret is known. The
 * master secret goes among the secrets, by the client's random, where all others are looked for.
 * One owner thread. */
#pragma once

#include "dissector/tls/keys.h"

struct key_exchange {
    /* fields are private */
    struct buf messages; /* of the handshake, from ClientHello on */
    bool is_torn;        /* not all of them are there */
};

void key_exchange_init(struct key_exchange *exchange, size_t max_bytes);

/* The next message of either side. FEED_OK or FEED_NOMEM. */
enum feed key_exchange_take(struct key_exchange *exchange, const struct handshake_message *message,
                            const struct keys_facts *facts, struct secrets *secrets);

/* Messages are missing. */
void key_exchange_tear(struct key_exchange *exchange);

void key_exchange_free(struct key_exchange *exchange);
