/* A ring of pages, searched one by one: there are few. See pages.h. */
#include "output/pages.h"

#include "dissector/base/text.h"

static void forget(struct pages *pages, struct page *page)
{
    page->key = 0;
    pages->n_used--;
}

void pages_wait(struct pages *pages, uint64_t key, const struct event *event, struct page_size size)
{
    const struct exchange *exchange = event->exchange;
    struct page *page = &pages->items[pages->next];
    pages->next = (pages->next + 1) % PAGES_MAX;
    pages->n_used += page->key == 0;
    *page = (struct page){
        .connection = *event->connection,
        .place = place_of(exchange, &event->origin),
        .first = exchange->request.first,
        .last = event->origin,
        .document = event->document,
        .n_items = size.n_items,
        .number = size.number,
        .key = key,
    };
    text_keep(page->path, sizeof page->path, exchange->target);
    text_keep(page->user_agent, sizeof page->user_agent, exchange->request.fields[HTTP_USER_AGENT]);
}

void pages_continue(struct pages *pages, uint64_t key)
{
    for (size_t i = 0; pages->n_used > 0 && i < PAGES_MAX; i++)
        if (pages->items[i].key == key)
            forget(pages, &pages->items[i]);
}

void pages_forget(struct pages *pages, uint64_t document)
{
    for (size_t i = 0; pages->n_used > 0 && i < PAGES_MAX; i++)
        if (pages->items[i].key != 0 && pages->items[i].document == document)
            forget(pages, &pages->items[i]);
}

bool pages_take(struct pages *pages, int64_t now_ns, int64_t patience_ns, struct page *page)
{
    for (size_t i = 0; pages->n_used > 0 && i < PAGES_MAX; i++) {
        struct page *item = &pages->items[(pages->next + i) % PAGES_MAX];
        bool is_late =
            patience_ns == 0 || origin_has_passed(item->last.time_ns, now_ns, patience_ns);
        if (item->key == 0 || !is_late)
            continue;
        *page = *item;
        forget(pages, item);
        return true;
    }
    return false;
}
