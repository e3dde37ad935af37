/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One walk over a frame's tree; see message.h. A table says which field means what. The values are
 * taken from the buffers, not from the tree, so they are what was sent, not what is displayed. */
#include "dissector/wireshark/message.h"

#include "dissector/base/reader.h"

struct walk {
    wmem_array_t *messages;
    struct span name; /* of the HTTP/2 header field whose value comes next */
    bool is_end;
};

static struct span bytes_of(const field_info *field)
{
    tvbuff_t *tvb = field->ds_tvb;
    if (!tvb || field->start < 0 || field->length <= 0)
        return (struct span){NULL, 0};
    size_t captured = tvb_captured_length(tvb);
    size_t start = (size_t)field->start, length = (size_t)field->length;
    if (start >= captured)
        return (struct span){NULL, 0};
    length = MIN(length, captured - start);
    return span_of(tvb_get_ptr(tvb, (int)start, (int)length), length);
}

static struct message *last_message(const struct walk *walk)
{
    unsigned n = wmem_array_get_count(walk->messages);
    return n > 0 ? wmem_array_index(walk->messages, n - 1) : NULL;
}

static struct message *add_message(struct walk *walk)
{
    struct message message = {0};
    wmem_array_append_one(walk->messages, message);
    return last_message(walk);
}

static uint16_t status_of(struct span text)
{
    uint64_t status = 0;
    return span_decimal(text, 999, &status) ? (uint16_t)status : 0;
}

static struct span *field_of(struct message *message, struct span name)
{
    enum request_field field = request_field_find(name);
    if (field < REQUEST_FIELD_N)
        return &message->head.fields[field];
    if (span_equal_nocase(name, span_str("content-type")))
        return &message->content_type;
    if (span_equal_nocase(name, span_str("content-encoding")))
        return &message->content_encoding;
    if (span_equal_nocase(name, span_str("content-length")))
        return &message->content_length;
    return NULL;
}

static void take_header(struct message *message, struct span name, struct span value)
{
    struct span *field = field_of(message, name);
    if (field)
        *field = value;
}

void message_add_field(struct message *message, struct span name, struct span value)
{
    if (span_equal(name, span_str(":method"))) {
        message->is_request = true;
        message->head.method = value;
    } else if (span_equal(name, span_str(":path"))) {
        message->head.target = value;
    } else if (span_equal(name, span_str(":authority"))) {
        message->head.fields[REQUEST_HOST] = value;
    } else if (span_equal(name, span_str(":status"))) {
        message->is_response = true;
        message->status = status_of(value);
    } else {
        take_header(message, name, value);
    }
}

bool message_keeps_field(struct span name)
{
    struct message message = {0};
    bool is_pseudo = name.len > 0 && name.ptr[0] == ':';
    return is_pseudo || field_of(&message, name);
}

/* ---- HTTP/1 ---- */

static void take_method(struct walk *walk, const field_info *field)
{
    struct message *message = add_message(walk);
    message->is_request = true;
    message->head.method = bytes_of(field);
}

static void take_target(struct walk *walk, const field_info *field)
{
    struct message *message = last_message(walk);
    if (message && message->is_request && !message->head.target.ptr)
        message->head.target = bytes_of(field);
}

static void take_status(struct walk *walk, const field_info *field)
{
    struct message *message = add_message(walk);
    message->is_response = true;
    message->status = status_of(bytes_of(field));
}

static void take_line(struct walk *walk, const field_info *field)
{
    struct message *message = last_message(walk);
    struct span line = bytes_of(field);
    size_t colon = span_find_byte(line, ':');
    if (message)
        take_header(message, span_first(line, colon), span_trim(span_after(line, colon + 1)));
}

static void take_body(struct walk *walk, const field_info *field)
{
    struct message *message = last_message(walk);
    if (message && !message->body.source)
        message->body = (struct message_body){field->ds_tvb, field->start, field->length};
}

/* ---- HTTP/2; the flags stand before the stream number ---- */

static void take_end_flag(struct walk *walk, const field_info *field)
{
    struct span flags = bytes_of(field);
    walk->is_end = flags.len > 0 && (flags.ptr[0] & 1) != 0;
}

static void take_stream(struct walk *walk, const field_info *field)
{
    struct span number = bytes_of(field);
    struct message *message = add_message(walk);
    message->is_http2 = true;
    message->is_end = walk->is_end;
    walk->is_end = false;
    for (size_t i = 0; i < number.len; i++)
        message->stream = message->stream << 8 | number.ptr[i];
    message->stream &= 0x7fffffff;
}

static void take_header_name(struct walk *walk, const field_info *field)
{
    walk->name = bytes_of(field);
}

static void take_header_value(struct walk *walk, const field_info *field)
{
    struct message *message = last_message(walk);
    struct span name = walk->name, value = span_trim(bytes_of(field));
    walk->name = (struct span){NULL, 0};
    if (message)
        message_add_field(message, name, value);
}

/* ---- QUIC; the type of the frame, which holds the flags, stands before the stream number ---- */

static uint64_t number_of(const field_info *field)
{
    struct reader bytes = reader_of(bytes_of(field));
    return reader_varint(&bytes);
}

static void take_quic_stream(struct walk *walk, const field_info *field)
{
    struct message *message = add_message(walk);
    message->is_piece = true;
    message->stream_id = number_of(field);
    message->piece.is_end = walk->is_end;
    walk->is_end = false;
}

static void take_quic_offset(struct walk *walk, const field_info *field)
{
    struct message *message = last_message(walk);
    if (message)
        message->piece.offset = number_of(field);
}

static void take_quic_data(struct walk *walk, const field_info *field)
{
    struct message *message = last_message(walk);
    if (message)
        message->piece.bytes = bytes_of(field);
}

static const struct {
    const char *name;
    void (*take)(struct walk *walk, const field_info *field);
    bool is_head; /* without one of these a frame has no message */
} fields[] = {
    {"http.request.method", take_method, true},
    {"http.request.uri", take_target, false},
    {"http.request.line", take_line, false},
    {"http.response.code", take_status, true},
    {"http.response.line", take_line, false},
    {"http.file_data", take_body, false},
    {"http2.flags.end_stream", take_end_flag, false},
    {"http2.streamid", take_stream, true},
    {"http2.header.name", take_header_name, false},
    {"http2.header.value", take_header_value, false},
    {"http2.data.data", take_body, false},
    {"quic.stream.fin", take_end_flag, false},
    {"quic.stream.stream_id", take_quic_stream, true},
    {"quic.stream.offset", take_quic_offset, false},
    {"quic.stream_data", take_quic_data, false},
};

enum { LOST_BEFORE, LOST_OF_OTHER };
static const char *const loss_names[] = {
    [LOST_BEFORE] = "tcp.analysis.lost_segment",
    [LOST_OF_OTHER] = "tcp.analysis.ack_lost_segment",
};

/* As the host numbers them; -1: it does not know the field. */
static int ids[G_N_ELEMENTS(fields)];
static int loss_ids[G_N_ELEMENTS(loss_names)];

void message_init(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        ids[i] = proto_registrar_get_id_byname(fields[i].name);
    for (size_t i = 0; i < G_N_ELEMENTS(loss_names); i++)
        loss_ids[i] = proto_registrar_get_id_byname(loss_names[i]);
}

static void want(GArray *wanted, const int *numbers, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (numbers[i] > 0)
            g_array_append_val(wanted, numbers[i]);
}

GArray *message_wanted_fields(void)
{
    GArray *wanted = g_array_new(FALSE, FALSE, sizeof(int));
    want(wanted, ids, G_N_ELEMENTS(ids));
    want(wanted, loss_ids, G_N_ELEMENTS(loss_ids));
    return wanted;
}

static bool has_field(proto_tree *tree, int id)
{
    GPtrArray *found = id > 0 ? proto_get_finfo_ptr_array(tree, id) : NULL;
    return found && found->len > 0;
}

static void visit(proto_node *node, void *data)
{
    struct walk *walk = data;
    const field_info *field = PNODE_FINFO(node);
    for (size_t i = 0; field && i < G_N_ELEMENTS(fields); i++) {
        if (field->hfinfo->id == ids[i]) {
            fields[i].take(walk, field);
            break;
        }
    }
    proto_tree_children_foreach(node, visit, walk);
}

struct message_list message_list(packet_info *pinfo, proto_tree *tree)
{
    bool has_head = false;
    for (size_t i = 0; i < G_N_ELEMENTS(fields) && !has_head; i++)
        has_head = fields[i].is_head && has_field(tree, ids[i]);
    if (!has_head)
        return (struct message_list){NULL, 0};
    struct walk walk = {.messages = wmem_array_new(pinfo->pool, sizeof(struct message))};
    proto_tree_children_foreach(tree, visit, &walk);
    return (struct message_list){wmem_array_get_raw(walk.messages),
                                 wmem_array_get_count(walk.messages)};
}

struct message_loss message_loss(proto_tree *tree)
{
    return (struct message_loss){.is_before = has_field(tree, loss_ids[LOST_BEFORE]),
                                 .is_of_other = has_field(tree, loss_ids[LOST_OF_OTHER])};
}
