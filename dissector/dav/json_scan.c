/* In: bytes. Out: where a text ends, what is open, how much its tree would take. A text is an
 * object or a list. Grammar is the parser's affair: here only brackets must match. */
#include "dissector/dav/json_scan.h"

/* What a parsed value takes at most beside its bytes, with what a table or list around it grows by
 * (measured with jansson 2.14 on 64 bits). */
enum { MAP_BYTES = 256, LIST_BYTES = 144, TEXT_BYTES = 144, WORD_BYTES = 144 };

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void meet_limit(struct json_scan *scan, const char *name)
{
    scan->state = JSON_SCAN_LIMITED;
    scan->met = name;
}

static void grow(struct json_scan *scan, size_t n)
{
    scan->tree_bytes += n;
    if (scan->tree_bytes > scan->limits->max_json_tree_bytes)
        meet_limit(scan, "max_json_tree_bytes");
}

static void open_value(struct json_scan *scan, uint8_t c)
{
    size_t max_depth = scan->limits->max_depth;
    if (scan->depth >= max_depth || scan->depth >= JSON_SCAN_MAX_DEPTH) {
        meet_limit(scan, "max_depth");
        return;
    }
    scan->closers[scan->depth++] = c == '{' ? '}' : ']';
    scan->n_outer_lists += c == '[' && scan->n_lists == 0;
    scan->n_lists += c == '[';
    if (c == '[' && scan->list_depth == 0)
        scan->list_depth = scan->depth;
    grow(scan, c == '{' ? MAP_BYTES : LIST_BYTES);
}

/* A value inside the first list that is one of its elements, or a member of the outermost map. */
static bool is_on_the_surface(const struct json_scan *scan)
{
    bool is_in_list = scan->n_lists == 1 && scan->closers[scan->depth - 1] == ']';
    return is_in_list || (scan->n_lists == 0 && scan->depth == 1);
}

static void close_value(struct json_scan *scan, uint8_t c, uint64_t end)
{
    if (scan->closers[scan->depth - 1] != c) {
        scan->state = JSON_SCAN_DAMAGED;
        return;
    }
    scan->is_list_over |= scan->depth == scan->list_depth;
    scan->depth--;
    scan->n_lists -= c == ']';
    scan->is_left |= scan->depth < scan->whole_depth;
    if (scan->depth == 0 || !is_on_the_surface(scan))
        return;
    if (scan->is_left || scan->whole_depth != scan->depth)
        memcpy(scan->whole_closers, scan->closers, scan->depth);
    scan->is_left = false;
    scan->whole_bytes = end;
    scan->whole_depth = scan->depth;
}

/* The first list has one element more than commas, if any. */
static void count_element(struct json_scan *scan, uint8_t c)
{
    bool is_in_list = scan->depth > 0 && scan->depth == scan->list_depth && !scan->is_list_over;
    if (is_in_list && c != ']' && (c == ',' || scan->n_elements == 0))
        scan->n_elements++;
    scan->n_maps += is_in_list && c == '{';
}

/* Of the bytes outside strings. */
static void take_plain(struct json_scan *scan, uint8_t c, uint64_t end)
{
    bool is_word = false;
    if (is_space(c)) {
        scan->state = JSON_SCAN_PLAIN;
        return;
    }
    count_element(scan, c);
    if (scan->depth == 0 && c != '{' && c != '[') {
        scan->state = JSON_SCAN_DAMAGED;
        return;
    }
    if (c == '"') {
        scan->state = JSON_SCAN_STRING;
        grow(scan, TEXT_BYTES);
        return;
    }
    if (c == '{' || c == '[')
        open_value(scan, c);
    else if (c == '}' || c == ']')
        close_value(scan, c, end);
    else
        is_word = c != ',' && c != ':';
    if (is_word && scan->state == JSON_SCAN_PLAIN)
        grow(scan, WORD_BYTES);
    if (scan->state == JSON_SCAN_PLAIN || scan->state == JSON_SCAN_WORD)
        scan->state = is_word ? JSON_SCAN_WORD : JSON_SCAN_PLAIN;
}

static void take(struct json_scan *scan, uint8_t c, uint64_t end)
{
    switch (scan->state) {
    case JSON_SCAN_STRING:
        if (c == '"' || c == '\\')
            scan->state = c == '"' ? JSON_SCAN_PLAIN : JSON_SCAN_ESCAPE;
        break;
    case JSON_SCAN_ESCAPE:
        scan->state = JSON_SCAN_STRING;
        break;
    case JSON_SCAN_PLAIN:
    case JSON_SCAN_WORD:
        take_plain(scan, c, end);
        break;
    default:
        break;
    }
}

void json_scan_init(struct json_scan *scan, const struct limits *limits)
{
    *scan = (struct json_scan){.limits = limits};
}

size_t json_scan_next(struct json_scan *scan, struct span bytes, bool *is_whole)
{
    *is_whole = false;
    for (size_t i = 0; i < bytes.len; i++) {
        if (scan->n_bytes >= scan->limits->max_json_bytes)
            meet_limit(scan, "max_json_bytes");
        if (scan->state >= JSON_SCAN_DAMAGED)
            return i;
        take(scan, bytes.ptr[i], ++scan->n_bytes);
        *is_whole = scan->depth == 0 && scan->state == JSON_SCAN_PLAIN &&
                    (bytes.ptr[i] == '}' || bytes.ptr[i] == ']');
        if (*is_whole)
            return i + 1;
    }
    return bytes.len;
}
