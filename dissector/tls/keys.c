/* Facts and secrets in, keys out; see keys.h. */
#include "dissector/tls/keys.h"

#include "dissector/base/wipe.h"

/* Two MAC keys, two keys and two IVs. */
enum { MAX_BLOCK_BYTES = 2 * (SUITE_MAX_HASH_BYTES + SUITE_MAX_KEY_BYTES + CRYPT_MAX_IV_BYTES) };

static void copy(uint8_t *out, struct span bytes)
{
    if (bytes.len > 0)
        memcpy(out, bytes.ptr, bytes.len);
}

void keys_take_client_hello(struct keys_facts *facts, const struct client_hello *hello)
{
    facts->has_client = true;
    copy(facts->client_random, hello->random);
    copy(facts->client_session, hello->session_id);
    facts->client_session_len = (uint8_t)hello->session_id.len;
    facts->has_ticket = hello->ticket.len > 0 && crypt_digest(hello->ticket, facts->ticket);
}

void keys_take_server_hello(struct keys_facts *facts, const struct server_hello *hello)
{
    facts->has_server = true;
    copy(facts->server_random, hello->random);
    copy(facts->server_session, hello->session_id);
    facts->server_session_len = (uint8_t)hello->session_id.len;
    facts->version = hello->version;
    facts->suite = hello->compression == 0 ? suite_find(hello->suite) : NULL;
    facts->is_etm = hello->is_etm;
    facts->is_ems = hello->is_ems;
}

static struct secret_id by_random(const struct keys_facts *facts)
{
    return (struct secret_id){SECRET_OF_RANDOM,
                              span_of(facts->client_random, sizeof facts->client_random)};
}

static struct secret_id by_session(const struct keys_facts *facts)
{
    return (struct secret_id){SECRET_OF_SESSION,
                              span_of(facts->server_session, facts->server_session_len)};
}

static struct secret_id by_ticket(const struct keys_facts *facts)
{
    return (struct secret_id){SECRET_OF_TICKET, span_of(facts->ticket, sizeof facts->ticket)};
}

struct span keys_secret(const struct secrets *secrets, const struct keys_facts *facts,
                        enum secret_label label)
{
    struct secret_id id = by_random(facts);
    return facts->has_client ? secrets_find(secrets, &id, label) : (struct span){NULL, 0};
}

/* The server goes on with a session when it answers with the client's session ID. With a ticket it
 * does so too, as the client then makes up an ID to see it (RFC 5077 §3.4). */
bool keys_is_resumed(const struct keys_facts *facts)
{
    return facts->version <= TLS_1_2 && facts->server_session_len > 0 &&
           span_equal(span_of(facts->server_session, facts->server_session_len),
                      span_of(facts->client_session, facts->client_session_len));
}

static struct span resumed_master(const struct secrets *secrets, const struct keys_facts *facts)
{
    struct secret_id session = by_session(facts), ticket = by_ticket(facts);
    struct span master = {NULL, 0};
    if (keys_is_resumed(facts) && facts->has_ticket)
        master = secrets_find(secrets, &ticket, SECRET_MASTER);
    if (master.len == 0 && keys_is_resumed(facts))
        master = secrets_find(secrets, &session, SECRET_MASTER);
    return master;
}

struct span keys_master(const struct secrets *secrets, const struct keys_facts *facts)
{
    struct secret_id session = by_session(facts);
    struct span master = keys_secret(secrets, facts, SECRET_MASTER);
    /* A TLS 1.2 session may be known by its ID alone (RSA Session-ID lines). */
    if (master.len == 0 && facts->server_session_len > 0 && !keys_is_resumed(facts))
        master = secrets_find(secrets, &session, SECRET_MASTER);
    return master.len > 0 ? master : resumed_master(secrets, facts);
}

/* A secrets_put may move what a find gave: a copy goes there. No memory costs only what a later
 * resumption could have used. */
static void remember(struct secrets *secrets, const struct secret_id *id, struct span master)
{
    uint8_t kept[SECRET_MAX_BYTES];
    copy(kept, master);
    secrets->has_news = true;
    (void)secrets_put(secrets, id, SECRET_MASTER, span_of(kept, master.len));
    wipe(kept, sizeof kept);
}

void keys_remember_session(struct secrets *secrets, const struct keys_facts *facts)
{
    struct secret_id session = by_session(facts);
    struct span master = keys_secret(secrets, facts, SECRET_MASTER);
    if (master.len > 0 && facts->server_session_len > 0 &&
        secrets_find(secrets, &session, SECRET_MASTER).len == 0)
        remember(secrets, &session, master);
}

void keys_remember_ticket(struct secrets *secrets, const struct keys_facts *facts,
                          struct span ticket)
{
    uint8_t digest[CRYPT_DIGEST_BYTES];
    struct span master = keys_master(secrets, facts);
    if (master.len == 0 || ticket.len == 0 || !crypt_digest(ticket, digest))
        return;
    struct secret_id id = {SECRET_OF_TICKET, span_of(digest, sizeof digest)};
    remember(secrets, &id, master);
}

/* Cuts what dir has of each pair from the front of *block. */
static struct span take_of_pair(struct span *block, enum dir dir, size_t len)
{
    struct span taken = span_first(span_after(*block, dir == DIR_CLIENT ? 0 : len), len);
    *block = span_after(*block, 2 * len);
    return taken;
}

bool keys_from_master(const struct keys_facts *facts, struct span master, enum dir dir,
                      struct crypt *crypt)
{
    uint8_t made[MAX_BLOCK_BYTES];
    const struct suite *suite = facts->suite;
    if (!suite || suite->is_tls13 || facts->version < TLS_1_0 || facts->version > TLS_1_2)
        return false;
    size_t mac_len = crypt_mac_key_bytes(suite), iv_len = crypt_iv_bytes(suite, facts->version);
    struct span block = span_of(made, 2 * (mac_len + suite->key_bytes + iv_len));
    const struct crypt_prf prf = {
        .hash = facts->version == TLS_1_2 ? suite->hash : SUITE_MD5_SHA1,
        .secret = master,
        .label = "key expansion",
        .seed = {span_of(facts->server_random, sizeof facts->server_random),
                 span_of(facts->client_random, sizeof facts->client_random)},
    };
    struct crypt_keys keys = {.suite = suite, .version = facts->version, .is_etm = facts->is_etm};
    bool is_made = crypt_prf(&prf, made, block.len);
    keys.mac_key = take_of_pair(&block, dir, mac_len);
    keys.key = take_of_pair(&block, dir, suite->key_bytes);
    keys.iv = take_of_pair(&block, dir, iv_len);
    is_made = is_made && crypt_init(crypt, &keys);
    wipe(made, sizeof made);
    return is_made;
}

bool keys_from_traffic(const struct suite *suite, struct span secret, struct crypt *crypt)
{
    uint8_t key[SUITE_MAX_KEY_BYTES], iv[CRYPT_MAX_IV_BYTES];
    size_t iv_len = crypt_iv_bytes(suite, TLS_1_3);
    struct crypt_label label = {suite->hash, secret, "key"};
    bool is_made = secret.len == suite_hash_bytes(suite->hash) &&
                   crypt_expand_label(&label, key, suite->key_bytes);
    label.label = "iv";
    is_made = is_made && crypt_expand_label(&label, iv, iv_len);
    const struct crypt_keys keys = {
        .suite = suite,
        .version = TLS_1_3,
        .key = span_of(key, suite->key_bytes),
        .iv = span_of(iv, iv_len),
    };
    is_made = is_made && crypt_init(crypt, &keys);
    wipe(key, sizeof key);
    wipe(iv, sizeof iv);
    return is_made;
}

bool keys_update(const struct suite *suite, uint8_t *secret, size_t secret_len)
{
    uint8_t next[SECRET_MAX_BYTES];
    const struct crypt_label label = {suite->hash, span_of(secret, secret_len), "traffic upd"};
    bool is_made = crypt_expand_label(&label, next, secret_len);
    if (is_made)
        memcpy(secret, next, secret_len);
    wipe(next, sizeof next);
    return is_made;
}
