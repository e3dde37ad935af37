/* buf: owned, growable bytes that cannot be made without saying how large they may become.
 *
 * Life: buf_init, any number of buf_append, buf_free. A zeroed buf can be freed and appended
 * nothing to. After BUF_LIMIT or BUF_NOMEM the content is what it was before the call. */
#pragma once

#include "dissector/base/span.h"

enum buf_result {
    BUF_OK,
    BUF_LIMIT, /* the content would become larger than max_bytes */
    BUF_NOMEM,
};

struct buf {
    uint8_t *ptr;
    size_t len;
    size_t capacity_bytes;
    size_t max_bytes;
};

void buf_init(struct buf *b, size_t max_bytes);

/* Makes room for n more bytes; the content stays. Grows by doubling, so n appends cost O(total). */
enum buf_result buf_reserve(struct buf *b, size_t n);

/* Appends a copy of s; s must not lie in b. */
static inline enum buf_result buf_append(struct buf *b, struct span s)
{
    if (s.len > b->capacity_bytes - b->len || s.len > b->max_bytes - b->len) {
        enum buf_result result = buf_reserve(b, s.len);
        if (result != BUF_OK)
            return result;
    }
    if (s.len > 0)
        memcpy(b->ptr + b->len, s.ptr, s.len);
    b->len += s.len;
    return BUF_OK;
}

/* As buf_append, for what holds secrets: memory that is left behind by growing is wiped. */
enum buf_result buf_append_secret(struct buf *b, struct span s);

/* Drops the first n bytes (all when there are fewer), moving the rest. */
void buf_drop_first(struct buf *b, size_t n);

/* Makes it empty and keeps the memory. */
void buf_clear(struct buf *b);

/* Gives the memory back; the buf is empty and usable, with the same max_bytes. */
void buf_free(struct buf *b);
void buf_wipe_and_free(struct buf *b);

/* The content, borrowed until the next change of b. */
static inline struct span buf_span(const struct buf *b)
{
    return (struct span){b->ptr, b->len};
}
