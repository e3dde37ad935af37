/* See tls_search.h. */
#include "dissector/tls/tls_search.h"

#include "dissector/base/reader.h"
#include "dissector/tls/handshake.h"

enum { ENOUGH_HEADERS = 3 };

static size_t record_bytes(struct span header)
{
    return RECORD_HEADER_BYTES + ((size_t)header.ptr[3] << 8 | header.ptr[4]);
}

/* A record of handshake, a hello no longer than it, and the version that hellos name. */
enum tls_hello tls_hello_of(struct span bytes)
{
    bool is_handshake = bytes.len == 0 || bytes.ptr[0] == RECORD_HANDSHAKE;
    if (!is_handshake || (bytes.len > 0 && !record_is_possible(bytes)))
        return TLS_HELLO_NONE;
    struct reader r = reader_of(span_after(bytes, RECORD_HEADER_BYTES));
    uint32_t head = reader_u32(&r), type = head >> 24, len = head & 0xFFFFFF;
    uint16_t version = reader_u16(&r);
    if (r.failed)
        return TLS_HELLO_MORE;
    if (version >> 8 != 3 ||
        len + HANDSHAKE_HEADER_BYTES + RECORD_HEADER_BYTES > record_bytes(bytes))
        return TLS_HELLO_NONE;
    if (type == HANDSHAKE_CLIENT_HELLO)
        return TLS_HELLO_CLIENT;
    return type == HANDSHAKE_SERVER_HELLO ? TLS_HELLO_SERVER : TLS_HELLO_NONE;
}

static bool is_filled_by_records(struct span segment)
{
    while (segment.len >= RECORD_HEADER_BYTES && record_is_possible(segment) &&
           record_bytes(segment) <= segment.len) {
        segment = span_after(segment, record_bytes(segment));
        if (segment.len == 0)
            return true;
    }
    return false;
}

/* What turns out to be no header is given up whole: another one is near. */
static void take_byte(struct tls_search *search, uint8_t byte)
{
    search->header[search->n_header_bytes++] = byte;
    struct span header = span_of(search->header, search->n_header_bytes);
    if (!record_is_possible(header)) {
        tls_search_reset(search);
        return;
    }
    if (header.len < RECORD_HEADER_BYTES)
        return;
    search->left_bytes = (uint32_t)(record_bytes(header) - RECORD_HEADER_BYTES);
    search->n_header_bytes = 0;
    search->n_headers++;
}

enum tls_found tls_search_feed(struct tls_search *search, struct span segment)
{
    if (tls_hello_of(segment) >= TLS_HELLO_CLIENT)
        return TLS_FOUND_HELLO;
    if (is_filled_by_records(segment))
        return TLS_FOUND_RECORDS;
    while (segment.len > 0 && search->n_headers < ENOUGH_HEADERS) {
        size_t n = search->left_bytes < segment.len ? search->left_bytes : segment.len;
        search->left_bytes -= (uint32_t)n;
        segment = span_after(segment, n);
        if (segment.len > 0)
            take_byte(search, segment.ptr[0]);
        segment = span_after(segment, 1);
    }
    return search->n_headers == ENOUGH_HEADERS ? TLS_FOUND_RECORDS : TLS_FOUND_NOTHING;
}

void tls_search_reset(struct tls_search *search)
{
    *search = (struct tls_search){0};
}
