/* A table of what is known of each connection or session; see secrets.h. */
#include "dissector/tls/secrets.h"

#include "dissector/base/wipe.h"

#include <assert.h>
#include <stdlib.h>

struct secret {
    uint8_t len;
    uint8_t bytes[SECRET_MAX_BYTES];
};

struct entry {
    struct table_node node; /* first: a node is cast to its entry */
    enum secret_of of;
    uint8_t id_len;
    uint8_t id[SECRET_MAX_ID_BYTES];
    struct secret secrets[SECRET_N];
};

static bool has_id(const struct table_node *node, const void *key)
{
    const struct entry *entry = (const struct entry *)node;
    const struct secret_id *id = key;
    return entry->of == id->of && span_equal(span_of(entry->id, entry->id_len), id->bytes);
}

static struct entry *find(const struct secrets *secrets, const struct secret_id *id)
{
    uint64_t hash = hash_bytes(&secrets->key, id->bytes);
    return (struct entry *)table_find(&secrets->table, hash, has_id, id);
}

static void drop(struct secrets *secrets, struct entry *entry)
{
    table_remove(&secrets->table, &entry->node);
    wipe(entry, sizeof *entry);
    free(entry);
}

static struct entry *add(struct secrets *secrets, const struct secret_id *id)
{
    struct entry *entry = calloc(1, sizeof *entry);
    if (!entry)
        return NULL;
    entry->of = id->of;
    entry->id_len = (uint8_t)id->bytes.len;
    if (id->bytes.len > 0)
        memcpy(entry->id, id->bytes.ptr, id->bytes.len);
    if (!table_insert(&secrets->table, &entry->node, hash_bytes(&secrets->key, id->bytes), 0)) {
        free(entry);
        return NULL;
    }
    for (size_t n = table_n_excess(&secrets->table); n > 0; n--)
        drop(secrets, (struct entry *)table_oldest(&secrets->table));
    return entry;
}

void secrets_init(struct secrets *secrets, size_t max_entries, const struct hash_key *key)
{
    *secrets = (struct secrets){.key = *key};
    table_init(&secrets->table, max_entries, max_entries);
}

bool secrets_put(struct secrets *secrets, const struct secret_id *id, enum secret_label label,
                 struct span secret)
{
    assert(id->bytes.len <= SECRET_MAX_ID_BYTES && secret.len <= SECRET_MAX_BYTES);
    struct entry *entry = find(secrets, id);
    if (!entry)
        entry = add(secrets, id);
    if (!entry)
        return false;
    secrets->has_premaster = secrets->has_premaster || id->of == SECRET_OF_PREMASTER;
    entry->secrets[label].len = (uint8_t)secret.len;
    if (secret.len > 0)
        memcpy(entry->secrets[label].bytes, secret.ptr, secret.len);
    return true;
}

struct span secrets_find(const struct secrets *secrets, const struct secret_id *id,
                         enum secret_label label)
{
    const struct entry *entry = find(secrets, id);
    if (!entry)
        return (struct span){NULL, 0};
    return span_of(entry->secrets[label].bytes, entry->secrets[label].len);
}

enum crypt_rsa_result secrets_add_private_key(struct secrets *secrets, struct span pem)
{
    assert(secrets->n_private_keys < SECRETS_MAX_PRIVATE_KEYS);
    enum crypt_rsa_result result =
        crypt_rsa_read(&secrets->private_keys[secrets->n_private_keys], pem);
    secrets->n_private_keys += result == CRYPT_RSA_READ;
    return result;
}

bool secrets_know_rsa(const struct secrets *secrets)
{
    return secrets->n_private_keys > 0 || secrets->has_premaster;
}

bool secrets_next_random(const struct secrets *secrets, const void **at, struct span *random)
{
    const struct table_node *node = *at ? table_newer(*at) : table_oldest(&secrets->table);
    while (node && ((const struct entry *)node)->of != SECRET_OF_RANDOM)
        node = table_newer(node);
    if (!node)
        return false;
    const struct entry *entry = (const struct entry *)node;
    *at = node;
    *random = span_of(entry->id, entry->id_len);
    return true;
}

size_t secrets_n_entries(const struct secrets *secrets)
{
    return table_n_nodes(&secrets->table);
}

void secrets_free(struct secrets *secrets)
{
    while (table_oldest(&secrets->table))
        drop(secrets, (struct entry *)table_oldest(&secrets->table));
    for (; secrets->n_private_keys > 0; secrets->n_private_keys--)
        crypt_rsa_free(&secrets->private_keys[secrets->n_private_keys - 1]);
    table_free(&secrets->table);
}
