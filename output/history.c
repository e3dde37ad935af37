/* Hands on to each memory; see history.h. */
#include "output/history.h"

void history_init(struct history *history, const struct hash_key *hash_key)
{
    locks_init(&history->locks, hash_key);
    stored_init(&history->stored);
    memory_init(&history->memory, hash_key);
    history->pages = (struct pages){0};
    history->agents = (struct agents){0};
}

struct memo_key history_about_missed(const struct event *event, bool is_of_client)
{
    const struct address *client = &event->connection->client.address;
    return (struct memo_key){.kind = MEMO_MISSED,
                             .event = event,
                             .path = span_str("/"),
                             .more = span_of(client, is_of_client ? sizeof *client : 0)};
}

/* Of what was refused nothing came. */
static bool may_have_changed(const struct exchange *exchange)
{
    bool is_success = exchange->status >= 200 && exchange->status < 300;
    return exchange->request.is_seen ? exchange->status == 0 : is_success;
}

/* A request that was not captured, or its answer. */
static void note_missed(struct history *history, const struct event *event)
{
    const struct memo_key of_client = history_about_missed(event, true);
    const struct memo_key of_anybody = history_about_missed(event, false);
    if (!may_have_changed(event->exchange))
        return;
    (void)memory_note(&history->memory, &of_client);
    (void)memory_note(&history->memory, &of_anybody);
}

void history_note(struct history *history, const struct event *event)
{
    note_missed(history, event);
    locks_note(&history->locks, event);
    stored_note(&history->stored, event);
}

void history_see(struct history *history, const struct event *event)
{
    locks_see(&history->locks, event, event->resource);
}

void history_free(struct history *history)
{
    locks_free(&history->locks);
    stored_free(&history->stored);
    memory_free(&history->memory);
}
