/* A ring of items, searched one by one: there are few. See stored.h. */
#include "output/stored.h"

#include "dissector/base/hash.h"

static struct span path_of(struct stored_items *stored, struct span href)
{
    return href_path_form(&stored->form, href, STORED_PATH_BYTES);
}

/* Of the same name in composed and decomposed letters, another case, or encoded once more. Nobody
 * gains by two that are equal: no key. False: no memory. */
static bool hash_spellings(struct stored_items *stored, struct span href, uint64_t *hash)
{
    static const struct hash_key any = {0};
    uint32_t overlooked =
        DRIFT_SLASH | DRIFT_ENCODING | DRIFT_UNICODE | DRIFT_CASE | DRIFT_DOUBLE_ENCODED;
    if (!href_form(&stored->form, href_path(href), span_str("/"), overlooked))
        return false;
    *hash = hash_quick(&any, buf_span(&stored->form));
    return true;
}

static bool is_there(const struct stored *item, const struct event *event)
{
    return item->folder_len > 0 && endpoint_equal(&item->server, &event->connection->server);
}

static struct stored *find(struct stored_items *stored, const struct event *event, struct span path)
{
    for (size_t i = 0; i < STORED_MAX; i++) {
        struct stored *item = &stored->items[i];
        if (is_there(item, event) && span_equal(span_of(item->path, item->path_len), path))
            return item;
    }
    return NULL;
}

/* Whether servers may put it somewhere else, or take it and throw it away: sabre/dav does. */
static bool is_left_by_desktop(struct span path)
{
    static const char *const names[] = {".DS_Store", "Thumbs.db", "desktop.ini"};
    struct span name = span_after(path, span_to_last(path, '/').len);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (span_equal_nocase(name, span_str(names[i])))
            return true;
    return span_starts(name, span_str("._")) || span_starts(name, span_str(".~lock."));
}

static void forget(struct stored_items *stored, struct stored *item)
{
    item->folder_len = 0;
    stored->n_used--;
}

static void add(struct stored_items *stored, const struct event *event, struct span path)
{
    struct stored *item = find(stored, event, path);
    if (!item) {
        item = &stored->items[stored->next];
        stored->n_used += item->folder_len == 0;
        stored->next = (stored->next + 1) % STORED_MAX;
    }
    item->server = event->connection->server;
    item->client = event->connection->client.address;
    item->time_ns = event->exchange->response.first.time_ns;
    item->frame = event->exchange->response.first.frame;
    item->document = 0;
    item->folder_len = span_to_last(path, '/').len;
    item->path_len = path.len;
    memcpy(item->path, path.ptr, path.len);
    if (!hash_spellings(stored, event->exchange->target, &item->spellings))
        forget(stored, item);
}

/* The item itself, or everything below the folder. */
static void remove_below(struct stored_items *stored, const struct event *event, struct span path)
{
    for (size_t i = 0; i < STORED_MAX; i++) {
        struct stored *item = &stored->items[i];
        bool is_below = is_there(item, event) && item->path_len >= path.len &&
                        memcmp(item->path, path.ptr, path.len) == 0 &&
                        (item->path_len == path.len || item->path[path.len] == '/');
        if (is_below)
            forget(stored, item);
    }
}

void stored_init(struct stored_items *stored)
{
    *stored = (struct stored_items){0};
    buf_init(&stored->form, SIZE_MAX);
}

void stored_note(struct stored_items *stored, const struct event *event)
{
    const struct exchange *exchange = event->exchange;
    const struct span *fields = exchange->response.fields;
    enum operation operation =
        operation_of_method(request_method(event->request, exchange->method));
    bool is_success = exchange->status >= 200 && exchange->status < 300;
    bool has_other_name = fields[HTTP_LOCATION].ptr || fields[HTTP_CONTENT_LOCATION].ptr;
    bool is_stored = operation == OPERATION_PUT && is_success && !has_other_name;
    bool is_removed = (operation == OPERATION_DELETE || operation == OPERATION_MOVE) && is_success;
    if (!is_stored && !is_removed)
        return;
    struct span path = path_of(stored, exchange->target);
    if (path.len > 0 && is_stored && !is_left_by_desktop(path))
        add(stored, event, path);
    else if (path.len > 0 && is_removed)
        remove_below(stored, event, path);
}

void stored_see(struct stored_items *stored, const struct event *event, struct span href)
{
    uint64_t spellings;
    if (stored->n_used == 0 || !hash_spellings(stored, href, &spellings))
        return;
    for (size_t i = 0; i < STORED_MAX; i++) {
        struct stored *item = &stored->items[i];
        if (is_there(item, event) && item->spellings == spellings)
            item->document = event->document;
    }
}

const struct stored *stored_missing(struct stored_items *stored, const struct event *event)
{
    struct span folder = path_of(stored, event->exchange->target);
    const struct origin *asked = &event->exchange->request.first;
    for (size_t i = 0; i < STORED_MAX && folder.len > 0; i++) {
        struct stored *item = &stored->items[i];
        bool is_in =
            is_there(item, event) && item->document != event->document &&
            item->time_ns < asked->time_ns &&
            memcmp(&item->client, &event->connection->client.address, sizeof item->client) == 0;
        size_t len = item->folder_len > 1 ? item->folder_len - 1 : item->folder_len;
        if (!is_in || len != folder.len || memcmp(item->path, folder.ptr, len) != 0)
            continue;
        forget(stored, item);
        return item;
    }
    return NULL;
}

void stored_free(struct stored_items *stored)
{
    buf_free(&stored->form);
}
