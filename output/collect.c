/* Gathers the events of each open document; see collect.h. Decides nothing about how they are
 * shown, and counts nothing but memory. */
#include "output/collect.h"

#include "dissector/base/arena.h"
#include "output/keep.h"
#include "output/url.h"

#include <stdlib.h>

struct collected {
    struct table_node node;
    uint64_t document;
    struct arena arena;
    struct keep keep;
    struct record_resource *first, *last;
    bool has_href, is_limited;
};

static bool has_number(const struct table_node *node, const void *key)
{
    return ((const struct collected *)node)->document == *(const uint64_t *)key;
}

/* Numbers are ours, not the wire's, so a fixed mix spreads them well enough. */
static uint64_t hash_of(uint64_t document)
{
    return document * UINT64_C(0x9E3779B97F4A7C15) >> 16;
}

/* The document's entry, made when there is none; NULL: no memory. */
static struct collected *entry_of(struct collect *collect, const struct event *event)
{
    uint64_t hash = hash_of(event->document);
    struct collected *entry =
        (struct collected *)table_find(&collect->open, hash, has_number, &event->document);
    if (entry)
        return entry;
    entry = calloc(1, sizeof *entry);
    if (!entry)
        return NULL;
    entry->document = event->document;
    arena_init(&entry->arena, SIZE_MAX);
    if (table_insert(&collect->open, &entry->node, hash, event->origin.time_ns))
        return entry;
    free(entry);
    return NULL;
}

static void free_entry(struct collect *collect, struct collected *entry)
{
    if (!entry)
        return;
    collect->kept_bytes -= entry->arena.held_bytes;
    arena_free(&entry->arena);
    free(entry);
}

static bool has_room(const struct collect *collect, const struct collected *entry, bool is_problem)
{
    size_t of_document = collect->max_document_bytes, of_all = collect->max_bytes;
    if (!is_problem) {
        of_document -= of_document / 4;
        of_all -= of_all / 4;
    }
    return entry->arena.held_bytes < of_document && collect->kept_bytes < of_all;
}

static void add_resource(struct collect *collect, struct collected *entry,
                         const struct resource *resource)
{
    for (size_t i = 0; collect->filter && i < resource->n_hrefs && !entry->has_href; i++)
        entry->has_href = filter_matches_href(collect->filter, resource->hrefs[i]);
    if (!record_shows(collect->keep, resource))
        return;
    struct record_resource *kept = NULL;
    size_t bytes_before = entry->arena.held_bytes;
    if (has_room(collect, entry, outcome_is_problem(resource->class)))
        kept = keep_resource(&entry->keep, &entry->arena, resource, &collect->scratch);
    collect->kept_bytes += entry->arena.held_bytes - bytes_before;
    if (!kept) {
        entry->is_limited = true;
        return;
    }
    if (entry->last)
        entry->last->next = kept;
    else
        entry->first = kept;
    entry->last = kept;
}

/* What has no answer is kept as if it had one that says so. */
static void add_missing(struct collect *collect, struct collected *entry,
                        const struct document_end *end)
{
    for (size_t i = 0; i < end->n_missing_named; i++) {
        struct resource missing = {
            .hrefs = &end->missing[i],
            .n_hrefs = 1,
            .class = OUTCOME_MISSING,
            .retry = RETRY_AFTER_FIX,
        };
        add_resource(collect, entry, &missing);
    }
}

/* Operations without a row have the method's own name. */
static struct span operation_of(const struct event *event)
{
    if (event->end->operation == OPERATION_OTHER)
        return event->exchange->method;
    return span_str(operation_name(event->end->operation));
}

/* Texts may quote URLs with credentials in them. False: no memory. */
static bool mask_text(struct span *text, struct collected *entry, struct collect *collect)
{
    if (!text->ptr)
        return true;
    *text = url_masked_copy(*text, &entry->arena, &collect->scratch);
    return text->ptr != NULL;
}

static bool add_texts(struct collect *collect, struct collected *entry, const struct event *event,
                      struct record *record)
{
    record->destination = event->request->destination;
    record->token_sent = event->request->sync_token;
    record->token_given = event->end->sync_token;
    struct span *const masked[] = {&record->destination, &record->token_sent, &record->token_given,
                                   &record->end.description, &record->end.broken_href};
    for (size_t i = 0; i < sizeof masked / sizeof *masked; i++)
        if (!mask_text(masked[i], entry, collect))
            return false;
    return url_build(&record->url, event, &entry->arena, &collect->scratch);
}

static enum collect_result complete(struct collect *collect, struct collected *entry,
                                    const struct event *event, struct record *record)
{
    table_remove(&collect->open, &entry->node);
    collect->done = entry;
    add_missing(collect, entry, event->end);
    *record = (struct record){
        .origin = event->origin,
        .connection = event->connection,
        .exchange = event->exchange,
        .request = event->request,
        .end = *event->end,
        .content_unknown = event->content_unknown,
        .operation = operation_of(event),
        .resources = entry->first,
        .is_limited = entry->is_limited,
    };
    if (entry->is_limited)
        record->end.flags |= DOCUMENT_CUT;
    size_t bytes_before = entry->arena.held_bytes;
    bool is_built = add_texts(collect, entry, event, record);
    collect->kept_bytes += entry->arena.held_bytes - bytes_before;
    if (!is_built)
        return COLLECT_NOMEM;
    enum filter_choice choice =
        collect->filter ? filter_choose(collect->filter, record, entry->has_href) : FILTER_CHOSEN;
    static const enum collect_result results[] = {
        [FILTER_LEFT] = COLLECT_LEFT,
        [FILTER_OTHER_VERDICT] = COLLECT_OTHER_VERDICT,
        [FILTER_CHOSEN] = COLLECT_RECORD,
    };
    return results[choice];
}

void collect_init(struct collect *collect, const struct filter *filter, enum resources keep,
                  size_t max_bytes)
{
    *collect = (struct collect){.filter = filter, .keep = keep};
    collect->max_bytes = max_bytes > 0 ? max_bytes : COLLECT_MAX_BYTES;
    collect->max_document_bytes = COLLECT_MAX_DOCUMENT_BYTES;
    if (collect->max_document_bytes > collect->max_bytes)
        collect->max_document_bytes = collect->max_bytes;
    table_init(&collect->open, SIZE_MAX, SIZE_MAX);
    buf_init(&collect->scratch, SIZE_MAX);
}

enum collect_result collect_event(struct collect *collect, const struct event *event,
                                  struct record *record)
{
    free_entry(collect, collect->done);
    collect->done = NULL;
    if (event->kind == EVENT_EXCHANGE || event->kind == EVENT_TLS_OPAQUE ||
        event->kind == EVENT_LOCKS)
        return COLLECT_MORE;
    struct collected *entry = entry_of(collect, event);
    if (!entry)
        return COLLECT_NOMEM;
    if (event->kind == EVENT_RESOURCE)
        add_resource(collect, entry, event->resource);
    if (event->kind == EVENT_DOCUMENT_END)
        return complete(collect, entry, event, record);
    return COLLECT_MORE;
}

void collect_free(struct collect *collect)
{
    free_entry(collect, collect->done);
    collect->done = NULL;
    struct table_node *node;
    while ((node = table_oldest(&collect->open))) {
        table_remove(&collect->open, node);
        free_entry(collect, (struct collected *)node);
    }
    table_free(&collect->open);
    buf_free(&collect->scratch);
}
