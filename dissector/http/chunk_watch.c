/* Bytes in, bytes without lines of digits out. Of extensions it is only asked that they are text.
 */
#include "dissector/http/chunk_watch.h"

#include "dissector/base/hex.h"
#include "dissector/http/http1_chunk.h"

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t';
}

/* Whether c goes on in the size and the extensions behind it. */
static bool goes_on_in_text(const struct chunk_watch *watch, uint8_t c)
{
    uint8_t last = watch->held[watch->n_held - 1];
    bool is_first = watch->n_held == 2;
    if (c == '\r')
        return !is_first && (watch->has_extension || !is_space(last));
    if (watch->n_held >= 2 + CHUNK_WATCH_MAX_LINE_BYTES)
        return false;
    if (watch->has_extension)
        return is_space(c) || (c > ' ' && c < 0x7f);
    if (hex_value(c) >= 0)
        return watch->n_held < 2 + CHUNK_WATCH_MAX_DIGITS && !is_space(last);
    return !is_first && (c == ';' || is_space(c));
}

/* Whether c goes on in the line that is held; *is_whole: it ends it. */
static bool goes_on(const struct chunk_watch *watch, uint8_t c, bool *is_whole)
{
    size_t n = watch->n_held;
    *is_whole = n > 2 && watch->held[n - 1] == '\r' && c == '\n';
    if (n < 2)
        return c == (n == 0 ? '\r' : '\n');
    if (n > 2 && watch->held[n - 1] == '\r')
        return *is_whole;
    return goes_on_in_text(watch, c);
}

static struct span pass(struct chunk_watch *watch, struct span body)
{
    watch->is_due = watch->is_due && body.len <= watch->due_bytes;
    watch->due_bytes -= watch->is_due ? body.len : 0;
    return body;
}

/* Bytes that cannot begin a line. */
static struct span take_body(struct chunk_watch *watch, struct span *bytes)
{
    size_t n = span_find_byte(*bytes, '\r');
    if (watch->is_certain)
        n = watch->due_bytes < bytes->len ? (size_t)watch->due_bytes : bytes->len;
    struct span body = span_first(*bytes, n);
    *bytes = span_after(*bytes, body.len);
    return pass(watch, body);
}

/* What is held is a line. Returns whether it breaks the body. */
static bool take_line(struct chunk_watch *watch)
{
    bool is_where_due = watch->is_due && watch->due_bytes == 0;
    struct span line = span_of(watch->held + 2, watch->n_held - 4);
    bool is_read = http1_chunk_size(line, &watch->due_bytes);
    watch->is_certain = is_read && is_where_due;
    watch->is_due = is_read && (watch->is_certain || watch->due_bytes > 0);
    watch->is_over = watch->is_certain && watch->due_bytes == 0;
    watch->n_held = 0;
    watch->has_extension = false;
    return !watch->is_certain;
}

/* What is held is no line: where one was certain that breaks the body, before it goes on. */
static struct span release(struct chunk_watch *watch, bool *is_break)
{
    *is_break = watch->is_certain;
    struct span body = span_of(watch->held, watch->is_certain ? 0 : watch->n_held);
    watch->is_due = watch->is_due && !watch->is_certain;
    watch->n_held -= body.len;
    watch->has_extension = watch->has_extension && watch->n_held > 0;
    watch->is_certain = false;
    return pass(watch, body);
}

struct span chunk_watch_next(struct chunk_watch *watch, struct span *bytes, bool *is_break)
{
    *is_break = false;
    if (watch->is_over)
        *bytes = span_after(*bytes, bytes->len);
    if (watch->n_held == 0) {
        struct span body = take_body(watch, bytes);
        if (body.len > 0)
            return body;
    }
    while (bytes->len > 0) {
        bool is_whole;
        uint8_t c = bytes->ptr[0];
        if (!goes_on(watch, c, &is_whole))
            return release(watch, is_break);
        *bytes = span_after(*bytes, 1);
        watch->has_extension = watch->has_extension || c == ';';
        watch->held[watch->n_held++] = c;
        if (is_whole) {
            *is_break = take_line(watch);
            break;
        }
    }
    return span_of(NULL, 0);
}
