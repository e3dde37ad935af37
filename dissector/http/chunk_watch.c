/* Bytes in, bytes without lines of digits out. Extensions are not looked for: they are next to
 * never sent. */
#include "dissector/http/chunk_watch.h"

static bool is_hex(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Whether c goes on in the line that is held; *is_whole: it ends it. */
static bool goes_on(const struct chunk_watch *watch, uint8_t c, bool *is_whole)
{
    size_t n = watch->n_held;
    uint8_t last = n > 0 ? watch->held[n - 1] : 0;
    *is_whole = n > 2 && last == '\r' && c == '\n';
    if (n < 2)
        return c == (n == 0 ? '\r' : '\n');
    if (is_hex(c))
        return n < 2 + CHUNK_WATCH_MAX_DIGITS && last != '\r';
    return *is_whole || (c == '\r' && n > 2 && last != '\r');
}

struct span chunk_watch_next(struct chunk_watch *watch, struct span *bytes, bool *is_line)
{
    *is_line = false;
    if (watch->n_held == 0) {
        struct span body = span_first(*bytes, span_find_byte(*bytes, '\r'));
        *bytes = span_after(*bytes, body.len);
        if (body.len > 0)
            return body;
    }
    while (bytes->len > 0) {
        uint8_t c = bytes->ptr[0];
        if (!goes_on(watch, c, is_line)) {
            struct span body = span_of(watch->held, watch->n_held);
            watch->n_held = 0;
            return body;
        }
        *bytes = span_after(*bytes, 1);
        if (*is_line) {
            watch->n_held = 0;
            break;
        }
        watch->held[watch->n_held++] = c;
    }
    return span_of(NULL, 0);
}
