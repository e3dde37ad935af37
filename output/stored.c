/* A ring of items, searched one by one: there are few. See stored.h. */
#include "output/stored.h"

#include "dissector/base/hash.h"

static struct span path_of(struct stored_items *stored, struct span href)
{
    return href_path_form(&stored->form, href, STORED_PATH_BYTES);
}

/* Of the same name in composed and decomposed letters, another case, encoded once more, or with a
 * slash too many. Nobody gains by two that are equal: no key. False: no memory. */
static bool hash_spellings(struct stored_items *stored, struct span href, uint64_t *hash)
{
    static const struct hash_key any = {0};
    uint32_t overlooked = DRIFT_SLASH | DRIFT_ENCODING | DRIFT_UNICODE | DRIFT_CASE |
                          DRIFT_DOUBLE_ENCODED | DRIFT_DOUBLE_SLASH;
    if (!href_form(&stored->form, href_path(href), span_str("/"), overlooked))
        return false;
    *hash = hash_quick(&any, buf_span(&stored->form));
    return true;
}

/* What the same path stands for: of another account it may be another folder, behind a proxy they
 * all have one address; and so it may be under another host name. */
static uint64_t hash_owner(const struct event *event)
{
    static const struct hash_key any = {0};
    const struct exchange_message *request = &event->exchange->request;
    struct span host = request->fields[HTTP_HOST];
    const uint64_t words[] = {request->account, hash_quick(&any, host)};
    return hash_words(&any, words, sizeof words / sizeof *words);
}

static bool is_there(const struct stored *item, const struct event *event)
{
    return item->folder_len > 0 && endpoint_equal(&item->server, &event->connection->server);
}

static struct stored *find(struct stored_items *stored, const struct event *event, struct span path)
{
    for (size_t i = 0; i < STORED_MAX; i++) {
        struct stored *item = &stored->items[i];
        if (is_there(item, event) && span_equal(span_of(item->path, item->path_len), path) &&
            item->owner == hash_owner(event))
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

/* A part of a file, of which the server makes one with the last: ownCloud's
 * "a.zip-chunking-4711-3-0" (transfer, number of parts, which of them). */
static bool is_part(struct span path)
{
    static const char mark[] = "-chunking-";
    struct span name = span_after(path, span_to_last(path, '/').len);
    size_t at = span_find(name, span_str(mark));
    struct span numbers = span_after(name, at + sizeof mark - 1);
    size_t n_hyphens = 0;
    for (size_t i = 0; i < numbers.len; i++) {
        if (numbers.ptr[i] != '-' && (numbers.ptr[i] < '0' || numbers.ptr[i] > '9'))
            return false;
        n_hyphens += numbers.ptr[i] == '-';
    }
    return at < name.len && n_hyphens == 2;
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
    item->owner = hash_owner(event);
    item->time_ns = event->exchange->response.first.time_ns;
    item->frame = event->exchange->response.first.frame;
    item->source = event->exchange->response.first.source;
    item->document = 0;
    item->folder_len = span_to_last(path, '/').len;
    item->path_len = path.len;
    memcpy(item->path, path.ptr, path.len);
    if (!hash_spellings(stored, event->exchange->target, &item->spellings))
        forget(stored, item);
}

/* The item itself, in any spelling, and everything below the folder. */
static void remove_below(struct stored_items *stored, const struct event *event)
{
    uint64_t spellings;
    bool has_spellings = hash_spellings(stored, event->exchange->target, &spellings);
    struct span path = path_of(stored, event->exchange->target);
    for (size_t i = 0; i < STORED_MAX && path.len > 0; i++) {
        struct stored *item = &stored->items[i];
        bool is_below = item->path_len >= path.len && memcmp(item->path, path.ptr, path.len) == 0 &&
                        (item->path_len == path.len || item->path[path.len] == '/');
        bool is_it = has_spellings && item->spellings == spellings;
        if (is_there(item, event) && (is_below || is_it))
            forget(stored, item);
    }
}

static void keep(struct stored_items *stored, const struct event *event)
{
    struct span path = path_of(stored, event->exchange->target);
    if (path.len > 0 && !is_left_by_desktop(path) && !is_part(path))
        add(stored, event, path);
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
    bool is_done = is_success && exchange->status != 202; /* or will be, perhaps */
    if (operation == OPERATION_PUT && is_done && !has_other_name)
        keep(stored, event);
    else if ((operation == OPERATION_DELETE || operation == OPERATION_MOVE) && is_success)
        remove_below(stored, event);
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
    uint64_t owner = hash_owner(event);
    for (size_t i = 0; i < STORED_MAX && folder.len > 0; i++) {
        struct stored *item = &stored->items[i];
        bool is_in =
            is_there(item, event) && item->document != event->document &&
            item->time_ns < asked->time_ns && item->owner == owner &&
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
