/* Heads, pieces of bodies and ends in, calls of the sink out. Keeps the streams. Does not know how
 * any of it is framed. */
#include "dissector/http/http2_message.h"

/* What every callback needs to know of the message it speaks of. */
struct speaker {
    struct http2_half *half;
    struct http2_stream *stream;
    struct http2_message *message;
};

static struct speaker speaker_of(struct http2_half *half, struct http2_stream *stream)
{
    return (struct speaker){half, stream, stream ? &stream->message[half->dir] : NULL};
}

static struct speaker find(struct http2_half *half, uint32_t stream)
{
    return speaker_of(half, http2_stream_find(&half->http2->streams, stream));
}

static bool is_open(const struct speaker *speaker)
{
    return speaker->message && speaker->message->is_open;
}

enum feed http2_settle_nomem(struct http2 *http2)
{
    http2->half[DIR_CLIENT].settled = FEED_NOMEM;
    http2->half[DIR_SERVER].settled = FEED_NOMEM;
    return FEED_NOMEM;
}

/* What a callback answered, when its FEED_STOP says nothing: only bodies can be declined. */
static enum feed check(struct http2 *http2, enum feed answer)
{
    return answer == FEED_NOMEM ? http2_settle_nomem(http2) : FEED_OK;
}

static void note(struct http2_half *half, uint32_t stream, const struct anomaly *anomaly)
{
    const struct http_sink *sink = &half->http2->sink;
    sink->ops->note(sink->ctx, half->dir, stream, anomaly);
}

void http2_note(struct http2_half *half, uint32_t stream, enum anomaly_kind kind, const char *text,
                const struct origin *origin)
{
    struct anomaly anomaly = anomaly_make(kind, origin, 0, text);
    note(half, stream, &anomaly);
}

struct http2_message *http2_message_find(const struct http2_half *half, uint32_t stream)
{
    struct http2_stream *found = http2_stream_find(&half->http2->streams, stream);
    return found && found->message[half->dir].is_open ? &found->message[half->dir] : NULL;
}

/* ---- ends ---- */

static bool is_over(const struct http2_stream *stream)
{
    return stream->message[DIR_SERVER].has_ended && !stream->message[DIR_CLIENT].is_open;
}

/* Ends the message, and forgets the stream when nothing more can come on it. */
static enum feed end(const struct speaker *speaker, enum end why, const struct origin *origin)
{
    struct http2 *http2 = speaker->half->http2;
    struct http2_message *message = speaker->message;
    if (why == END_COMPLETE && message->has_hole)
        why = END_GAP;
    if (why == END_COMPLETE && message->has_length &&
        message->body_bytes != message->content_length)
        http2_note(speaker->half, speaker->stream->id, ANOMALY_LENGTH_CONFLICT,
                   "Content-Length is not what DATA comes to", origin);
    message->is_open = false;
    message->has_ended = true;
    enum feed answer = http2->sink.ops->end(http2->sink.ctx, speaker->half->dir,
                                            speaker->stream->id, why, message->body_bytes, origin);
    if (is_over(speaker->stream))
        http2_stream_remove(&http2->streams, speaker->stream);
    return check(http2, answer);
}

static enum feed pass_gap(const struct speaker *speaker, uint64_t n_bytes, bool is_cut,
                          const struct origin *origin)
{
    const struct http_sink *sink = &speaker->half->http2->sink;
    struct http2_message *message = speaker->message;
    message->body_bytes += n_bytes;
    if (!message->is_wanted)
        return FEED_OK;
    enum feed answer =
        sink->ops->gap(sink->ctx, speaker->half->dir, speaker->stream->id, n_bytes, is_cut, origin);
    message->is_wanted = answer == FEED_OK;
    return check(speaker->half->http2, answer);
}

static enum feed tell_hole(const struct speaker *speaker, const struct origin *origin)
{
    const struct anomaly *hole = &speaker->half->hole;
    note(speaker->half, speaker->stream->id, hole);
    speaker->message->has_hole = true;
    return pass_gap(speaker, 0, hole->kind == ANOMALY_SNAPLEN, origin);
}

static bool is_behind_hole(const struct speaker *speaker)
{
    return speaker->message->n_holes != speaker->half->n_holes;
}

/* n_bytes more of the body come now; is_last: and then its end. */
static enum feed close_hole(const struct speaker *speaker, uint64_t n_bytes, bool is_last,
                            const struct origin *origin)
{
    struct http2_message *message = speaker->message;
    if (!is_behind_hole(speaker))
        return FEED_OK;
    message->n_holes = speaker->half->n_holes;
    if (is_last && message->has_length && !message->has_hole &&
        message->body_bytes + n_bytes == message->content_length)
        return FEED_OK;
    return tell_hole(speaker, origin);
}

/* ---- streams ---- */

/* Ends the message early. When a hole may have held its end, that is the reason. */
static enum feed break_off(struct http2_half *half, uint32_t stream,
                           const struct http2_closing *closing, const struct origin *origin)
{
    struct speaker speaker = find(half, stream);
    if (!is_open(&speaker))
        return FEED_OK;
    if (is_behind_hole(&speaker) && closing->why != END_EVICTED) {
        enum feed answer = tell_hole(&speaker, origin);
        return answer == FEED_OK ? end(&speaker, END_GAP, origin) : answer;
    }
    if (closing->text)
        http2_note(half, stream, closing->kind, closing->text, origin);
    return end(&speaker, closing->why, origin);
}

enum feed http2_stream_close(struct http2 *http2, uint32_t id, const struct http2_closing *closing,
                             const struct origin *origin)
{
    enum feed answer = FEED_OK;
    for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER && answer == FEED_OK; dir++)
        answer = break_off(&http2->half[dir], id, closing, origin);
    struct http2_stream *stream = http2_stream_find(&http2->streams, id);
    if (!stream || answer != FEED_OK)
        return answer;
    if (closing->text && !stream->message[DIR_SERVER].is_seen)
        http2_note(&http2->half[DIR_SERVER], id, closing->kind, closing->text, origin);
    http2_stream_remove(&http2->streams, stream);
    http2->sink.ops->closed(http2->sink.ctx, id, origin);
    return FEED_OK;
}

/* NULL: no memory. */
static struct http2_stream *open_stream(struct http2 *http2, uint32_t id,
                                        const struct origin *origin)
{
    static const struct http2_closing limit = {END_EVICTED, ANOMALY_LIMIT, "max_streams"};
    while (table_n_nodes(&http2->streams) >= http2->limits->max_streams) {
        uint32_t oldest = ((struct http2_stream *)table_oldest(&http2->streams))->id;
        if (http2_stream_close(http2, oldest, &limit, origin) != FEED_OK)
            return NULL;
    }
    struct http2_stream *stream = http2_stream_add(&http2->streams, id, origin->time_ns);
    for (enum dir dir = DIR_CLIENT; stream && dir <= DIR_SERVER; dir++)
        stream->message[dir].n_holes = http2->half[dir].n_holes;
    return stream;
}

/* ---- heads ---- */

static void note_head(struct http2_half *half, uint32_t stream, const struct http2_head *head,
                      const struct origin *origin)
{
    for (unsigned i = 0; i < HTTP2_NOTE_N; i++)
        if (head->is_noted[i])
            http2_note(half, stream, http2_note_texts[i].kind, http2_note_texts[i].text, origin);
    if (head->hpack_problem)
        http2_note(half, stream, ANOMALY_HPACK, head->hpack_problem, origin);
    if (head->frame_problem)
        http2_note(half, stream, ANOMALY_HTTP2_FRAME, head->frame_problem, origin);
    if (head->limit)
        http2_note(half, stream, ANOMALY_LIMIT, head->limit, origin);
    if (head->gap)
        note(half, stream, head->gap);
}

static enum http_body pass_head(struct http2_half *half, uint32_t stream,
                                const struct http2_head *head, const struct origin *origin)
{
    const struct http_sink *sink = &half->http2->sink;
    enum http_body answer = sink->ops->head(sink->ctx, half->dir, stream, &head->head, origin);
    if (answer == HTTP_BODY_NOMEM)
        http2_settle_nomem(half->http2);
    else
        note_head(half, stream, head, origin);
    return answer;
}

static bool is_interim(const struct http2_half *half, const struct http_head *head)
{
    return half->dir == DIR_SERVER && head->status >= 100 && head->status < 200;
}

static enum feed pass_interim(struct http2_half *half, uint32_t stream,
                              const struct http2_head *head, const struct origin *origin)
{
    const struct http_sink *sink = &half->http2->sink;
    if (head->head.status == 101) { /* RFC 9113 §8.6: there is none */
        http2_note(half, stream, ANOMALY_HTTP2_FRAME, "101 in HTTP/2", origin);
        return FEED_OK;
    }
    if (pass_head(half, stream, head, origin) == HTTP_BODY_NOMEM)
        return FEED_NOMEM;
    return check(half->http2,
                 sink->ops->end(sink->ctx, half->dir, stream, END_COMPLETE, 0, origin));
}

/* What follows on the stream of CONNECT is no HTTP, in both directions. */
static enum feed leave_tunnel(struct http2 *http2, uint32_t id, const struct origin *origin)
{
    enum feed answer = FEED_OK;
    for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER && answer == FEED_OK; dir++) {
        struct speaker speaker = find(&http2->half[dir], id);
        if (is_open(&speaker))
            answer = end(&speaker, END_COMPLETE, origin);
    }
    return answer;
}

static void open_message(struct http2_message *message, const struct http2_half *half,
                         const struct http2_head *head)
{
    *message = (struct http2_message){
        .is_seen = true,
        .is_open = true,
        .has_length = head->has_length && head->head.framing == HTTP_FRAMING_STREAM,
        .content_length = head->head.content_length,
        .n_holes = half->n_holes,
    };
}

enum feed http2_message_begin(struct http2_half *half, uint32_t id, const struct http2_head *head,
                              const struct origin *origin)
{
    if (is_interim(half, &head->head))
        return pass_interim(half, id, head, origin);
    struct http2_stream *stream = http2_stream_find(&half->http2->streams, id);
    if (stream && stream->message[half->dir].is_seen) {
        http2_note(half, id, ANOMALY_HTTP2_FRAME, "another head on the stream", origin);
        return FEED_OK;
    }
    if (!stream)
        stream = open_stream(half->http2, id, origin);
    if (!stream)
        return http2_settle_nomem(half->http2);
    struct speaker speaker = speaker_of(half, stream);
    open_message(speaker.message, half, head);
    enum http_body answer = pass_head(half, id, head, origin);
    speaker.message->is_wanted = answer == HTTP_BODY_WANTED || answer == HTTP_BODY_UNSURE;
    if (answer == HTTP_BODY_NOMEM)
        return FEED_NOMEM;
    if (answer == HTTP_BODY_TUNNEL)
        return leave_tunnel(half->http2, id, origin);
    return head->head.framing == HTTP_FRAMING_NONE ? end(&speaker, END_COMPLETE, origin) : FEED_OK;
}

/* The end of a response whose head a hole took: no other will come. */
static enum feed end_headless(const struct speaker *speaker, const struct origin *origin)
{
    static const struct http2_closing headless = {END_GAP, ANOMALY_HTTP2_FRAME, NULL};
    if (!speaker->stream || speaker->half->dir != DIR_SERVER || speaker->message->is_seen)
        return FEED_OK;
    note(speaker->half, speaker->stream->id, &speaker->half->hole);
    return http2_stream_close(speaker->half->http2, speaker->stream->id, &headless, origin);
}

enum feed http2_message_trailers(struct http2_half *half, uint32_t stream,
                                 const struct http2_head *head, const struct origin *origin)
{
    struct speaker speaker = find(half, stream);
    bool is_last = head->head.framing == HTTP_FRAMING_NONE;
    if (!is_open(&speaker))
        return is_last ? end_headless(&speaker, origin) : FEED_OK;
    note_head(half, stream, head, origin);
    if (!is_last) {
        http2_note(half, stream, ANOMALY_HTTP2_FRAME, "fields behind a head that end nothing",
                   origin);
        return FEED_OK;
    }
    if (close_hole(&speaker, 0, true, origin) != FEED_OK)
        return FEED_NOMEM;
    return end(&speaker, END_COMPLETE, origin);
}

/* ---- DATA ---- */

static struct speaker speaker_of_frame(struct http2_half *half)
{
    return find(half, half->frame.stream);
}

static bool is_last_frame(const struct http2_half *half)
{
    return half->frame.flags & HTTP2_END_STREAM;
}

enum feed http2_data_begin(struct http2_half *half, uint32_t n_bytes, const struct origin *origin)
{
    struct speaker speaker = speaker_of_frame(half);
    if (!is_open(&speaker))
        return FEED_OK;
    return close_hole(&speaker, n_bytes, is_last_frame(half), origin);
}

enum feed http2_data_bytes(struct http2_half *half, struct span bytes, const struct origin *origin)
{
    const struct http_sink *sink = &half->http2->sink;
    struct speaker speaker = speaker_of_frame(half);
    if (!is_open(&speaker))
        return FEED_OK;
    speaker.message->body_bytes += bytes.len;
    if (!speaker.message->is_wanted)
        return FEED_OK;
    enum feed answer = sink->ops->body(sink->ctx, half->dir, speaker.stream->id, bytes, origin);
    speaker.message->is_wanted = answer == FEED_OK;
    return check(half->http2, answer);
}

enum feed http2_data_gap(struct http2_half *half, const struct anomaly *gap)
{
    struct speaker speaker = speaker_of_frame(half);
    if (!is_open(&speaker))
        return FEED_OK;
    return pass_gap(&speaker, gap->n_bytes, gap->kind == ANOMALY_SNAPLEN, &gap->origin);
}

enum feed http2_data_hole(struct http2_half *half, const struct origin *origin)
{
    struct speaker speaker = speaker_of_frame(half);
    return is_open(&speaker) ? tell_hole(&speaker, origin) : FEED_OK;
}

bool http2_data_is_wanted(const struct http2_half *half)
{
    const struct http2_message *message = http2_message_find(half, half->frame.stream);
    return message && message->is_wanted;
}

void http2_data_skipped(struct http2_half *half, uint64_t n_bytes)
{
    struct speaker speaker = speaker_of_frame(half);
    if (is_open(&speaker))
        speaker.message->body_bytes += n_bytes;
}

enum feed http2_data_end(struct http2_half *half, enum end why, const struct origin *origin)
{
    struct speaker speaker = speaker_of_frame(half);
    if (!is_last_frame(half))
        return FEED_OK;
    return is_open(&speaker) ? end(&speaker, why, origin) : end_headless(&speaker, origin);
}

/* ---- the end of all ---- */

enum feed http2_messages_finish(struct http2_half *half, enum end why, const struct origin *origin)
{
    bool has_sender_stopped = why == END_FIN || why == END_RESET;
    const struct http2_closing closing = {why, ANOMALY_TRUNCATED, has_sender_stopped ? "" : NULL};
    enum feed answer = FEED_OK;
    struct table_node *next;
    for (struct table_node *node = table_oldest(&half->http2->streams); node && answer == FEED_OK;
         node = next) {
        struct http2_stream *stream = (struct http2_stream *)node;
        struct speaker speaker = speaker_of(half, stream);
        next = table_newer(node);
        /* The answer that is waited for may be what a hole took. */
        if (half->dir == DIR_SERVER && !speaker.message->is_seen && is_behind_hole(&speaker))
            note(half, stream->id, &half->hole);
        answer = break_off(half, stream->id, &closing, origin);
    }
    return answer;
}
