/* Reading Content-Type and Prefer; see media_type.h. Quoted commas and semicolons are honoured,
 * quoted pairs are not undone: no media type or preference of ours needs them. */
#include "dissector/dav/media_type.h"

/* Takes what stands before the separator off *rest; a separator in quotes does not count. */
static struct span take_until(struct span *rest, uint8_t separator)
{
    bool is_quoted = false;
    size_t at = 0;
    for (; at < rest->len && (is_quoted || rest->ptr[at] != separator); at++)
        if (rest->ptr[at] == '"')
            is_quoted = !is_quoted;
    struct span taken = span_first(*rest, at);
    *rest = span_after(*rest, at + 1);
    return span_trim(taken);
}

static struct span unquoted(struct span value)
{
    if (value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"')
        return span_of(value.ptr + 1, value.len - 2);
    return value;
}

struct span media_type_of(struct span content_type)
{
    return take_until(&content_type, ';');
}

struct span media_pair(struct span pairs, struct span name)
{
    while (pairs.len > 0) {
        struct span value = take_until(&pairs, ';');
        if (span_equal_nocase(take_until(&value, '='), name))
            return unquoted(span_trim(value));
    }
    return (struct span){NULL, 0};
}

struct span media_parameter(struct span content_type, struct span name)
{
    take_until(&content_type, ';');
    return media_pair(content_type, name);
}

static bool has_suffix(struct span media, struct span suffix)
{
    return media.len > suffix.len &&
           span_equal_nocase(span_after(media, media.len - suffix.len), suffix);
}

bool media_type_is_xml(struct span media)
{
    return span_equal_nocase(media, span_str("application/xml")) ||
           span_equal_nocase(media, span_str("text/xml")) || has_suffix(media, span_str("+xml"));
}

bool media_type_is_json(struct span media)
{
    return span_equal_nocase(media, span_str("application/json")) ||
           has_suffix(media, span_str("+json"));
}

bool media_has_token(struct span list, struct span token)
{
    struct span want_value = token;
    struct span want_name = take_until(&want_value, '=');
    while (list.len > 0) {
        struct span element = take_until(&list, ',');
        struct span value = take_until(&element, ';');
        struct span name = take_until(&value, '=');
        if (span_equal_nocase(name, want_name) &&
            span_equal_nocase(unquoted(span_trim(value)), want_value))
            return true;
    }
    return false;
}
