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

void history_note(struct history *history, const struct event *event)
{
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
