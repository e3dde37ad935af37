/* In: a text. Out: jansson's tree of it. jansson refuses whole texts for one number beyond its
 * types; so numbers are handed to it as strings. */
#include "dissector/dav/json_tree.h"

#ifdef HAVE_JANSSON
#include <jansson.h>
#include <stdlib.h>

static const json_t *json_of(const struct json_node *node)
{
    return (const json_t *)(const void *)node;
}

static size_t n_digits(struct span s)
{
    size_t n = 0;
    while (n < s.len && s.ptr[n] >= '0' && s.ptr[n] <= '9')
        n++;
    return n;
}

/* -? int frac? exp? of RFC 8259 §6: how long the number at the start of s is; 0: none is. */
static size_t number_len(struct span s)
{
    size_t at = s.len > 0 && s.ptr[0] == '-';
    size_t n = n_digits(span_after(s, at));
    if (n == 0 || (n > 1 && s.ptr[at] == '0'))
        return 0;
    at += n;
    if (at < s.len && s.ptr[at] == '.') {
        n = n_digits(span_after(s, at + 1));
        if (n == 0)
            return 0;
        at += 1 + n;
    }
    if (at < s.len && (s.ptr[at] | 0x20) == 'e') {
        size_t sign = at + 1 < s.len && (s.ptr[at + 1] == '+' || s.ptr[at + 1] == '-');
        n = n_digits(span_after(s, at + 1 + sign));
        if (n == 0)
            return 0;
        at += 1 + sign + n;
    }
    return at;
}

/* The string at the start of s with its quotes, or all of s. */
static size_t string_len(struct span s)
{
    size_t at = 1;
    while (at < s.len && s.ptr[at] != '"')
        at += s.ptr[at] == '\\' ? 2 : 1;
    return at < s.len ? at + 1 : s.len;
}

/* How many bytes at the start of s, where no number is, none begins either: digits of one that is
 * broken off, zeros before one, or any other byte. Each digit is looked at a few times only. */
static size_t other_len(struct span s)
{
    size_t n = n_digits(s), n_zeros = 0;
    while (n_zeros < n && s.ptr[n_zeros] == '0')
        n_zeros++;
    if (n_zeros > 0)
        n = n_zeros < n ? n_zeros : n_zeros - 1;
    return n > 0 ? n : 1;
}

/* A copy of text with quotes around its numbers, in 2 * text.len + 2 bytes: behind a number comes
 * another byte, or one with a sign. Its length; *original: of how many bytes of text the first
 * up_to of the copy are made. */
static size_t quote_numbers(struct span text, uint8_t *quoted, size_t up_to, size_t *original)
{
    size_t out = 0;
    for (size_t at = 0; at < text.len;) {
        struct span left = span_after(text, at);
        bool is_string = left.ptr[0] == '"';
        size_t number = is_string ? 0 : number_len(left);
        size_t n = is_string ? string_len(left) : number > 0 ? number : other_len(left);
        if (number > 0)
            quoted[out++] = '"';
        memcpy(quoted + out, left.ptr, n);
        out += n;
        at += n;
        if (number > 0)
            quoted[out++] = '"';
        if (out <= up_to)
            *original = at;
    }
    return out;
}

bool json_tree_is_built_in(void)
{
    return true;
}

enum json_tree_result json_tree_load(struct span text, struct json_node **root, size_t *damaged_at)
{
    *root = NULL;
    *damaged_at = 0;
    if (text.len > SIZE_MAX / 2 - 2)
        return JSON_TREE_NOMEM;
    uint8_t *quoted = malloc(2 * text.len + 2);
    if (!quoted)
        return JSON_TREE_NOMEM;
    json_error_t error;
    size_t n = quote_numbers(text, quoted, 0, damaged_at);
    json_t *json = json_loadb((const char *)quoted, n, JSON_ALLOW_NUL, &error);
    enum json_tree_result result = JSON_TREE_OK;
    if (!json) {
        bool is_nomem = json_error_code(&error) == json_error_out_of_memory;
        result = is_nomem ? JSON_TREE_NOMEM : JSON_TREE_DAMAGED;
        quote_numbers(text, quoted, error.position > 0 ? (size_t)error.position : 0, damaged_at);
    }
    free(quoted);
    *root = (struct json_node *)(void *)json;
    return result;
}

void json_tree_free(struct json_node *root)
{
    json_decref((json_t *)(void *)root);
}

enum json_kind json_tree_kind(const struct json_node *node)
{
    switch (json_typeof(json_of(node))) {
    case JSON_OBJECT:
        return JSON_KIND_MAP;
    case JSON_ARRAY:
        return JSON_KIND_LIST;
    case JSON_STRING:
        return JSON_KIND_TEXT;
    case JSON_TRUE:
        return JSON_KIND_TRUE;
    case JSON_FALSE:
        return JSON_KIND_FALSE;
    default:
        return JSON_KIND_NULL;
    }
}

struct span json_tree_text(const struct json_node *node)
{
    if (!json_is_string(json_of(node)))
        return (struct span){NULL, 0};
    return span_of(json_string_value(json_of(node)), json_string_length(json_of(node)));
}

static bool next_member(struct json_walk *walk)
{
    json_t *map = (json_t *)(void *)(uintptr_t)walk->node;
    void *member = walk->i == 0 ? json_object_iter(map) : walk->next;
    if (!member)
        return false;
    const char *name = json_object_iter_key(member);
    walk->name = span_of(name, json_object_iter_key_len(member));
    walk->value = (const struct json_node *)(const void *)json_object_iter_value(member);
    walk->next = json_object_iter_next(map, member);
    walk->i++;
    return true;
}

bool json_tree_next(struct json_walk *walk)
{
    const json_t *json = json_of(walk->node);
    if (json_is_object(json))
        return next_member(walk);
    if (!json_is_array(json) || walk->i >= json_array_size(json))
        return false;
    walk->value = (const struct json_node *)(const void *)json_array_get(json, walk->i++);
    return true;
}

#else

bool json_tree_is_built_in(void)
{
    return false;
}

enum json_tree_result json_tree_load(struct span text, struct json_node **root, size_t *damaged_at)
{
    (void)text;
    *root = NULL;
    *damaged_at = 0;
    return JSON_TREE_UNAVAILABLE;
}

void json_tree_free(struct json_node *root)
{
    (void)root;
}

enum json_kind json_tree_kind(const struct json_node *node)
{
    (void)node;
    return JSON_KIND_NULL;
}

struct span json_tree_text(const struct json_node *node)
{
    (void)node;
    return (struct span){NULL, 0};
}

bool json_tree_next(struct json_walk *walk)
{
    (void)walk;
    return false;
}
#endif
