/* Prefixes end before a slash, so that what is left of a path begins with one; see
 * href_rewrite.h. */
#include "dissector/dav/href_rewrite.h"

static struct span without_root(struct span path)
{
    return path.len == 1 && path.ptr[0] == '/' ? span_first(path, 0) : path;
}

size_t href_rewrite_tail(struct span asked, struct span answered)
{
    size_t n = 0, n_tail = 0, n_segments = 0;
    asked = without_root(asked);
    answered = without_root(answered);
    while (n < asked.len && n < answered.len &&
           asked.ptr[asked.len - n - 1] == answered.ptr[answered.len - n - 1]) {
        n++;
        if (asked.ptr[asked.len - n] != '/')
            continue;
        n_tail = n;
        n_segments++;
    }
    bool is_whole = n_tail == asked.len || n_tail == answered.len;
    return n_segments > 1 || is_whole ? n_tail : 0;
}

bool href_rewrite_set(struct href_rewrite *rewrite, struct span asked, struct span answered,
                      size_t n_tail)
{
    asked = without_root(asked);
    answered = without_root(answered);
    href_rewrite_free(rewrite);
    buf_init(&rewrite->asked, SIZE_MAX);
    buf_init(&rewrite->answered, SIZE_MAX);
    rewrite->is_known =
        buf_append(&rewrite->asked, span_first(asked, asked.len - n_tail)) == BUF_OK &&
        buf_append(&rewrite->answered, span_first(answered, answered.len - n_tail)) == BUF_OK;
    return rewrite->is_known;
}

bool href_rewrite_fits(const struct href_rewrite *rewrite, struct span form)
{
    struct span prefix = buf_span(&rewrite->answered);
    if (!rewrite->is_known || !span_starts(without_root(form), prefix))
        return false;
    struct span rest = span_after(without_root(form), prefix.len);
    return rest.len == 0 || rest.ptr[0] == '/';
}

bool href_rewrite_undo(const struct href_rewrite *rewrite, struct span form, struct buf *undone)
{
    struct span rest = span_after(without_root(form), rewrite->answered.len);
    buf_clear(undone);
    return buf_append(undone, buf_span(&rewrite->asked)) == BUF_OK &&
           buf_append(undone, rest) == BUF_OK;
}

size_t href_rewrite_bytes(const struct href_rewrite *rewrite)
{
    return rewrite->asked.capacity_bytes + rewrite->answered.capacity_bytes;
}

void href_rewrite_free(struct href_rewrite *rewrite)
{
    buf_free(&rewrite->asked);
    buf_free(&rewrite->answered);
    rewrite->is_known = false;
}
