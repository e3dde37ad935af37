/* Fields in, a head out. Texts are gathered in one buffer and become spans when it no longer moves.
 * Does not know where the block came from. */
#include "dissector/http/http2_head.h"

#include "dissector/http/http1_start.h"

const struct http2_note_text http2_note_texts[HTTP2_NOTE_N] = {
    [HTTP2_NOTE_MAX_FIELDS] = {ANOMALY_LIMIT, "max_fields"},
    [HTTP2_NOTE_MAX_FIELD_BYTES] = {ANOMALY_LIMIT, "max_field_bytes"},
    [HTTP2_NOTE_FORBIDDEN_BYTE] = {ANOMALY_FIELD_LINE, "NUL, CR or LF in a value"},
    [HTTP2_NOTE_PSEUDO_BEHIND] = {ANOMALY_FIELD_LINE, "a pseudo-header field behind others"},
    [HTTP2_NOTE_PSEUDO_TWICE] = {ANOMALY_FIELD_LINE, "a pseudo-header field twice"},
    [HTTP2_NOTE_PSEUDO_UNKNOWN] = {ANOMALY_FIELD_LINE, "an unknown pseudo-header field"},
    [HTTP2_NOTE_METHOD] = {ANOMALY_FIELD_LINE, ":method is no method"},
    [HTTP2_NOTE_STATUS] = {ANOMALY_FIELD_LINE, ":status is no status"},
};

static const char *const pseudo_names[HTTP2_PSEUDO_N] = {
    [HTTP2_METHOD] = ":method", [HTTP2_PATH] = ":path",         [HTTP2_AUTHORITY] = ":authority",
    [HTTP2_SCHEME] = ":scheme", [HTTP2_PROTOCOL] = ":protocol", [HTTP2_STATUS] = ":status",
};

static unsigned pseudo_find(struct span name)
{
    unsigned i = 0;
    while (i < HTTP2_PSEUDO_N && !span_equal(name, span_str(pseudo_names[i])))
        i++;
    return i;
}

static bool is_pseudo(struct span name)
{
    return name.len > 0 && name.ptr[0] == ':';
}

/* The slot a name's value is kept in; HTTP_FIELD_N + HTTP2_PSEUDO_N: none. */
static unsigned slot_find(struct span name)
{
    if (is_pseudo(name))
        return HTTP_FIELD_N + pseudo_find(name);
    unsigned field = http_field_find(name);
    return field < HTTP_FIELD_N ? field : HTTP_FIELD_N + HTTP2_PSEUDO_N;
}

bool http2_head_keeps(struct span name)
{
    return slot_find(name) < HTTP_FIELD_N + HTTP2_PSEUDO_N;
}

/* A target or method one byte longer than what may be kept of it is still known to be too long. */
static size_t max_bytes_of(const struct http2_head *head, unsigned slot)
{
    if (slot < HTTP_FIELD_N || slot == HTTP_FIELD_N + HTTP2_AUTHORITY)
        return head->limits->max_field_bytes;
    return slot == HTTP_FIELD_N + HTTP2_PATH ? head->limits->max_target_bytes + 1
                                             : HTTP1_MAX_METHOD_BYTES + 1;
}

void http2_head_init(struct http2_head *head, const struct limits *limits)
{
    *head = (struct http2_head){.limits = limits};
    buf_init(&head->text, SIZE_MAX); /* bounded by max_bytes_of each slot, and its beginning */
}

/* Moves the text behind all others, to room for n_bytes. */
static bool make_room(struct http2_head *head, struct http2_text *text, size_t n_bytes)
{
    size_t at = head->text.len;
    if (buf_reserve(&head->text, n_bytes) != BUF_OK)
        return false;
    if (text->len > 0)
        memcpy(head->text.ptr + at, head->text.ptr + text->at, text->len);
    head->text.len += n_bytes;
    text->at = at;
    text->room = n_bytes;
    return true;
}

static void append(struct http2_head *head, struct http2_text *text, struct span bytes)
{
    if (bytes.len > 0)
        memcpy(head->text.ptr + text->at + text->len, bytes.ptr, bytes.len);
    text->len += bytes.len;
}

static bool has_forbidden_byte(struct span value)
{
    return span_find_byte(value, '\0') < value.len || span_find_byte(value, '\r') < value.len ||
           span_find_byte(value, '\n') < value.len;
}

/* Repeated fields are joined with ", " (RFC 9110 §5.3), as far as the limit allows. A byte of a
 * block may repeat the longest value: what nobody will see is not looked at, and a text that grows
 * gets all the room that it may ever need, so that texts that grow in turns are not moved again and
 * again. */
static bool keep(struct http2_head *head, unsigned slot, const struct hpack_field *field)
{
    struct http2_text *text = &head->slots[slot];
    struct span value = field->value, joint = span_str(text->is_present ? ", " : "");
    size_t max = max_bytes_of(head, slot), left = max > text->len ? max - text->len : 0;
    bool is_cut = field->is_value_cut || joint.len + value.len > left;
    joint = span_first(joint, left);
    value = span_first(value, left - joint.len);
    text->is_present = true;
    unsigned field_slot = slot == HTTP_FIELD_N + HTTP2_AUTHORITY ? HTTP_HOST : slot;
    if (field_slot < HTTP_FIELD_N && is_cut) {
        head->head.is_cut[field_slot] = true;
        head->is_noted[HTTP2_NOTE_MAX_FIELD_BYTES] = true;
    }
    head->is_noted[HTTP2_NOTE_FORBIDDEN_BYTE] |= has_forbidden_byte(value);
    size_t n_bytes = joint.len + value.len;
    if (n_bytes > text->room - text->len && !make_room(head, text, text->len > 0 ? max : n_bytes))
        return false;
    append(head, text, joint);
    append(head, text, value);
    return true;
}

static void note_pseudo(struct http2_head *head, unsigned slot)
{
    if (slot == HTTP_FIELD_N + HTTP2_PSEUDO_N)
        head->is_noted[HTTP2_NOTE_PSEUDO_UNKNOWN] = true;
    else if (slot == HTTP_FIELD_N + HTTP2_STATUS)
        head->is_response = true;
    else
        head->is_request = true;
    if (head->has_regular)
        head->is_noted[HTTP2_NOTE_PSEUDO_BEHIND] = true;
}

bool http2_head_add(struct http2_head *head, const struct hpack_field *field)
{
    struct span name = field->name;
    unsigned slot = slot_find(name);
    bool is_kept = slot < HTTP_FIELD_N + HTTP2_PSEUDO_N;
    if (!name.ptr) {
        head->has_unknown = true;
        return true;
    }
    if (++head->n_fields > head->limits->max_fields) {
        head->is_noted[HTTP2_NOTE_MAX_FIELDS] = true;
        return true;
    }
    if (is_pseudo(name))
        note_pseudo(head, slot);
    else
        head->has_regular = true;
    http_head_note_secret(&head->head, name, field->fingerprint);
    if (!is_kept)
        return true;
    if (is_pseudo(name) && head->slots[slot].is_present) {
        head->is_noted[HTTP2_NOTE_PSEUDO_TWICE] = true;
        return true;
    }
    return keep(head, slot, field);
}

void http2_head_cut(struct http2_head *head)
{
    head->has_unknown = true;
}

static struct span text_of(const struct http2_head *head, unsigned slot)
{
    const struct http2_text *text = &head->slots[slot];
    if (!text->is_present)
        return span_of(NULL, 0);
    return text->len > 0 ? span_of(head->text.ptr + text->at, text->len) : span_str("");
}

static void set_status(struct http2_head *head)
{
    struct span text = text_of(head, HTTP_FIELD_N + HTTP2_STATUS);
    uint64_t status = 0;
    bool is_status = text.len == 3 && span_decimal(text, 999, &status) && status >= 100;
    head->is_noted[HTTP2_NOTE_STATUS] = text.ptr && !is_status;
    head->head.status = (uint16_t)(is_status ? status : 0);
}

static bool is_method(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!http1_is_token_byte(text.ptr[i]))
            return false;
    return text.len > 0 && text.len <= HTTP1_MAX_METHOD_BYTES;
}

/* CONNECT without :protocol has the authority alone as its target (RFC 9113 §8.5). */
static void set_request(struct http2_head *head)
{
    struct span authority = text_of(head, HTTP_FIELD_N + HTTP2_AUTHORITY);
    struct span method = text_of(head, HTTP_FIELD_N + HTTP2_METHOD);
    head->is_noted[HTTP2_NOTE_METHOD] = method.ptr && !is_method(method);
    if (is_method(method))
        head->head.method = method;
    head->head.target = text_of(head, HTTP_FIELD_N + HTTP2_PATH);
    if (!head->head.target.ptr && span_equal(head->head.method, span_str("CONNECT")))
        head->head.target = authority;
    if (authority.ptr)
        head->head.fields[HTTP_HOST] = authority;
}

void http2_head_finish(struct http2_head *head)
{
    for (unsigned i = 0; i < HTTP_FIELD_N; i++)
        head->head.fields[i] = text_of(head, i);
    head->head.version_major = 2;
    head->head.is_partial = head->has_unknown;
    head->has_length =
        span_decimal(head->head.fields[HTTP_CONTENT_LENGTH], INT64_MAX, &head->head.content_length);
    set_status(head);
    set_request(head);
}

enum http2_block_kind http2_head_kind(const struct http2_head *head)
{
    if (head->is_request != head->is_response)
        return head->is_request ? HTTP2_BLOCK_REQUEST : HTTP2_BLOCK_RESPONSE;
    return head->has_unknown ? HTTP2_BLOCK_UNKNOWN : HTTP2_BLOCK_TRAILERS;
}

void http2_head_free(struct http2_head *head)
{
    buf_free(&head->text);
}
