/* Lines in, the place where a message begins out. Does not look into what it passes over. */
#include "dissector/http/http1_resync.h"

#include "dissector/http/http1_start.h"

/* Of a line that has not ended yet, what is out of the window is forgotten now and then. */
static void trim_line(struct http1_line *line)
{
    size_t n = http1_line_current(line).len;
    size_t n_keep = HTTP1_RESYNC_WINDOW_BYTES + 2; /* so that it stays known as a long one */
    if (n > 2 * HTTP1_RESYNC_WINDOW_BYTES)
        http1_line_drop(line, n - n_keep);
}

static void find_candidate(struct http1_resync *resync, struct http1_line *line)
{
    struct span text = http1_line_text(http1_line_current(line), NULL);
    bool is_long = text.len > HTTP1_RESYNC_WINDOW_BYTES;
    size_t window_at = is_long ? text.len - HTTP1_RESYNC_WINDOW_BYTES : 0;
    struct span window = span_after(text, window_at);
    size_t at = http1_start_find(window, resync->dir, !is_long);
    resync->has_candidate = at < window.len;
    resync->is_behind = window_at + at > 0;
    resync->is_at_loss = resync->is_fresh && resync->has_candidate && !resync->is_behind;
    resync->is_fresh = false;
    if (resync->has_candidate) {
        http1_line_drop(line, window_at + at);
        http1_line_next(line);
    } else {
        http1_line_clear(line);
    }
}

enum http1_field_check http1_resync_check(const struct http1_resync *resync,
                                          const struct http1_line *line)
{
    struct span all = http1_line_all(line), current = http1_line_current(line);
    struct span start = span_first(all, all.len - current.len);
    return http1_field_check_behind(start, current, resync->dir);
}

bool http1_resync_line(struct http1_resync *resync, struct http1_line *line, bool is_whole)
{
    if (resync->has_candidate) {
        enum http1_field_check found = http1_resync_check(resync, line);
        if (found == HTTP1_FIELD_MORE)
            return false;
        resync->has_candidate = false;
        if (found == HTTP1_FIELD_YES)
            return true;
        http1_line_drop(line, 0);
    }
    if (is_whole)
        find_candidate(resync, line);
    else
        trim_line(line);
    return false;
}
