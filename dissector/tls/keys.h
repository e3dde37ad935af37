/* keys: from what the hellos said and the key log knows to the keys of one direction. */
#pragma once

#include "dissector/base/sink.h"
#include "dissector/tls/crypt.h"
#include "dissector/tls/handshake.h"
#include "dissector/tls/secrets.h"

/* What the hellos of a connection said, copied. */
struct keys_facts {
    bool has_client, has_server;
    uint8_t client_random[HELLO_RANDOM_BYTES], server_random[HELLO_RANDOM_BYTES];
    uint8_t client_session[HELLO_MAX_SESSION_BYTES], server_session[HELLO_MAX_SESSION_BYTES];
    uint8_t client_session_len, server_session_len;
    uint8_t ticket[CRYPT_DIGEST_BYTES]; /* digest of the one the client sent, with has_ticket */
    bool has_ticket;
    uint16_t version;          /* 0: not known */
    const struct suite *suite; /* NULL: not known, or none we read */
    bool is_etm, is_ems;
};

void keys_take_client_hello(struct keys_facts *facts, const struct client_hello *hello);
void keys_take_server_hello(struct keys_facts *facts, const struct server_hello *hello);

/* The secret of a TLS 1.3 connection; empty when it is not known. */
struct span keys_secret(const struct secrets *secrets, const struct keys_facts *facts,
                        enum secret_label label);

/* The master secret of TLS 1.2 and before, also by the session that is resumed. Empty when it is
 * not known. */
struct span keys_master(const struct secrets *secrets, const struct keys_facts *facts);

/* Whether the server goes on with a session of TLS 1.2 or before that another connection began. */
bool keys_is_resumed(const struct keys_facts *facts);

/* Makes the master secret that was told for this connection known by its session, for later ones.
 * Its ClientHello was seen, or its secrets proved to be the right ones. */
void keys_remember_session(struct secrets *secrets, const struct keys_facts *facts);

/* The server gave the client this ticket for the session. */
void keys_remember_ticket(struct secrets *secrets, const struct keys_facts *facts,
                          struct span ticket);

/* Keys of what dir sends in TLS 1.2 and before, RFC 5246 §6.3. False: they cannot be made. */
bool keys_from_master(const struct keys_facts *facts, struct span master, enum dir dir,
                      struct crypt *crypt);

/* Keys from a traffic secret of TLS 1.3, RFC 8446 §7.3. */
bool keys_from_traffic(const struct suite *suite, struct span secret, struct crypt *crypt);

/* The traffic secret that a key update brings, in place, RFC 8446 §7.2. */
bool keys_update(const struct suite *suite, uint8_t *secret, size_t secret_len);
