/* Writes headers in front of bytes; see wrap.h. */
#include "tests/support/wrap.h"

#include <assert.h>

struct writer {
    uint8_t bytes[64];
    size_t len;
};

static void put(struct writer *w, size_t n_bytes, uint32_t value)
{
    assert(w->len + n_bytes <= sizeof w->bytes);
    for (size_t i = n_bytes; i > 0; i--)
        w->bytes[w->len++] = (uint8_t)(value >> (i - 1) * 8);
}

static void put_address(struct writer *w, const struct address *address)
{
    for (size_t i = 0; i < (address->version == 4 ? 4u : 16u); i++)
        put(w, 1, address->bytes[i]);
}

void wrap_payload(struct wrap *wrap, struct span payload)
{
    wrap->at = WRAP_HEADER_BYTES;
    wrap->len = 0;
    wrap_append(wrap, payload);
}

void wrap_prepend(struct wrap *wrap, struct span header)
{
    assert(header.len <= wrap->at);
    wrap->at -= header.len;
    wrap->len += header.len;
    if (header.len > 0)
        memcpy(wrap->room + wrap->at, header.ptr, header.len);
}

void wrap_append(struct wrap *wrap, struct span trailer)
{
    assert(trailer.len <= WRAP_BYTES - wrap->at - wrap->len);
    if (trailer.len > 0)
        memcpy(wrap->room + wrap->at + wrap->len, trailer.ptr, trailer.len);
    wrap->len += trailer.len;
}

static void prepend_writer(struct wrap *wrap, const struct writer *w)
{
    wrap_prepend(wrap, span_of(w->bytes, w->len));
}

void wrap_tcp(struct wrap *wrap, const struct segment *segment)
{
    struct writer w = {.len = 0};
    put(&w, 2, segment->source.port);
    put(&w, 2, segment->destination.port);
    put(&w, 4, segment->seq);
    put(&w, 4, segment->ack);
    put(&w, 1, 5 << 4);
    put(&w, 1, segment->flags);
    put(&w, 2, 65535);
    put(&w, 4, 0);
    wrap_payload(wrap, segment->payload);
    prepend_writer(wrap, &w);
}

void wrap_udp(struct wrap *wrap, uint16_t port)
{
    struct writer w = {.len = 0};
    put(&w, 2, 50000);
    put(&w, 2, port);
    put(&w, 2, (uint32_t)(8 + wrap->len));
    put(&w, 2, 0);
    prepend_writer(wrap, &w);
}

void wrap_ip(struct wrap *wrap, const struct segment *segment, uint8_t protocol)
{
    struct writer w = {.len = 0};
    if (segment->source.address.version == 4) {
        put(&w, 2, 0x4500);
        put(&w, 2, (uint32_t)(20 + wrap->len));
        put(&w, 4, 0);
        put(&w, 2, (uint32_t)(64 << 8 | protocol));
        put(&w, 2, 0);
    } else {
        put(&w, 4, 0x60000000);
        put(&w, 2, (uint32_t)wrap->len);
        put(&w, 2, (uint32_t)(protocol << 8 | 64));
    }
    put_address(&w, &segment->source.address);
    put_address(&w, &segment->destination.address);
    prepend_writer(wrap, &w);
}

void wrap_ethernet(struct wrap *wrap, uint16_t ethertype)
{
    struct writer w = {.len = 0};
    put(&w, 4, 0x02000000);
    put(&w, 4, 0x00020200);
    put(&w, 4, 0x00000001);
    put(&w, 2, ethertype);
    prepend_writer(wrap, &w);
}

void wrap_vlan(struct wrap *wrap, uint16_t ethertype)
{
    struct writer w = {.len = 0};
    put(&w, 2, 42);
    put(&w, 2, ethertype);
    prepend_writer(wrap, &w);
}

struct span wrap_span(const struct wrap *wrap)
{
    return span_of(wrap->room + wrap->at, wrap->len);
}

void wrap_frame(struct wrap *wrap, const struct segment *segment)
{
    wrap_tcp(wrap, segment);
    wrap_ip(wrap, segment, 6);
    wrap_ethernet(wrap, segment->source.address.version == 4 ? 0x0800 : 0x86DD);
}

struct endpoint wrap_endpoint(uint8_t version, uint8_t number, uint16_t port)
{
    struct endpoint endpoint = {.address.version = version, .port = port};
    endpoint.address.bytes[0] = version == 4 ? 10 : 0xFD;
    endpoint.address.bytes[version == 4 ? 3 : 15] = number;
    return endpoint;
}
