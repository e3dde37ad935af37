/* A head in, what is kept of it out: allow-listed fields, method and target, copied without
 * credentials. Does not pair and calls no sink. */
#include "dissector/http/exchange_entry.h"

#include "dissector/http/exchange_text.h"

#include <stdlib.h>

/* Fields in which userinfo can stand; the others are copied as they are. */
static const enum exchange_text_kind field_kinds[HTTP_FIELD_N] = {
    [HTTP_HOST] = EXCHANGE_TEXT_AUTHORITY,
    [HTTP_X_FORWARDED_HOST] = EXCHANGE_TEXT_AUTHORITY,
    [HTTP_FORWARDED] = EXCHANGE_TEXT_WITHHELD,
    [HTTP_CONTENT_LOCATION] = EXCHANGE_TEXT_REFERENCE,
    [HTTP_LOCATION] = EXCHANGE_TEXT_REFERENCE,
    [HTTP_DESTINATION] = EXCHANGE_TEXT_REFERENCE,
    [HTTP_X_FORWARDED_PREFIX] = EXCHANGE_TEXT_REFERENCE,
    [HTTP_LINK] = EXCHANGE_TEXT_REFERENCE,
    [HTTP_DAV] = EXCHANGE_TEXT_REFERENCE,
    [HTTP_USER_AGENT] = EXCHANGE_TEXT_REFERENCE,
    [HTTP_SERVER] = EXCHANGE_TEXT_REFERENCE,
    [HTTP_VIA] = EXCHANGE_TEXT_REFERENCE,
};

static void account(struct exchange_entry *entry, size_t n_bytes)
{
    entry->kept_bytes += n_bytes;
    entry->owner->kept_bytes += n_bytes;
}

/* How many are open is bounded by http2, so no choice of ids makes a search long. */
static uint64_t hash_of(uint32_t stream)
{
    return stream * UINT64_C(0x9e3779b97f4a7c15) >> 32;
}

static struct exchange_entry *entry_of(const struct table_node *node)
{
    return (struct exchange_entry *)((uintptr_t)node - offsetof(struct exchange_entry, node));
}

static bool is_on_stream(const struct table_node *node, const void *key)
{
    return entry_of(node)->exchange.stream == *(const uint32_t *)key;
}

struct exchange_entry *exchange_entry_find(const struct exchanges *owner, uint32_t stream)
{
    struct table_node *node = table_find(&owner->streams, hash_of(stream), is_on_stream, &stream);
    return node ? entry_of(node) : NULL;
}

bool exchange_entry_set_stream(struct exchange_entry *entry, uint32_t stream)
{
    if (!table_insert(&entry->owner->streams, &entry->node, hash_of(stream), 0))
        return false;
    entry->exchange.stream = stream;
    return true;
}

struct exchange_entry *exchange_entry_add(struct exchanges *owner, uint32_t stream)
{
    struct exchange_entry *entry = pool_take(owner->entries, sizeof *entry);
    if (!entry)
        return NULL;
    entry->owner = owner;
    if (stream != 0 && !exchange_entry_set_stream(entry, stream)) {
        pool_give(owner->entries, entry);
        return NULL;
    }
    entry->exchange.number = ++owner->n_numbered;
    entry->prev = owner->last;
    if (owner->last)
        owner->last->next = entry;
    else
        owner->first = entry;
    owner->last = entry;
    owner->n_open++;
    account(entry, sizeof *entry);
    return entry;
}

/* The fields that a head has, few of those there are. */
struct present {
    size_t n, n_bytes;
    uint8_t fields[HTTP_FIELD_N]; /* enum http_field */
};

static void find_present(struct present *present, const struct http_head *head)
{
    present->n = present->n_bytes = 0;
    for (unsigned i = 0; i < HTTP_FIELD_N; i++) {
        if (!head->fields[i].ptr)
            continue;
        present->fields[present->n++] = (uint8_t)i;
        present->n_bytes += head->fields[i].len;
    }
}

static size_t start_line_bytes(const struct http_head *head, size_t max_target_bytes)
{
    size_t target = head->target.len < max_target_bytes ? head->target.len : max_target_bytes;
    return head->method.len + target + 1;
}

/* The copy, at *out, which is advanced. */
static struct span copy_text(struct exchange_text *text, size_t max_bytes, uint8_t **out)
{
    struct span copy = span_of(*out, exchange_text_copy(text, *out, max_bytes));
    *out += copy.len;
    return copy;
}

static void copy_request_line(struct exchange_entry *entry, const struct http_head *head,
                              uint8_t **out)
{
    struct exchange *exchange = &entry->exchange;
    bool is_authority = span_equal(head->method, span_str("CONNECT")) &&
                        !span_starts(head->target, span_str("/")); /* RFC 8441 has a path */
    struct exchange_text method = {EXCHANGE_TEXT_PLAIN, head->method, false};
    struct exchange_text target = {is_authority ? EXCHANGE_TEXT_AUTHORITY : EXCHANGE_TEXT_TARGET,
                                   head->target, false};
    exchange->method = copy_text(&method, SIZE_MAX, out);
    exchange->target = copy_text(&target, entry->owner->limits->max_target_bytes, out);
    exchange->is_target_cut = target.is_cut;
}

static void copy_fields(struct exchange_message *message, const struct http_head *head,
                        const struct present *present, uint8_t *out)
{
    for (size_t i = 0; i < present->n; i++) {
        unsigned field = present->fields[i];
        struct exchange_text text = {field_kinds[field], head->fields[field], head->is_cut[field]};
        message->fields[field] = copy_text(&text, SIZE_MAX, &out);
    }
}

bool exchange_entry_open(struct exchange_entry *entry, enum dir dir, const struct http_head *head,
                         const struct origin *origin)
{
    struct exchange_message *message = exchange_entry_message(entry, dir);
    struct present present;
    find_present(&present, head);
    size_t n_bytes =
        present.n_bytes + start_line_bytes(head, entry->owner->limits->max_target_bytes);
    uint8_t *out = malloc(n_bytes);
    if (!out)
        return false;
    account(entry, n_bytes);
    entry->texts[dir] = out;
    entry->is_open[dir] = true;
    message->is_seen = true;
    message->is_partial = head->is_partial;
    message->version_major = head->version_major;
    message->version_minor = head->version_minor;
    message->has_authorization = head->has_authorization;
    message->has_lock_token = head->has_lock_token;
    message->lock_token = head->lock_token;
    message->account = head->account;
    message->framing = head->framing;
    message->content_length = head->content_length;
    message->first = head->first;
    message->head_end = message->last = head->last.ordinal > 0 ? head->last : *origin;
    if (dir == DIR_CLIENT)
        copy_request_line(entry, head, &out);
    else
        entry->exchange.status = head->status;
    copy_fields(message, head, &present, out);
    return true;
}

/* Makes room for one more anomaly. False: the limit is met, or no memory. */
static bool grow_anomalies(struct exchange_entry *entry, size_t max_anomalies)
{
    struct exchange *exchange = &entry->exchange;
    if (exchange->n_anomalies < entry->n_capacity)
        return true;
    size_t n = entry->n_capacity ? entry->n_capacity * 2 : 2;
    n = n < max_anomalies ? n : max_anomalies;
    if (n <= entry->n_capacity)
        return false;
    struct anomaly *grown = realloc(exchange->anomalies, n * sizeof *grown);
    if (!grown)
        return false;
    account(entry, (n - entry->n_capacity) * sizeof *grown);
    exchange->anomalies = grown;
    entry->n_capacity = n;
    return true;
}

void exchange_note(struct exchange *exchange, const struct limits *limits,
                   const struct anomaly *anomaly)
{
    struct exchange_entry *entry = (struct exchange_entry *)exchange;
    if (grow_anomalies(entry, limits->max_anomalies))
        exchange->anomalies[exchange->n_anomalies++] = *anomaly;
    else
        exchange->n_anomalies_more++;
}

void exchange_entry_remove(struct exchange_entry *entry)
{
    struct exchanges *owner = entry->owner;
    if (entry->prev)
        entry->prev->next = entry->next;
    else
        owner->first = entry->next;
    if (entry->next)
        entry->next->prev = entry->prev;
    else
        owner->last = entry->prev;
    if (entry->exchange.stream != 0)
        table_remove(&owner->streams, &entry->node);
    owner->n_open--;
    owner->kept_bytes -= entry->kept_bytes;
    free(entry->texts[DIR_CLIENT]);
    free(entry->texts[DIR_SERVER]);
    free(entry->exchange.anomalies);
    pool_give(owner->entries, entry);
}
