/* Growable bytes with a ceiling; see buf.h. */
#include "dissector/base/buf.h"

#include <stdlib.h>

enum { FIRST_CAPACITY_BYTES = 64 };

static enum buf_result grow_to(struct buf *b, size_t need_bytes)
{
    size_t capacity = b->capacity_bytes ? b->capacity_bytes : FIRST_CAPACITY_BYTES;
    while (capacity < need_bytes)
        capacity = capacity > SIZE_MAX / 2 ? need_bytes : capacity * 2;
    uint8_t *grown = realloc(b->ptr, capacity);
    if (!grown)
        return BUF_NOMEM;
    b->ptr = grown;
    b->capacity_bytes = capacity;
    return BUF_OK;
}

void buf_init(struct buf *b, size_t max_bytes)
{
    *b = (struct buf){.max_bytes = max_bytes};
}

enum buf_result buf_reserve(struct buf *b, size_t n)
{
    if (n > b->max_bytes - b->len)
        return BUF_LIMIT;
    return n > b->capacity_bytes - b->len ? grow_to(b, b->len + n) : BUF_OK;
}

void buf_drop_first(struct buf *b, size_t n)
{
    if (n >= b->len) {
        b->len = 0;
        return;
    }
    memmove(b->ptr, b->ptr + n, b->len - n);
    b->len -= n;
}

void buf_clear(struct buf *b)
{
    b->len = 0;
}

void buf_free(struct buf *b)
{
    free(b->ptr);
    *b = (struct buf){.max_bytes = b->max_bytes};
}
