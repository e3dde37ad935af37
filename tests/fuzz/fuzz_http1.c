/* Text that one side of a connection sends; NUL and a letter change what happens: C and S who
 * sends, G and a byte a gap of so many bytes, F the sender's end; any other letter only ends a
 * feed. What comes of it depends on no cut. */
#include "tests/support/http_record.h"

#include <stdlib.h>

static enum http_body want_some(enum dir dir, const struct exchange *exchange)
{
    return (exchange->number + dir) % 3 ? HTTP_BODY_WANTED : HTTP_BODY_UNWANTED;
}

static void read_plays(struct span rest, struct play *plays)
{
    enum dir dir = DIR_CLIENT;
    for (size_t n = 0; rest.len > 0 && n < 60;) {
        size_t text_len = span_find_byte(rest, '\0');
        plays[n++] = says_bytes(dir, span_first(rest, text_len));
        rest = span_after(rest, text_len + 1);
        uint8_t what = rest.len > 0 ? rest.ptr[0] : 0;
        if (what == 'C' || what == 'S')
            dir = what == 'C' ? DIR_CLIENT : DIR_SERVER;
        if (what == 'G' && rest.len > 1)
            plays[n++] = lacks(dir, rest.ptr[1]);
        if (what == 'F')
            plays[n++] = ends(dir, END_FIN);
        rest = span_after(rest, what == 'G' ? 2 : 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct play plays[64] = {{0}};
    struct http_record whole = {.on_exchange = want_some}, cut = whole;
    read_plays(span_of(data, size), plays);
    http_record_play(&whole, plays, &(struct play_way){.declines_to_skip = size % 2});
    http_record_play(&cut, plays, &(struct play_way){1 + size % 5, 0, size % 2});
    if (strcmp(call_log_end(&whole.log), call_log_end(&cut.log)) != 0)
        abort();
    call_log_free(&whole.log);
    call_log_free(&cut.log);
    return 0;
}
