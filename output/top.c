/* Ten counters, searched one by one; see top.h. */
#include "output/top.h"

#include <stdlib.h>

static struct top_entry *find(struct top *top, struct span text)
{
    for (size_t i = 0; i < top->n; i++)
        if (span_equal(top_text(&top->entries[i]), text))
            return &top->entries[i];
    return NULL;
}

static struct top_entry *rarest(struct top *top)
{
    struct top_entry *entry = &top->entries[0];
    for (size_t i = 1; i < top->n; i++)
        if (top->entries[i].n < entry->n)
            entry = &top->entries[i];
    return entry;
}

/* Up to the slash behind the last segment that all have in common. */
static void share(struct top *top, struct span text)
{
    size_t n = 0, max = top->has_common ? top->common_len : sizeof top->common;
    while (n < max && n < text.len && (!top->has_common || top->common[n] == text.ptr[n]))
        n++;
    n = span_to_last(span_first(text, n), '/').len;
    if (n >= 3 && span_equal(span_of(text.ptr + n - 3, 3), span_str("://")))
        n = 0; /* different hosts have nothing in common */
    if (!top->has_common && n > 0)
        memcpy(top->common, text.ptr, n);
    top->common_len = n;
    top->has_common = true;
}

/* What of a text is kept, in out when it has to be cut: at a character. */
static struct span cut(struct span text, uint8_t out[TOP_TEXT_BYTES])
{
    static const char mark[] = "…";
    size_t len = TOP_TEXT_BYTES - (sizeof mark - 1);
    if (text.len <= TOP_TEXT_BYTES)
        return text;
    for (size_t i = 0; i < 3 && (text.ptr[len] & 0xC0) == 0x80; i++)
        len--;
    memcpy(out, text.ptr, len);
    memcpy(out + len, mark, sizeof mark - 1);
    return span_of(out, len + sizeof mark - 1);
}

/* A new text takes the place of the rarest one, and may have been there as often as that was. */
static void enter(struct top *top, struct span text, uint64_t n)
{
    uint8_t *copy = malloc(text.len + 1);
    if (top->n == TOP_MAX || !copy)
        top->is_overflown = true;
    if (!copy)
        return;
    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    struct top_entry *entry = top->n < TOP_MAX ? &top->entries[top->n++] : rarest(top);
    free(entry->text);
    *entry = (struct top_entry){
        .text = copy,
        .len = text.len,
        .n = entry->n + n,
    };
}

static void add(struct top *top, struct span text, uint64_t n)
{
    struct top_entry *entry = find(top, text);
    if (entry)
        entry->n += n;
    else
        enter(top, text, n);
}

static int compare(const void *left, const void *right)
{
    const struct top_entry *a = left, *b = right;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    int by_bytes = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);
    if (by_bytes != 0 || a->len == b->len)
        return by_bytes;
    return a->len < b->len ? -1 : 1;
}

void top_add(struct top *top, struct span text, uint64_t n)
{
    uint8_t out[TOP_TEXT_BYTES];
    share(top, text);
    add(top, cut(text, out), n);
}

void top_merge(struct top *top, const struct top *more)
{
    if (more->has_common)
        share(top, top_common(more));
    for (size_t i = 0; i < more->n; i++)
        add(top, top_text(&more->entries[i]), more->entries[i].n);
    top->is_overflown |= more->is_overflown;
}

void top_sort(struct top *top)
{
    qsort(top->entries, top->n, sizeof *top->entries, compare);
}

struct span top_common(const struct top *top)
{
    return span_of(top->common, top->common_len);
}

void top_free(struct top *top)
{
    for (size_t i = 0; i < top->n; i++)
        free(top->entries[i].text);
    *top = (struct top){0};
}
