/* Steps of a file into a tls; see tls_play.h. */
#include "tests/support/tls_play.h"

#include "dissector/base/reader.h"
#include "dissector/tls/keylog.h"

#include <stdio.h>
#include <stdlib.h>

const struct tls_way tls_way_plain = {.n_bytes = SIZE_MAX,
                                      .lost = {TLS_WAY_NONE, TLS_WAY_NONE, TLS_WAY_NONE},
                                      .told_behind = TLS_WAY_NONE};

void tls_talk_load(struct tls_talk *talk, const char *folder, const char *name)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        abort();
    struct span all = span_of(talk->bytes, fread(talk->bytes, 1, sizeof talk->bytes, file));
    (void)fclose(file);
    size_t n_lines = span_find_byte(all, '\0');
    talk->lines = span_first(all, n_lines);
    talk->steps = span_after(all, n_lines + 1);
}

int tls_talk_n_steps(const struct tls_talk *talk)
{
    int n = 0;
    for (struct reader r = reader_of(talk->steps); r.left.len > 0; n++) {
        reader_skip(&r, 1);
        reader_skip(&r, reader_u16(&r));
    }
    return n;
}

static void on_opened(void *ctx)
{
    struct tls_play *play = ctx;
    play->is_opened = tls_version(&play->tls);
}

static void tell(struct tls_play *play, struct span lines)
{
    struct keylog keylog;
    keylog_init(&keylog, &play->secrets);
    if (keylog_feed(&keylog, lines) != FEED_OK || keylog_finish(&keylog) != FEED_OK)
        abort();
    keylog_free(&keylog);
}

static void send_step(struct tls_play *play, struct span bytes, int side, const struct tls_way *way)
{
    static struct origin origin = {.ordinal = 1};
    origin.ordinal++;
    origin.time_ns += way->step_ns;
    for (; bytes.len > 0; bytes = span_after(bytes, way->n_bytes))
        stream_feed(tls_stream(&play->tls, side), span_first(bytes, way->n_bytes), &origin);
}

static bool is_lost(const struct tls_way *way, int step)
{
    return step == way->lost[0] || step == way->lost[1] || step == way->lost[2];
}

static void play_steps(struct tls_play *play, const struct tls_talk *talk,
                       const struct tls_way *way)
{
    const struct origin end = {.ordinal = 1000};
    struct reader r = reader_of(talk->steps);
    for (int i = 0; r.left.len > 0; i++) {
        int side = reader_u8(&r) & 1;
        struct span bytes = reader_span(&r, reader_u16(&r));
        size_t n_kept = i == way->lost[1] ? way->n_kept : 0;
        struct span come = is_lost(way, i) ? span_first(bytes, n_kept) : bytes;
        send_step(play, come, side, way);
        if (come.len < bytes.len)
            stream_gap(tls_stream(&play->tls, side), bytes.len - come.len, false, &end);
        if (i != way->told_behind)
            continue;
        tell(play, talk->lines);
        play->retried = tls_retry(&play->tls);
    }
    for (int side = 0; side < 2; side++)
        stream_finish(tls_stream(&play->tls, side), END_FIN, &end);
}

static void play_one(struct tls_play *play, const struct tls_talk *talk, const struct tls_way *way)
{
    stream_log_init(&play->log);
    if (way->told_behind == TLS_WAY_NONE)
        tell(play, talk->lines);
    const struct tls_params params = {
        .limits = way->limits ? way->limits : &limits_default,
        .secrets = &play->secrets,
        .plain = {stream_log_sink(&play->log, 0), stream_log_sink(&play->log, 1)},
        .opened = on_opened,
        .ctx = play,
    };
    tls_init(&play->tls, &params);
    play_steps(play, talk, way);
}

void tls_play(struct tls_play *play, const struct tls_talk *talk, const struct tls_way *way)
{
    const struct hash_key key = {1, 2};
    *play = (struct tls_play){.is_opened = false};
    secrets_init(&play->secrets, 16, &key);
    play->secrets.may_grow = way->told_behind >= 0;
    play_one(play, talk, way);
}

void tls_play_next(struct tls_play *play, const struct tls_talk *talk, const struct tls_way *way)
{
    tls_free(&play->tls);
    stream_log_free(&play->log);
    play_one(play, talk, way);
}

struct span tls_play_plain(const struct tls_play *play, int side)
{
    return buf_span(&play->log.side[side].bytes);
}

void tls_play_free(struct tls_play *play)
{
    tls_free(&play->tls);
    secrets_free(&play->secrets);
    stream_log_free(&play->log);
}
