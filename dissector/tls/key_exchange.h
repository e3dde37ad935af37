/* key_exchange: the master secret of an RSA key exchange (RFC 5246 §7.4.7.1), from a private key or
 * from the premaster secret that a key log tells ("RSA" lines).
 *
 * With an extended master secret (RFC 7627) that depends on all messages of the handshake, so these
 * are kept, together at most max_bytes, until the keys are known; but only where something that
 * opens them is known, or may come. The master secret goes among the secrets, by the client's
 * random, where all others are looked for. One owner thread. */
#pragma once

#include "dissector/tls/keys.h"

struct key_exchange {
    /* fields are private */
    struct buf messages;  /* of the handshake, from ClientHello on; when torn, ClientKeyExchange */
    size_t client_key_at; /* in them, with has_client_key */
    bool has_client_key;
    bool is_torn; /* not all messages are there */
    bool is_wanted;
};

void key_exchange_init(struct key_exchange *exchange, size_t max_bytes,
                       const struct secrets *secrets);

/* The next message of either side. FEED_OK or FEED_NOMEM. */
enum feed key_exchange_take(struct key_exchange *exchange, const struct handshake_message *message,
                            const struct keys_facts *facts);

/* Messages are missing. */
void key_exchange_tear(struct key_exchange *exchange);

/* Makes the master secret when that is possible by now. FEED_OK or FEED_NOMEM. */
enum feed key_exchange_solve(const struct key_exchange *exchange, const struct keys_facts *facts,
                             struct secrets *secrets);

/* Forgets the messages: the keys are known, or will never be. */
void key_exchange_free(struct key_exchange *exchange);
