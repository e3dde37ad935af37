/* HTTP/2 frames in pieces, each behind two bytes: which side sends it, whether it is lost instead,
 * and its length. What comes of it depends on no cut. */
#include "dissector/http/http2.h"
#include "tests/support/http_record.h"

#include <stdlib.h>

enum { MAX_PLAYS = 60 };

static enum http_body want_some(enum dir dir, const struct http_head *head)
{
    return (head->status + head->target.len + dir) % 3 ? HTTP_BODY_WANTED : HTTP_BODY_UNWANTED;
}

static void read_plays(struct span rest, struct play *plays)
{
    for (size_t n = 0; rest.len > 1 && n < MAX_PLAYS; n++) {
        enum dir dir = rest.ptr[0] & 1 ? DIR_SERVER : DIR_CLIENT;
        size_t len = (size_t)rest.ptr[1] << (rest.ptr[0] >> 6);
        bool is_lost = rest.ptr[0] & 2;
        struct span piece = span_first(span_after(rest, 2), is_lost ? 0 : len);
        plays[n] = is_lost ? lacks(dir, len) : says_bytes(dir, piece);
        rest = span_after(rest, 2 + piece.len);
    }
}

static void play(struct http_record *record, const struct play *plays, const struct play_way *way,
                 bool is_joined)
{
    struct http2 http2;
    call_log_begin(&record->log);
    http2_init(&http2, &limits_default, http_record_sink(record));
    if (is_joined)
        http2_join(&http2, DIR_SERVER);
    struct stream_sink sinks[2] = {http2_stream(&http2, DIR_CLIENT),
                                   http2_stream(&http2, DIR_SERVER)};
    play_streams(sinks, plays, way);
    http2_free(&http2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct play plays[MAX_PLAYS + 1] = {{0}};
    struct http_record whole = {.on_message = want_some}, cut = whole;
    read_plays(span_of(data, size), plays);
    play(&whole, plays, &(struct play_way){.declines_to_skip = size % 2}, size % 3 == 0);
    play(&cut, plays, &(struct play_way){1 + size % 5, 0, size % 2}, size % 3 == 0);
    if (strcmp(call_log_end(&whole.log), call_log_end(&cut.log)) != 0)
        abort();
    call_log_free(&whole.log);
    call_log_free(&cut.log);
    return 0;
}
