/* SPDX-License-Identifier: GPL-2.0-or-later */
/* STREAM frames into streams, streams into messages; see http3.h. */
#include "dissector/wireshark/http3.h"

#include "dissector/http/http3_stream.h"
#include "dissector/http/qpack.h"
#include "dissector/wireshark/joined_body.h"

enum { SETTING_QPACK_MAX_TABLE_CAPACITY = 1 };

/* Heads that wait for the encoder; servers allow 16 to 100. More are read at once, as far as that
 * can be done. */
enum { MAX_WAITING = 256 };

/* Streams that the sides open for themselves stay open; each has three, and a few to test that
 * others are passed over (RFC 9114 §6.2). */
enum { MAX_OWN_STREAMS = 64 };

/* The two lowest bits of a stream's number, RFC 9000 §2.1. Nothing of HTTP/3 is on streams for both
 * that the server opens. */
enum { STREAM_OF_SERVER = 1, STREAM_UNIDIRECTIONAL = 2 };

/* One direction of a stream. */
struct half {
    struct http3 *http3;
    uint64_t id;
    enum dir dir;
    struct http3_stream stream;
    struct buf waiting; /* a head that names what the encoder stream has not brought */
    bool is_waiting, has_head, wants_body, is_over;
    bool is_limited; /* the body is larger than what is joined */
    struct span encoding;
    struct buf raw;             /* the body as sent */
    struct http3_note *note;    /* that it waits */
    struct half *older, *newer; /* of its list */
    struct half *next_waiting;
};

/* Open ones. */
struct half_list {
    struct half *oldest, *newest;
    size_t n, max;
};

struct http3 {
    struct qpack qpack[2];    /* what each side's heads are read with */
    wmem_map_t *halves[2];    /* by the stream's number */
    struct half_list open[2]; /* for both sides, for one */
    struct half *first_waiting;
    size_t n_waiting;
    bool knows_client;
    address client;
    uint32_t client_port;
    /* while a piece is taken */
    packet_info *pinfo;
    const struct http3_calls *calls;
    void *ctx;
};

/* ---- heads ---- */

static struct message message_of(const struct half *half)
{
    return (struct message){
        .is_request = half->dir == DIR_CLIENT,
        .is_response = half->dir == DIR_SERVER,
        .stream = (uint32_t)(half->id >> 2),
    };
}

static struct span copy(struct half *half, struct span text)
{
    wmem_allocator_t *pool = half->http3->pinfo->pool;
    return text.ptr ? span_of(wmem_strndup(pool, (const char *)text.ptr, text.len), text.len)
                    : text;
}

static struct http3_note *tell(struct half *half, enum http3_note_kind kind)
{
    const struct http3 *http3 = half->http3;
    struct http3_note *note = wmem_new0(wmem_file_scope(), struct http3_note);
    note->kind = kind;
    note->stream_id = half->id;
    http3->calls->note(http3->ctx, note);
    return note;
}

static void take_head(struct half *half, const struct message *message)
{
    struct span encoding = message->content_encoding;
    half->has_head = true;
    half->encoding =
        span_of(wmem_memdup(wmem_file_scope(), encoding.ptr, encoding.len), encoding.len);
    half->wants_body = half->http3->calls->head(half->http3->ctx, message);
    if (!half->wants_body)
        buf_free(&half->raw);
}

/* Of the section that qpack_begin was given. */
static void read_head(struct half *half)
{
    struct qpack *qpack = &half->http3->qpack[half->dir];
    struct message message = message_of(half);
    struct hpack_field field;
    while (qpack_next(qpack, &field) == HPACK_FIELD)
        message_add_field(&message, copy(half, field.name), copy(half, field.value));
    bool is_interim = message.status >= 100 && message.status < 200;
    if (!is_interim)
        take_head(half, &message);
}

static bool let_wait(struct half *half, struct span section)
{
    struct http3 *http3 = half->http3;
    if (http3->n_waiting >= MAX_WAITING || buf_append(&half->waiting, section) != BUF_OK) {
        (void)tell(half, HTTP3_NOTE_PARTIAL);
        return false;
    }
    half->note = tell(half, HTTP3_NOTE_WAITS);
    half->is_waiting = true;
    half->next_waiting = http3->first_waiting;
    http3->first_waiting = half;
    http3->n_waiting++;
    return true;
}

/* What comes behind a final head are trailers. */
static void on_section(void *ctx, struct span section)
{
    struct half *half = ctx;
    struct qpack *qpack = &half->http3->qpack[half->dir];
    if (half->has_head || half->is_waiting)
        return;
    if (!qpack_begin(qpack, section)) {
        struct message unreadable = message_of(half);
        take_head(half, &unreadable);
    } else if (qpack_is_ready(qpack) || !let_wait(half, section)) {
        read_head(half);
    }
}

/* ---- bodies ---- */

static void on_data(void *ctx, struct span bytes)
{
    struct half *half = ctx;
    bool is_wanted = half->is_waiting || (half->has_head && half->wants_body);
    if (is_wanted && !half->is_limited)
        half->is_limited = buf_append(&half->raw, bytes) != BUF_OK;
}

static struct half_list *list_of(struct half *half)
{
    return &half->http3->open[half->id & STREAM_UNIDIRECTIONAL ? 1 : 0];
}

static void forget(struct half *half)
{
    struct half_list *list = list_of(half);
    *(half->older ? &half->older->newer : &list->oldest) = half->newer;
    *(half->newer ? &half->newer->older : &list->newest) = half->older;
    list->n--;
    http3_stream_free(&half->stream);
    buf_free(&half->waiting);
    buf_free(&half->raw);
    half->is_over = true;
}

static void end(struct half *half)
{
    struct joined_body body;
    struct message message = message_of(half);
    joined_body_init(&body, buf_span(&half->raw), half->encoding);
    if (half->is_limited)
        body.cut_reason = "limit";
    else if (!http3_stream_is_whole(&half->stream))
        body.cut_reason = "wire-truncated";
    message.joined = buf_span(&body.content);
    message.cut_reason = body.cut_reason;
    half->http3->calls->end(half->http3->ctx, &message);
    joined_body_free(&body);
    forget(half);
}

static void end_if_over(struct half *half)
{
    if (half->has_head && http3_stream_has_ended(&half->stream))
        end(half);
}

/* ---- what a side says of itself ---- */

static void on_setting(void *ctx, uint64_t id, uint64_t value)
{
    const struct half *half = ctx;
    if (id == SETTING_QPACK_MAX_TABLE_CAPACITY)
        qpack_allow(&half->http3->qpack[dir_other(half->dir)], value);
}

/* False: it goes on waiting. */
static bool read_waiting(struct half *half)
{
    struct qpack *qpack = &half->http3->qpack[half->dir];
    if (!half->is_over) {
        (void)qpack_begin(qpack, buf_span(&half->waiting));
        if (!qpack_is_ready(qpack))
            return false;
        half->is_waiting = false;
        half->note->is_settled = true;
        read_head(half);
        buf_free(&half->waiting);
        end_if_over(half);
    }
    half->http3->n_waiting--;
    return true;
}

static void read_all_waiting(struct http3 *http3, enum dir dir)
{
    for (struct half **place = &http3->first_waiting; *place;) {
        struct half *waiting = *place;
        if (waiting->dir == dir && read_waiting(waiting))
            *place = waiting->next_waiting;
        else
            place = &waiting->next_waiting;
    }
}

static void on_encoder(void *ctx, struct span bytes)
{
    const struct half *half = ctx;
    qpack_insert(&half->http3->qpack[half->dir], bytes);
    read_all_waiting(half->http3, half->dir);
}

/* What heads wait for does not come any more: they are read as far as that can be done. Of an
 * answer what came is told. */
static void give_up(struct half *half)
{
    (void)tell(half, HTTP3_NOTE_GIVEN_UP);
    if (http3_stream_is_encoder(&half->stream)) {
        qpack_lose(&half->http3->qpack[half->dir]);
        read_all_waiting(half->http3, half->dir);
    }
    half->is_limited = true;
    if (half->has_head && half->dir == DIR_SERVER)
        end(half);
    else
        forget(half);
}

static const struct http3_ops ops = {on_section, on_data, on_setting, on_encoder};

/* ---- connections ---- */

static gboolean free_all(wmem_allocator_t *allocator, wmem_cb_event_t event, void *data)
{
    struct http3 *http3 = data;
    (void)allocator, (void)event;
    for (size_t i = 0; i < 2; i++)
        while (http3->open[i].oldest)
            forget(http3->open[i].oldest);
    qpack_free(&http3->qpack[DIR_CLIENT]);
    qpack_free(&http3->qpack[DIR_SERVER]);
    return FALSE;
}

struct http3 *http3_new(size_t max_streams)
{
    const struct hpack_params params = {
        .max_table_bytes = limits_default.max_header_table_bytes,
        .max_value_bytes = limits_default.max_target_bytes,
        .keeps = message_keeps_field,
    };
    struct http3 *http3 = wmem_new0(wmem_file_scope(), struct http3);
    http3->open[0].max = max_streams;
    http3->open[1].max = MAX_OWN_STREAMS;
    for (int dir = 0; dir < 2; dir++) {
        qpack_init(&http3->qpack[dir], &params, limits_default.max_head_bytes);
        http3->halves[dir] = wmem_map_new(wmem_file_scope(), g_int64_hash, g_int64_equal);
    }
    wmem_register_callback(wmem_file_scope(), free_all, http3);
    return http3;
}

static struct half *half_of(struct http3 *http3, enum dir dir, uint64_t id)
{
    struct half *half = wmem_map_lookup(http3->halves[dir], &id);
    if (half)
        return half;
    half = wmem_new0(wmem_file_scope(), struct half);
    half->http3 = http3;
    half->id = id;
    half->dir = dir;
    struct half_list *list = list_of(half);
    if (list->oldest && list->n >= list->max)
        give_up(list->oldest);
    half->older = list->newest;
    *(list->newest ? &list->newest->newer : &list->oldest) = half;
    list->newest = half;
    list->n++;
    http3_stream_init(&half->stream, &limits_default, !(id & STREAM_UNIDIRECTIONAL),
                      (struct http3_sink){&ops, half});
    buf_init(&half->waiting, limits_default.max_head_bytes);
    buf_init(&half->raw, JOINED_BODY_MAX_BYTES);
    wmem_map_insert(http3->halves[dir], &half->id, half);
    return half;
}

/* A side opens streams of its own, on which nobody else sends; where it is not known yet, the first
 * to send on one for both is the client. */
static enum dir dir_of(struct http3 *http3, uint64_t id, const packet_info *pinfo)
{
    if (!http3->knows_client) {
        bool is_server = id & STREAM_OF_SERVER;
        copy_address_wmem(wmem_file_scope(), &http3->client, is_server ? &pinfo->dst : &pinfo->src);
        http3->client_port = is_server ? pinfo->destport : pinfo->srcport;
        http3->knows_client = true;
    }
    bool is_client =
        http3->client_port == pinfo->srcport && addresses_equal(&http3->client, &pinfo->src);
    return is_client ? DIR_CLIENT : DIR_SERVER;
}

void http3_take(struct http3 *http3, const struct message *piece, packet_info *pinfo,
                const struct http3_calls *calls, void *ctx)
{
    uint64_t id = piece->stream_id;
    if ((id & STREAM_OF_SERVER) && !(id & STREAM_UNIDIRECTIONAL))
        return;
    http3->pinfo = pinfo;
    http3->calls = calls;
    http3->ctx = ctx;
    struct half *half = half_of(http3, dir_of(http3, id, pinfo), id);
    if (half->is_over)
        return;
    if (http3_stream_feed(&half->stream, &piece->piece) != FEED_OK)
        give_up(half);
    else
        end_if_over(half);
}
