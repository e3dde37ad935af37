/* The fields of a head in, how its body is framed out. Decides by what most receivers do, and notes
 * what RFC 9112 §6.3 forbids. */
#include "dissector/http/http1_head.h"

/* The next element of a comma-separated list, without its parameters, taken from *list. Empty
 * elements are skipped (RFC 9110 §5.6.1); empty when the list is used up. */
static struct span take_element(struct span *list)
{
    struct span element = {NULL, 0};
    while (element.len == 0 && list->len > 0) {
        size_t n = span_find_byte(*list, ',');
        element = span_first(*list, n);
        element = span_trim(span_first(element, span_find_byte(element, ';')));
        *list = span_after(*list, n + 1);
    }
    return element;
}

/* The first length in the list; false when there is none that can be read. */
static bool read_length(struct http1_head *parsed, uint64_t *length)
{
    struct span list = parsed->head.fields[HTTP_CONTENT_LENGTH];
    uint64_t first = 0, other;
    if (!list.ptr)
        return false;
    bool is_read = span_decimal(take_element(&list), INT64_MAX, &first);
    for (struct span next = take_element(&list); is_read && next.len > 0;
         next = take_element(&list)) {
        if (!span_decimal(next, INT64_MAX, &other) || other != first)
            parsed->is_noted[HTTP1_NOTE_LENGTHS_DIFFER] = true;
    }
    parsed->is_noted[HTTP1_NOTE_LENGTH_MALFORMED] = !is_read;
    *length = first;
    return is_read;
}

/* Which framing Transfer-Encoding asks for; NONE when it asks for nothing. "identity" was a coding
 * in RFC 2616 and meant none. */
static enum http_framing read_coding(struct http1_head *parsed)
{
    struct span list = parsed->head.fields[HTTP_TRANSFER_ENCODING];
    bool is_chunked = false, is_last = false, has_other = false;
    for (struct span next = take_element(&list); next.len > 0; next = take_element(&list)) {
        if (span_equal_nocase(next, span_str("identity")))
            continue;
        is_last = span_equal_nocase(next, span_str("chunked"));
        is_chunked = is_chunked || is_last;
        has_other = has_other || !is_last;
    }
    if (is_last)
        return HTTP_FRAMING_CHUNKED;
    parsed->is_noted[HTTP1_NOTE_CHUNKED_NOT_LAST] = is_chunked || has_other;
    return has_other ? HTTP_FRAMING_UNTIL_CLOSE : HTTP_FRAMING_NONE;
}

void http1_framing(struct http1_head *parsed, enum dir dir)
{
    struct http_head *head = &parsed->head;
    uint64_t length = 0;
    bool has_length = read_length(parsed, &length);
    enum http_framing coding = read_coding(parsed);
    parsed->is_noted[HTTP1_NOTE_LENGTH_AND_CODING] = has_length && coding != HTTP_FRAMING_NONE;
    head->content_length = length;
    /* No body after 1xx, 204 and 304, whatever the fields say. */
    if (dir == DIR_SERVER && (head->status < 200 || head->status == 204 || head->status == 304)) {
        head->framing = HTTP_FRAMING_NONE;
    } else if (coding != HTTP_FRAMING_NONE) {
        head->framing = coding;
    } else if (has_length) {
        head->framing = HTTP_FRAMING_LENGTH;
    } else {
        head->framing = dir == DIR_SERVER ? HTTP_FRAMING_UNTIL_CLOSE : HTTP_FRAMING_NONE;
    }
    /* A request cannot end with its connection: the answer has to come back on it. */
    if (dir == DIR_CLIENT && head->framing == HTTP_FRAMING_UNTIL_CLOSE)
        head->framing = has_length ? HTTP_FRAMING_LENGTH : HTTP_FRAMING_NONE;
}
