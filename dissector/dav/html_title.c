/* In: HTML. Out: its title. Knows two tags. */
#include "dissector/dav/html_title.h"

#include "dissector/base/buf.h"
#include "dissector/base/text.h"

#include <stdlib.h>

enum { MAX_TITLE_BYTES = 256 };

struct html_title {
    struct buf head, title;
    enum body_state state;
};

/* Where tag, which begins with <, stands in s without regard to case, or s.len. */
static size_t find_tag(struct span s, const char *tag)
{
    struct span wanted = span_str(tag);
    for (size_t at = 0; at + wanted.len <= s.len; at++) {
        at += span_find_byte(span_after(s, at), '<');
        if (span_equal_nocase(span_first(span_after(s, at), wanted.len), wanted))
            return at;
    }
    return s.len;
}

static void keep_title(struct html_title *h, struct span text)
{
    text = text_first(span_trim(text), MAX_TITLE_BYTES);
    enum buf_result result = BUF_OK;
    while (text.len > 0 && result == BUF_OK) {
        size_t n = span_find_any(text, " \t\r\n");
        result = buf_append(&h->title, span_first(text, n));
        text = span_trim(span_after(text, n));
        if (text.len > 0 && result == BUF_OK)
            result = buf_append(&h->title, span_str(" "));
    }
    if (result == BUF_NOMEM)
        h->state = BODY_NOMEM;
}

static void look(struct html_title *h)
{
    struct span head = buf_span(&h->head);
    struct span tag = span_after(head, find_tag(head, "<title"));
    struct span inside = span_after(tag, span_find_byte(tag, '>') + 1);
    size_t end = find_tag(inside, "</title");
    if (end < inside.len)
        keep_title(h, span_first(inside, end));
}

static void html_title_close(void *reader)
{
    struct html_title *h = reader;
    if (!h)
        return;
    buf_free(&h->head);
    buf_free(&h->title);
    free(h);
}

static void *html_title_create(const struct body_params *params)
{
    struct html_title *h = calloc(1, sizeof *h);
    if (!h)
        return NULL;
    buf_init(&h->head, params->limits->max_sniff_bytes);
    buf_init(&h->title, MAX_TITLE_BYTES);
    enum feed answer = params->ops->root(params->ctx, ROOT_NONE, true, false);
    h->state = answer == FEED_OK ? BODY_OPEN : answer == FEED_NOMEM ? BODY_NOMEM : BODY_STOPPED;
    return h;
}

/* Looks once, when there is as much as is looked at. */
static enum body_state html_title_feed(void *reader, struct span bytes)
{
    struct html_title *h = reader;
    if (h->state != BODY_OPEN)
        return h->state;
    struct span part = span_first(bytes, h->head.max_bytes - h->head.len);
    if (buf_append(&h->head, part) != BUF_OK)
        h->state = BODY_NOMEM;
    if (h->state == BODY_OPEN && h->head.len == h->head.max_bytes) {
        h->state = BODY_STOPPED;
        look(h);
    }
    return h->state;
}

static enum body_state html_title_finish(void *reader)
{
    struct html_title *h = reader;
    if (h->state != BODY_OPEN)
        return h->state;
    h->state = BODY_STOPPED;
    look(h);
    return h->state;
}

static enum body_state html_title_gap(void *reader, uint64_t n_bytes)
{
    (void)n_bytes;
    return html_title_finish(reader);
}

static struct body_rest html_title_rest(const void *reader)
{
    const struct html_title *h = reader;
    struct body_rest rest = {0};
    if (h->title.len > 0)
        rest.description = buf_span(&h->title);
    return rest;
}

static size_t html_title_buffered_bytes(const void *reader)
{
    const struct html_title *h = reader;
    return sizeof *h + h->head.capacity_bytes + h->title.capacity_bytes;
}

const struct body_reader html_title_reader = {
    html_title_create, html_title_feed,           html_title_gap,   html_title_finish,
    html_title_rest,   html_title_buffered_bytes, html_title_close,
};
