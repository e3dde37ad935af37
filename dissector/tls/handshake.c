/* Handshake messages out of record contents, and the fields of hellos; see handshake.h. Judges
 * nothing: a hello that breaks off tells what it told so far. */
#include "dissector/tls/handshake.h"

#include "dissector/base/reader.h"

enum extension {
    EXTENSION_SERVER_NAME = 0,
    EXTENSION_ALPN = 16,
    EXTENSION_ENCRYPT_THEN_MAC = 22,
    EXTENSION_EXTENDED_MASTER_SECRET = 23,
    EXTENSION_SESSION_TICKET = 35,
    EXTENSION_EARLY_DATA = 42,
    EXTENSION_SUPPORTED_VERSIONS = 43,
};

/* ---- messages ---- */

static bool is_of_use(uint8_t type)
{
    switch (type) {
    case HANDSHAKE_CLIENT_HELLO:
    case HANDSHAKE_SERVER_HELLO:
    case HANDSHAKE_NEW_SESSION_TICKET:
    case HANDSHAKE_END_OF_EARLY_DATA:
    case HANDSHAKE_ENCRYPTED_EXTENSIONS:
    case HANDSHAKE_CLIENT_KEY_EXCHANGE:
    case HANDSHAKE_FINISHED:
    case HANDSHAKE_KEY_UPDATE:
        return true;
    default:
        return false;
    }
}

static size_t message_bytes(struct span header)
{
    return HANDSHAKE_HEADER_BYTES +
           ((size_t)header.ptr[1] << 16 | (size_t)header.ptr[2] << 8 | header.ptr[3]);
}

static void take_message(struct span whole, struct handshake_message *message)
{
    message->type = (enum handshake_type)whole.ptr[0];
    message->whole = whole;
    message->body = span_after(whole, HANDSHAKE_HEADER_BYTES);
}

static void pass_over(struct handshake *handshake, struct span *content)
{
    size_t n = handshake->left_bytes < content->len ? handshake->left_bytes : content->len;
    handshake->left_bytes -= (uint32_t)n;
    *content = span_after(*content, n);
}

/* Moves up to n bytes from *content behind what is kept. */
static bool keep(struct handshake *handshake, struct span *content, size_t n)
{
    struct span piece = span_first(*content, n);
    *content = span_after(*content, piece.len);
    return buf_append(&handshake->kept, piece) == BUF_OK;
}

/* The header is kept: decides whether its message is. False: it is passed over. */
static bool is_wanted(struct handshake *handshake)
{
    struct span header = buf_span(&handshake->kept);
    size_t n = message_bytes(header);
    if ((handshake->wants_all || is_of_use(header.ptr[0])) && n <= handshake->kept.max_bytes)
        return true;
    handshake->left_bytes = (uint32_t)(n - HANDSHAKE_HEADER_BYTES);
    buf_clear(&handshake->kept);
    return false;
}

/* One step: true when a message is whole. */
static bool gather(struct handshake *handshake, struct span *content,
                   struct handshake_message *message, bool *is_nomem)
{
    struct buf *kept = &handshake->kept;
    if (kept->len < HANDSHAKE_HEADER_BYTES) {
        *is_nomem = !keep(handshake, content, HANDSHAKE_HEADER_BYTES - kept->len);
        if (*is_nomem || kept->len < HANDSHAKE_HEADER_BYTES || !is_wanted(handshake))
            return false;
    }
    size_t n = message_bytes(buf_span(kept));
    *is_nomem = !keep(handshake, content, n - kept->len);
    if (*is_nomem || kept->len < n)
        return false;
    take_message(buf_span(kept), message);
    return true;
}

void handshake_init(struct handshake *handshake, size_t max_bytes, bool wants_all)
{
    *handshake = (struct handshake){.wants_all = wants_all};
    buf_init(&handshake->kept, max_bytes);
}

bool handshake_next(struct handshake *handshake, struct span *content,
                    struct handshake_message *message, bool *is_nomem)
{
    *is_nomem = false;
    if (handshake->kept.len >= HANDSHAKE_HEADER_BYTES &&
        handshake->kept.len == message_bytes(buf_span(&handshake->kept)))
        buf_clear(&handshake->kept);
    while (content->len > 0 && !*is_nomem) {
        if (handshake->left_bytes > 0)
            pass_over(handshake, content);
        else if (gather(handshake, content, message, is_nomem))
            return true;
    }
    if (handshake->kept.len == 0)
        buf_free(&handshake->kept);
    return false;
}

void handshake_restart(struct handshake *handshake)
{
    buf_clear(&handshake->kept);
    handshake->left_bytes = 0;
}

void handshake_free(struct handshake *handshake)
{
    buf_free(&handshake->kept);
}

/* ---- hellos ---- */

static struct span take_u8_vector(struct reader *r)
{
    return reader_span(r, reader_u8(r));
}

static struct span take_u16_vector(struct reader *r)
{
    return reader_span(r, reader_u16(r));
}

/* RFC 6066 §3: a list of names, of which type 0 is a host name. */
static struct span first_host_name(struct span list)
{
    struct reader r = reader_of(list);
    struct reader names = reader_of(take_u16_vector(&r));
    while (names.left.len > 0 && !names.failed) {
        uint8_t type = reader_u8(&names);
        struct span name = take_u16_vector(&names);
        if (type == 0 && !names.failed)
            return name;
    }
    return (struct span){NULL, 0};
}

static bool names_h2(struct span list)
{
    struct reader r = reader_of(list);
    struct reader names = reader_of(take_u16_vector(&r));
    bool is_found = false;
    while (names.left.len > 0 && !names.failed)
        is_found = span_equal(take_u8_vector(&names), span_str("h2")) || is_found;
    return is_found;
}

/* The next extension of a list; false at its end. */
static bool next_extension(struct reader *list, uint16_t *type, struct span *content)
{
    *type = reader_u16(list);
    *content = take_u16_vector(list);
    return !list->failed;
}

bool client_hello_parse(struct span body, struct client_hello *hello)
{
    struct reader r = reader_of(body);
    *hello = (struct client_hello){0};
    reader_skip(&r, 2);
    hello->random = reader_span(&r, HELLO_RANDOM_BYTES);
    hello->session_id = take_u8_vector(&r);
    if (r.failed || hello->session_id.len > HELLO_MAX_SESSION_BYTES)
        return false;
    (void)take_u16_vector(&r);
    (void)take_u8_vector(&r);
    struct reader extensions = reader_of(take_u16_vector(&r));
    uint16_t type;
    struct span content;
    while (next_extension(&extensions, &type, &content)) {
        if (type == EXTENSION_SERVER_NAME)
            hello->server_name = first_host_name(content);
        else if (type == EXTENSION_ALPN)
            hello->offers_h2 = names_h2(content);
        else if (type == EXTENSION_SESSION_TICKET)
            hello->ticket = content;
        else if (type == EXTENSION_EARLY_DATA)
            hello->offers_early_data = true;
    }
    return true;
}

/* RFC 8446 §4.1.3: the SHA-256 of "HelloRetryRequest". */
static const uint8_t retry_random[HELLO_RANDOM_BYTES] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

bool server_hello_parse(struct span body, struct server_hello *hello)
{
    struct reader r = reader_of(body);
    *hello = (struct server_hello){0};
    hello->version = reader_u16(&r);
    hello->random = reader_span(&r, HELLO_RANDOM_BYTES);
    hello->session_id = take_u8_vector(&r);
    hello->suite = reader_u16(&r);
    hello->compression = reader_u8(&r);
    if (r.failed || hello->session_id.len > HELLO_MAX_SESSION_BYTES)
        return false;
    hello->is_retry = span_equal(hello->random, span_of(retry_random, sizeof retry_random));
    struct reader extensions = reader_of(take_u16_vector(&r));
    uint16_t type;
    struct span content;
    while (next_extension(&extensions, &type, &content)) {
        struct reader value = reader_of(content);
        if (type == EXTENSION_SUPPORTED_VERSIONS)
            hello->version = reader_u16(&value);
        else if (type == EXTENSION_ENCRYPT_THEN_MAC)
            hello->is_etm = true;
        else if (type == EXTENSION_EXTENDED_MASTER_SECRET)
            hello->is_ems = true;
    }
    return true;
}

bool encrypted_extensions_accept_early(struct span body)
{
    struct reader r = reader_of(body);
    struct reader extensions = reader_of(take_u16_vector(&r));
    uint16_t type;
    struct span content;
    while (next_extension(&extensions, &type, &content))
        if (type == EXTENSION_EARLY_DATA)
            return true;
    return false;
}

struct span session_ticket(struct span body)
{
    struct reader r = reader_of(body);
    reader_skip(&r, 4);
    return take_u16_vector(&r);
}
