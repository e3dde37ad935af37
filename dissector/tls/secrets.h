/* secrets: what key logs tell of TLS connections, found again by what the wire shows of them. The
 * only place where secrets are kept: bounded, wiped when dropped or freed, never formatted.
 *
 * A full table drops those that came first. One owner thread. */
#pragma once

#include "dissector/base/hash.h"
#include "dissector/base/span.h"
#include "dissector/base/table.h"
#include "dissector/tls/crypt_rsa.h"

enum { SECRET_MAX_BYTES = 48, SECRET_MAX_ID_BYTES = 32, SECRETS_MAX_PRIVATE_KEYS = 8 };

/* By what a secret is found. */
enum secret_of {
    SECRET_OF_RANDOM,    /* the client's random, 32 bytes */
    SECRET_OF_SESSION,   /* a session ID of TLS 1.2 and before, up to 32 bytes */
    SECRET_OF_TICKET,    /* the SHA-256 of a session ticket */
    SECRET_OF_PREMASTER, /* the first 8 bytes of an RSA-encrypted premaster secret */
};

enum secret_label {
    SECRET_MASTER, /* TLS 1.2 and before */
    SECRET_PREMASTER,
    SECRET_CLIENT_EARLY, /* the others: TLS 1.3 */
    SECRET_CLIENT_HANDSHAKE,
    SECRET_SERVER_HANDSHAKE,
    SECRET_CLIENT_TRAFFIC,
    SECRET_SERVER_TRAFFIC,
    SECRET_N
};

struct secret_id {
    enum secret_of of;
    struct span bytes; /* at most SECRET_MAX_ID_BYTES */
};

struct secrets {
    bool may_grow;   /* set by the owner: what is not known yet may still be told */
    bool is_lacking; /* set by tls: a connection needed what is not known */
    bool has_news;   /* set by tls: of a session that others may resume; taken back by the owner */
    /* may be read: */
    struct crypt_rsa private_keys[SECRETS_MAX_PRIVATE_KEYS];
    size_t n_private_keys;
    /* the rest is private */
    bool has_premaster;
    struct table table;
    struct hash_key key;
};

void secrets_init(struct secrets *secrets, size_t max_entries, const struct hash_key *key);

/* Keeps a copy of secret, at most SECRET_MAX_BYTES. False: no memory. */
bool secrets_put(struct secrets *secrets, const struct secret_id *id, enum secret_label label,
                 struct span secret);

/* Empty when it is not known; borrowed until the next secrets_put. */
struct span secrets_find(const struct secrets *secrets, const struct secret_id *id,
                         enum secret_label label);

/* Keeps the private key of a PEM text; there must be room for one more. */
enum crypt_rsa_result secrets_add_private_key(struct secrets *secrets, struct span pem);

/* Whether anything is known that opens an RSA key exchange. */
bool secrets_know_rsa(const struct secrets *secrets);

/* The next client random of which secrets are known, borrowed like those; *at is NULL before the
 * first. False: there are no more. Nothing may be put in between. */
bool secrets_next_random(const struct secrets *secrets, const void **at, struct span *random);

size_t secrets_n_entries(const struct secrets *secrets);

/* Wipes and frees everything. */
void secrets_free(struct secrets *secrets);
