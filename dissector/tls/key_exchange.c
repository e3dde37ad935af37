/* Messages of a handshake in, a master secret out; see key_exchange.h. */
#include "dissector/tls/key_exchange.h"

#include "dissector/base/reader.h"
#include "dissector/base/wipe.h"

enum { MASTER_BYTES = 48, PREMASTER_ID_BYTES = 8 };

void key_exchange_init(struct key_exchange *exchange, size_t max_bytes,
                       const struct secrets *secrets)
{
    *exchange = (struct key_exchange){
        .is_torn = true,
        .is_wanted = secrets_know_rsa(secrets) || secrets->may_grow,
    };
    buf_init(&exchange->messages, max_bytes);
}

/* ---- the premaster secret ---- */

static bool find_premaster(const struct secrets *secrets, struct span encrypted,
                           uint8_t premaster[PREMASTER_BYTES])
{
    const struct secret_id id = {SECRET_OF_PREMASTER, span_first(encrypted, PREMASTER_ID_BYTES)};
    struct span told = secrets_find(secrets, &id, SECRET_PREMASTER);
    if (told.len == PREMASTER_BYTES)
        memcpy(premaster, told.ptr, PREMASTER_BYTES);
    bool is_found = told.len == PREMASTER_BYTES;
    for (size_t i = 0; i < secrets->n_private_keys && !is_found; i++)
        is_found = crypt_rsa_open(&secrets->private_keys[i], encrypted, premaster);
    return is_found;
}

/* ---- the master secret ---- */

static bool make_master(const struct key_exchange *exchange, const struct keys_facts *facts,
                        struct span premaster, uint8_t master[MASTER_BYTES])
{
    uint8_t digest[SUITE_MAX_HASH_BYTES];
    enum suite_hash hash = facts->version == TLS_1_2 ? facts->suite->hash : SUITE_MD5_SHA1;
    struct crypt_prf prf = {
        .hash = hash,
        .secret = premaster,
        .label = "master secret",
        .seed = {span_of(facts->client_random, sizeof facts->client_random),
                 span_of(facts->server_random, sizeof facts->server_random)},
    };
    if (facts->is_ems) {
        if (exchange->is_torn || !crypt_hash(hash, buf_span(&exchange->messages), digest))
            return false;
        prf.label = "extended master secret";
        prf.seed[0] = span_of(digest, suite_hash_bytes(hash));
        prf.seed[1] = span_of(digest, 0);
    }
    return crypt_prf(&prf, master, MASTER_BYTES);
}

static enum feed make_from(const struct key_exchange *exchange, struct span encrypted,
                           const struct keys_facts *facts, struct secrets *secrets)
{
    uint8_t premaster[PREMASTER_BYTES], master[MASTER_BYTES];
    const struct secret_id id = {SECRET_OF_RANDOM,
                                 span_of(facts->client_random, sizeof facts->client_random)};
    bool is_made = find_premaster(secrets, encrypted, premaster) &&
                   make_master(exchange, facts, span_of(premaster, sizeof premaster), master);
    bool is_kept =
        !is_made || secrets_put(secrets, &id, SECRET_MASTER, span_of(master, sizeof master));
    wipe(premaster, sizeof premaster);
    wipe(master, sizeof master);
    return is_kept ? FEED_OK : FEED_NOMEM;
}

enum feed key_exchange_solve(const struct key_exchange *exchange, const struct keys_facts *facts,
                             struct secrets *secrets)
{
    bool is_usable = exchange->has_client_key && facts->has_client && facts->has_server &&
                     facts->suite && facts->version >= TLS_1_0 && facts->version <= TLS_1_2;
    if (!is_usable || keys_secret(secrets, facts, SECRET_MASTER).len > 0)
        return FEED_OK;
    struct reader r = reader_of(span_after(buf_span(&exchange->messages), exchange->client_key_at));
    reader_skip(&r, HANDSHAKE_HEADER_BYTES);
    struct span encrypted = reader_span(&r, reader_u16(&r));
    bool is_whole = !r.failed && encrypted.len >= PREMASTER_ID_BYTES;
    return is_whole ? make_from(exchange, encrypted, facts, secrets) : FEED_OK;
}

/* ---- the handshake ---- */

static void begin(struct key_exchange *exchange)
{
    buf_clear(&exchange->messages);
    exchange->is_torn = exchange->has_client_key = false;
}

static bool is_needed(const struct key_exchange *exchange, enum handshake_type type)
{
    if (!exchange->is_wanted || exchange->has_client_key || type == HANDSHAKE_HELLO_REQUEST)
        return false;
    return !exchange->is_torn || type == HANDSHAKE_CLIENT_KEY_EXCHANGE;
}

enum feed key_exchange_take(struct key_exchange *exchange, const struct handshake_message *message,
                            const struct keys_facts *facts)
{
    if (message->type == HANDSHAKE_CLIENT_HELLO)
        begin(exchange);
    if (!is_needed(exchange, message->type))
        return FEED_OK;
    if (facts->version == TLS_1_3) {
        key_exchange_free(exchange);
        return FEED_OK;
    }
    exchange->client_key_at = exchange->messages.len;
    exchange->has_client_key = message->type == HANDSHAKE_CLIENT_KEY_EXCHANGE;
    switch (buf_append(&exchange->messages, message->whole)) {
    case BUF_OK:
        break;
    case BUF_LIMIT:
        key_exchange_free(exchange);
        break;
    case BUF_NOMEM:
        return FEED_NOMEM;
    }
    return FEED_OK;
}

void key_exchange_tear(struct key_exchange *exchange)
{
    if (!exchange->has_client_key)
        key_exchange_free(exchange);
}

void key_exchange_free(struct key_exchange *exchange)
{
    exchange->is_torn = true;
    exchange->has_client_key = false;
    buf_free(&exchange->messages);
}
