/* Steps of a conversation in, calls of stream sinks out. Judges nothing. */
#include "tests/support/stream_play.h"

struct player {
    const struct stream_sink *sink;
    const struct play_way *way;
    uint64_t skip_bytes[2]; /* the sink's standing answer to need_none */
    bool is_over[2];
    size_t at; /* bytes played of all steps */
};

struct play says_bytes(enum dir dir, struct span bytes)
{
    return (struct play){.kind = PLAY_SAYS, .dir = dir, .bytes = bytes};
}

struct play says(enum dir dir, const char *text)
{
    return says_bytes(dir, span_str(text));
}

struct play lacks(enum dir dir, uint64_t n_bytes)
{
    return (struct play){.kind = PLAY_LACKS, .dir = dir, .n_bytes = n_bytes};
}

struct play lacks_cut(enum dir dir, uint64_t n_bytes)
{
    return (struct play){.kind = PLAY_CUT, .dir = dir, .n_bytes = n_bytes};
}

struct play ends(enum dir dir, enum end why)
{
    return (struct play){.kind = PLAY_ENDS, .dir = dir, .why = why};
}

static void heed(struct player *player, enum dir dir, enum feed answer)
{
    const struct stream_sink *sink = &player->sink[dir];
    player->is_over[dir] = answer != FEED_OK;
    player->skip_bytes[dir] = player->way->declines_to_skip ? 0 : sink->ops->need_none(sink->ctx);
}

/* As many of n bytes as the sink does not need; returns how many. */
static uint64_t skip(struct player *player, enum dir dir, uint64_t n_bytes,
                     const struct origin *origin)
{
    const struct stream_sink *sink = &player->sink[dir];
    uint64_t n = player->skip_bytes[dir] < n_bytes ? player->skip_bytes[dir] : n_bytes;
    if (n > 0)
        heed(player, dir, sink->ops->skip(sink->ctx, n, origin));
    return n;
}

static void feed(struct player *player, enum dir dir, struct span bytes,
                 const struct origin *origin)
{
    const struct stream_sink *sink = &player->sink[dir];
    while (bytes.len > 0 && !player->is_over[dir]) {
        bytes = span_after(bytes, (size_t)skip(player, dir, bytes.len, origin));
        if (bytes.len == 0 || player->is_over[dir])
            return;
        heed(player, dir, sink->ops->feed(sink->ctx, bytes, origin));
        bytes = span_after(bytes, bytes.len);
    }
}

static void say(struct player *player, const struct play *play, const struct origin *origin)
{
    for (struct span rest = play->bytes; rest.len > 0;) {
        size_t n = player->way->piece_bytes ? player->way->piece_bytes : rest.len;
        n = n < rest.len ? n : rest.len;
        size_t split_at = player->way->split_at;
        if (split_at > player->at && split_at < player->at + n)
            n = split_at - player->at;
        feed(player, play->dir, span_first(rest, n), origin);
        rest = span_after(rest, n);
        player->at += n;
    }
}

static void lack(struct player *player, const struct play *play, const struct origin *origin)
{
    const struct stream_sink *sink = &player->sink[play->dir];
    uint64_t n = play->n_bytes;
    while (n > 0 && !player->is_over[play->dir]) {
        uint64_t skipped = skip(player, play->dir, n, origin);
        n -= skipped;
        if (n == 0 || player->is_over[play->dir])
            return;
        if (skipped > 0)
            continue;
        heed(player, play->dir, sink->ops->gap(sink->ctx, n, play->kind == PLAY_CUT, origin));
        return;
    }
}

void play_streams(const struct stream_sink sink[2], const struct play *plays,
                  const struct play_way *way)
{
    struct player player = {.sink = sink, .way = way};
    for (size_t i = 0; plays[i].kind != PLAY_OVER; i++) {
        const struct play *play = &plays[i];
        struct origin origin = {
            .ordinal = i + 1, .frame = i + 1, .time_ns = (int64_t)i * 1000000000};
        if (play->kind == PLAY_SAYS)
            say(&player, play, &origin);
        else if (play->kind == PLAY_ENDS)
            sink[play->dir].ops->finish(sink[play->dir].ctx, play->why, &origin);
        else
            lack(&player, play, &origin);
    }
}

void play_every_way(const struct play *plays, void (*one)(void *ctx, const struct play_way *way),
                    void *ctx)
{
    size_t n_bytes = 0;
    for (const struct play *play = plays; play->kind != PLAY_OVER; play++)
        n_bytes += play->bytes.len;
    for (int declines = 0; declines < 2; declines++) {
        struct play_way way = {.declines_to_skip = declines};
        for (way.split_at = 0; way.split_at < n_bytes; way.split_at++)
            one(ctx, &way);
        one(ctx, &(struct play_way){.piece_bytes = 1, .declines_to_skip = declines});
    }
}
