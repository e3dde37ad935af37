/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exchanges of connections; see pairing.h. An exchange is allocated when its request or, without
 * one, its response is seen, and given back at once when its answer cannot be a document; the rest
 * is freed when the host closes the capture file. */
#include "dissector/wireshark/pairing.h"

#include <epan/conversation.h>
#include <epan/proto_data.h>

/* What is kept of a frame. */
enum { KEY_ANSWERS, KEY_NOTES };

/* Of a frame: a hostile one may have thousands, of which these say enough. */
enum { MAX_NOTES = 100 };

struct note_list {
    struct http3_note *first, *last;
    size_t n;
};

struct connection {
    struct exchange *first, *last; /* HTTP/1: requests that wait for their answer */
    bool is_after_loss;
    bool lacks_request;  /* HTTP/1: the next answer is to one that was not seen */
    wmem_map_t *streams; /* HTTP/2 and 3: struct exchange by stream */
    struct http3 *http3; /* NULL: not that */
};

static int owner = -1;

void pairing_init(int protocol)
{
    owner = protocol;
    register_cleanup_routine(exchange_free_all);
}

/* ---- answers ---- */

/* Which of the frame's data sources it is; -1: none. */
static int source_number(const packet_info *pinfo, const tvbuff_t *tvb)
{
    int number = 0;
    for (GSList *item = pinfo->data_src; item; item = item->next, number++)
        if (get_data_source_tvb(item->data) == tvb)
            return number;
    return -1;
}

/* Without a coding the length that was announced tells what is missing. The host shows no body at
 * all when it cannot undo the coding. */
static void find_missing(struct answer *answer, const packet_info *pinfo)
{
    const struct exchange *exchange = answer->exchange;
    if (answer->cut_reason)
        return;
    if (exchange->content_encoding.len > 0) {
        answer->cut_reason = answer->has_body ? NULL : "coding-unknown";
        return;
    }
    if (exchange->has_pieces && !answer->has_body) {
        answer->cut_reason = "capture-gap"; /* or trailers, behind which the host joins nothing */
        return;
    }
    uint64_t n = (uint64_t)(answer->has_body ? answer->length : 0);
    if (!exchange->has_content_length || exchange->content_length <= n)
        return;
    answer->missing_bytes = exchange->content_length - n;
    answer->cut_reason = pinfo->fd->cap_len < pinfo->fd->pkt_len ? "snaplen" : "capture-gap";
}

static void add_answer(packet_info *pinfo, struct answer *answer)
{
    struct answer *before = pairing_answers(pinfo);
    while (before && before->next)
        before = before->next;
    if (before)
        before->next = answer;
    else
        p_add_proto_data(wmem_file_scope(), pinfo, owner, KEY_ANSWERS, answer);
}

static void keep_joined(struct answer *answer, struct span body)
{
    if (body.len == 0)
        return;
    answer->joined = wmem_memdup(wmem_file_scope(), body.ptr, body.len);
    answer->length = (int)body.len;
    answer->has_body = true;
}

/* The response is wholly here; exchange is given over. */
static void take_answer(struct exchange *exchange, const struct message *message,
                        packet_info *pinfo)
{
    if (!exchange_may_be_document(exchange)) {
        exchange_free(exchange);
        return;
    }
    struct answer *answer = wmem_new0(wmem_file_scope(), struct answer);
    answer->exchange = exchange;
    answer->source = message->body.source ? source_number(pinfo, message->body.source) : -1;
    answer->has_body = answer->source >= 0 && message->body.length > 0;
    answer->start = message->body.start;
    answer->length = message->body.length;
    answer->cut_reason = message->cut_reason;
    keep_joined(answer, message->joined);
    find_missing(answer, pinfo);
    add_answer(pinfo, answer);
}

/* ---- connections ---- */

static struct connection *connection_of(packet_info *pinfo)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    struct connection *connection = conversation_get_proto_data(conversation, owner);
    if (!connection) {
        connection = wmem_new0(wmem_file_scope(), struct connection);
        connection->streams = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
        conversation_add_proto_data(conversation, owner, connection);
    }
    return connection;
}

static struct exchange *next_pending(struct connection *connection)
{
    struct exchange *exchange = connection->first;
    if (!exchange)
        return NULL;
    connection->first = exchange->pending;
    if (!connection->first)
        connection->last = NULL;
    return exchange;
}

static void forget_pending(struct connection *connection)
{
    while (connection->first)
        exchange_free(next_pending(connection));
}

/* What the host says of the frame that is taken next. An answer is lost, and a request that was
 * sent behind it: those that are known were answered. */
static void take_loss(struct connection *connection, struct message_loss loss,
                      const packet_info *pinfo)
{
    const struct exchange *newest = connection->last;
    bool is_from_server = newest && newest->client_port != pinfo->srcport;
    connection->is_after_loss |= loss.is_before || loss.is_of_other;
    connection->lacks_request |= is_from_server && loss.is_before && loss.is_of_other;
}

static void take_request(struct connection *connection, const struct message *message,
                         packet_info *pinfo)
{
    struct exchange *exchange = exchange_new();
    exchange_take_request_head(exchange, message, pinfo);
    exchange_take_request_body(exchange, message);
    if (connection->is_after_loss)
        forget_pending(connection);
    connection->is_after_loss = connection->lacks_request = false;
    if (connection->last)
        connection->last->pending = exchange;
    else
        connection->first = exchange;
    connection->last = exchange;
}

/* The host takes what follows the answer to a HEAD for its body, when other requests were sent
 * before the answer came: then it is the next answer. */
static bool is_to_head(const struct exchange *exchange)
{
    return span_equal(exchange->request.method, span_str("HEAD"));
}

static void take_response(struct connection *connection, const struct message *message,
                          packet_info *pinfo)
{
    if (message->status < 200)
        return;
    if (connection->lacks_request)
        forget_pending(connection);
    connection->lacks_request = false;
    struct exchange *exchange = next_pending(connection);
    if (!exchange)
        exchange = exchange_new();
    bool has_swallowed = is_to_head(exchange) && message->body.source;
    exchange_take_response_head(exchange, message);
    take_answer(exchange, message, pinfo);
    if (has_swallowed && connection->first)
        exchange_free(next_pending(connection));
}

static struct exchange *stream_exchange(struct connection *connection, uint32_t stream)
{
    void *key = GUINT_TO_POINTER(stream);
    struct exchange *exchange = wmem_map_lookup(connection->streams, key);
    if (!exchange) {
        exchange = exchange_new();
        wmem_map_insert(connection->streams, key, exchange);
    }
    return exchange;
}

/* The host shows every piece of a body, and the whole where the stream ends. */
static void take_stream(struct connection *connection, const struct message *message,
                        packet_info *pinfo)
{
    bool has_something = message->is_request || message->is_response || message->body.source;
    if (message->stream == 0 || (!has_something && !message->is_end))
        return;
    struct exchange *exchange = stream_exchange(connection, message->stream);
    if (message->is_request)
        exchange_take_request_head(exchange, message, pinfo);
    if (message->is_response && message->status >= 200)
        exchange_take_response_head(exchange, message);
    bool is_from_client = exchange->client_port == pinfo->srcport;
    if (!is_from_client)
        exchange->has_pieces |= message->body.source != NULL;
    if (!message->is_end)
        return;
    if (is_from_client) {
        exchange_take_request_body(exchange, message);
        return;
    }
    wmem_map_remove(connection->streams, GUINT_TO_POINTER(message->stream));
    if (exchange->status > 0)
        take_answer(exchange, message, pinfo);
    else
        exchange_free(exchange);
}

/* ---- HTTP/3 ---- */

struct taking {
    struct connection *connection;
    packet_info *pinfo;
};

static bool on_head(void *ctx, const struct message *message)
{
    const struct taking *taking = ctx;
    struct exchange *exchange = stream_exchange(taking->connection, message->stream);
    if (message->is_request) {
        exchange_take_request_head(exchange, message, taking->pinfo);
        return exchange_wants_request_body(exchange);
    }
    exchange_take_response_head(exchange, message);
    return exchange_may_be_document(exchange);
}

static void on_end(void *ctx, const struct message *message)
{
    const struct taking *taking = ctx;
    wmem_map_t *streams = taking->connection->streams;
    struct exchange *exchange = wmem_map_lookup(streams, GUINT_TO_POINTER(message->stream));
    if (!exchange)
        return;
    if (message->is_request) {
        exchange_take_request_body(exchange, message);
        return;
    }
    wmem_map_remove(streams, GUINT_TO_POINTER(message->stream));
    take_answer(exchange, message, taking->pinfo);
}

static struct note_list *notes_of(packet_info *pinfo)
{
    return p_get_proto_data(wmem_file_scope(), pinfo, owner, KEY_NOTES);
}

static void on_note(void *ctx, struct http3_note *note)
{
    const struct taking *taking = ctx;
    struct note_list *list = notes_of(taking->pinfo);
    if (!list) {
        list = wmem_new0(wmem_file_scope(), struct note_list);
        p_add_proto_data(wmem_file_scope(), taking->pinfo, owner, KEY_NOTES, list);
    }
    if (list->n++ >= MAX_NOTES)
        return;
    *(list->last ? &list->last->next : &list->first) = note;
    list->last = note;
}

static void take_piece(struct connection *connection, const struct message *piece,
                       packet_info *pinfo, size_t max_streams)
{
    static const struct http3_calls calls = {on_head, on_end, on_note};
    struct taking taking = {connection, pinfo};
    if (!connection->http3)
        connection->http3 = http3_new(max_streams);
    http3_take(connection->http3, piece, pinfo, &calls, &taking);
}

void pairing_take(packet_info *pinfo, proto_tree *tree, size_t max_streams)
{
    struct message_loss loss = message_loss(tree);
    struct message_list list = message_list(pinfo, tree);
    if (!loss.is_before && !loss.is_of_other && list.n == 0)
        return;
    struct connection *connection = connection_of(pinfo);
    take_loss(connection, loss, pinfo);
    for (size_t i = 0; i < list.n; i++) {
        const struct message *message = &list.items[i];
        if (message->is_piece)
            take_piece(connection, message, pinfo, max_streams);
        else if (message->is_http2)
            take_stream(connection, message, pinfo);
        else if (message->is_request)
            take_request(connection, message, pinfo);
        else
            take_response(connection, message, pinfo);
    }
}

/* ---- what is kept of a frame ---- */

struct answer *pairing_answers(packet_info *pinfo)
{
    return p_get_proto_data(wmem_file_scope(), pinfo, owner, KEY_ANSWERS);
}

const struct http3_note *pairing_notes(packet_info *pinfo)
{
    const struct note_list *list = notes_of(pinfo);
    return list ? list->first : NULL;
}

/* The host shows as bytes of the frame only what is a data source of it. */
static tvbuff_t *show_joined(packet_info *pinfo, const struct answer *answer)
{
    tvbuff_t *frame = get_data_source_tvb(pinfo->data_src->data);
    unsigned length = (unsigned)answer->length;
    tvbuff_t *body = tvb_new_child_real_data(frame, answer->joined, length, answer->length);
    add_new_data_source(pinfo, body, "HTTP/3 body");
    return body;
}

tvbuff_t *pairing_body(packet_info *pinfo, const struct answer *answer)
{
    if (!answer->has_body)
        return NULL;
    if (answer->joined)
        return show_joined(pinfo, answer);
    GSList *item = g_slist_nth(pinfo->data_src, (unsigned)answer->source);
    tvbuff_t *source = item ? get_data_source_tvb(item->data) : NULL;
    if (!source || (int)tvb_captured_length(source) < answer->start + answer->length)
        return NULL;
    return tvb_new_subset_length(source, answer->start, answer->length);
}

void pairing_forget_body(struct answer *answer)
{
    wmem_free(wmem_file_scope(), answer->joined);
    answer->joined = NULL;
    answer->has_body = false;
}
