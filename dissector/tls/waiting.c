/* Items one behind the other, each a fixed part and its body; see waiting.h. */
#include "dissector/tls/waiting.h"

void waiting_init(struct waiting *waiting, size_t max_bytes)
{
    *waiting = (struct waiting){0};
    buf_init(&waiting->items, max_bytes);
}

enum buf_result waiting_put(struct waiting *waiting, const struct waiting_item *item)
{
    struct buf *items = &waiting->items;
    struct span body = item->record.body;
    if (items->len == 0)
        waiting->since_ns = item->origin.time_ns;
    if (sizeof *item + body.len > items->max_bytes - items->len)
        return BUF_LIMIT;
    size_t old_len = items->len;
    enum buf_result result = buf_append(items, span_of(item, sizeof *item));
    if (result == BUF_OK)
        result = buf_append(items, body);
    if (result != BUF_OK)
        items->len = old_len;
    return result;
}

bool waiting_front(const struct waiting *waiting, struct waiting_item *item)
{
    const struct buf *items = &waiting->items;
    if (items->len == 0)
        return false;
    memcpy(item, items->ptr + waiting->at, sizeof *item);
    item->record.body.ptr = items->ptr + waiting->at + sizeof *item;
    return true;
}

void waiting_drop(struct waiting *waiting)
{
    struct waiting_item item;
    if (!waiting_front(waiting, &item))
        return;
    waiting->at += sizeof item + item.record.body.len;
    if (waiting->at == waiting->items.len)
        waiting_free(waiting);
}

void waiting_free(struct waiting *waiting)
{
    buf_free(&waiting->items);
    waiting->at = 0;
}
