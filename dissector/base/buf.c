/* Growable bytes with a ceiling; see buf.h. */
#include "dissector/base/buf.h"

#include "dissector/base/wipe.h"

#include <stdlib.h>

enum { FIRST_CAPACITY_BYTES = 64 };

static size_t capacity_for(const struct buf *b, size_t need_bytes)
{
    size_t capacity = b->capacity_bytes ? b->capacity_bytes : FIRST_CAPACITY_BYTES;
    while (capacity < need_bytes)
        capacity = capacity > SIZE_MAX / 2 ? need_bytes : capacity * 2;
    return capacity;
}

static enum buf_result grow_to(struct buf *b, size_t need_bytes)
{
    size_t capacity = capacity_for(b, need_bytes);
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

enum buf_result buf_append_secret(struct buf *b, struct span s)
{
    if (s.len > b->max_bytes - b->len)
        return BUF_LIMIT;
    if (s.len <= b->capacity_bytes - b->len)
        return buf_append(b, s);
    struct buf grown = *b;
    grown.capacity_bytes = capacity_for(b, b->len + s.len);
    grown.ptr = malloc(grown.capacity_bytes);
    if (!grown.ptr)
        return BUF_NOMEM;
    if (b->len > 0)
        memcpy(grown.ptr, b->ptr, b->len);
    buf_wipe_and_free(b);
    *b = grown;
    return buf_append(b, s);
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

void buf_wipe_and_free(struct buf *b)
{
    wipe(b->ptr, b->capacity_bytes);
    buf_free(b);
}
