/* All texts in one buffer, one behind the other; see request_hrefs.h. */
#include "dissector/dav/request_hrefs.h"

#include "dissector/dav/href.h"

#include <stdlib.h>

struct span request_hrefs_text(const struct request_hrefs *hrefs, size_t number)
{
    size_t end = number + 1 < hrefs->n ? hrefs->begins[number + 1] : hrefs->text.len;
    return span_of(hrefs->text.ptr + hrefs->begins[number], end - hrefs->begins[number]);
}

static bool make_room(struct request_hrefs *hrefs)
{
    if (hrefs->n < hrefs->capacity)
        return true;
    size_t capacity = hrefs->capacity ? hrefs->capacity * 2 : 16;
    uint32_t *begins = realloc(hrefs->begins, capacity * sizeof *begins);
    if (!begins)
        return false;
    hrefs->begins = begins;
    hrefs->capacity = capacity;
    return true;
}

enum feed request_hrefs_find(const struct request_hrefs *hrefs, const struct href_index *index,
                             struct href_lookup *lookup)
{
    struct href_probe probe = {.hash = href_index_hash(lookup->form)};
    uint32_t number;
    index = index ? index : &hrefs->index;
    while ((number = href_index_next(index, &probe)) != 0) {
        lookup->number = number - 1;
        struct span text = request_hrefs_text(hrefs, lookup->number);
        if (!href_form(lookup->scratch, text, lookup->base, lookup->overlooked))
            return FEED_NOMEM;
        if (span_equal(lookup->form, buf_span(lookup->scratch)))
            return FEED_OK;
    }
    lookup->number = hrefs->n;
    return FEED_OK;
}

/* Room for the text is made before the index knows of it. */
static enum feed remember(struct request_hrefs *hrefs, struct span href)
{
    size_t begin = hrefs->text.len;
    uint32_t hash = href_index_hash(buf_span(&hrefs->form));
    if (!make_room(hrefs) || buf_append(&hrefs->text, href) != BUF_OK)
        return FEED_NOMEM;
    hrefs->begins[hrefs->n++] = (uint32_t)begin;
    return href_index_add(&hrefs->index, hash, (uint32_t)hrefs->n) ? FEED_OK : FEED_NOMEM;
}

enum feed request_hrefs_add(struct request_hrefs *hrefs, const struct limits *limits,
                            struct span base, struct span href)
{
    if (hrefs->text.max_bytes == 0) {
        buf_init(&hrefs->text, limits->max_requested_bytes);
        buf_init(&hrefs->form, SIZE_MAX);
        buf_init(&hrefs->other, SIZE_MAX);
    }
    if (!href_form(&hrefs->form, href, base, 0))
        return FEED_NOMEM;
    struct href_lookup known = {
        .form = buf_span(&hrefs->form), .base = base, .scratch = &hrefs->other};
    if (request_hrefs_find(hrefs, NULL, &known) != FEED_OK)
        return FEED_NOMEM;
    if (known.number < hrefs->n)
        return FEED_OK;
    bool has_room = hrefs->n < limits->max_requested_hrefs &&
                    href.len <= limits->max_requested_bytes - hrefs->text.len;
    if (has_room)
        return remember(hrefs, href);
    hrefs->n_more++;
    return FEED_OK;
}

size_t request_hrefs_bytes(const struct request_hrefs *hrefs)
{
    return hrefs->text.capacity_bytes + hrefs->form.capacity_bytes + hrefs->other.capacity_bytes +
           hrefs->capacity * sizeof *hrefs->begins + href_index_bytes(&hrefs->index);
}

void request_hrefs_free(struct request_hrefs *hrefs)
{
    buf_free(&hrefs->text);
    buf_free(&hrefs->form);
    buf_free(&hrefs->other);
    free(hrefs->begins);
    href_index_free(&hrefs->index);
    *hrefs = (struct request_hrefs){0};
}
