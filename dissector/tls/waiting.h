/* waiting: records of both directions that wait, in their order, for secrets that may still come.
 * Bounded; one block of memory. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/base/sink.h"
#include "dissector/tls/record.h"

/* A record, or the end of a direction. */
struct waiting_item {
    int side;
    bool is_end;
    enum end why; /* with is_end */
    struct origin origin;
    struct record record; /* else; its body is borrowed until the item is dropped */
};

struct waiting {
    /* fields are private */
    struct buf items;
    size_t at;        /* of the first item not taken */
    int64_t since_ns; /* capture time of the first item */
};

void waiting_init(struct waiting *waiting, size_t max_bytes);

static inline bool waiting_is_empty(const struct waiting *waiting)
{
    return waiting->items.len == 0;
}

/* Copies the item to the end. BUF_LIMIT: there is no room for it. */
enum buf_result waiting_put(struct waiting *waiting, const struct waiting_item *item);

/* The item at the front, until the next waiting_drop or waiting_put. False: there is none. */
bool waiting_front(const struct waiting *waiting, struct waiting_item *item);
void waiting_drop(struct waiting *waiting);

void waiting_free(struct waiting *waiting);
