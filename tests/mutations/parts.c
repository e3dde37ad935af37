/* See parts.h. Checksums are left as they are: the dissector does not look at them. */
#include "tests/mutations/parts.h"

#include "dissector/base/reader.h"

enum {
    EN10MB = 1,
    LINUX_SLL = 113,
    LINUX_SLL2 = 276,
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_IPV6 = 0x86DD,
    PROTOCOL_TCP = 6,
    FIN = 0x01,
    PSH = 0x08,
};

/* Length of the link header, and where in it the ethertype stands; 0: another link type. */
static size_t link_len(uint32_t linktype, size_t *ethertype_at)
{
    *ethertype_at = linktype == LINUX_SLL2 ? 0 : linktype == EN10MB ? 12 : 14;
    return linktype == EN10MB ? 14 : linktype == LINUX_SLL ? 16 : linktype == LINUX_SLL2 ? 20 : 0;
}

uint32_t parts_u32(struct span bytes, size_t at)
{
    struct reader r = reader_of(span_after(bytes, at));
    return reader_u32(&r);
}

static uint16_t u16(struct span bytes, size_t at)
{
    return (uint16_t)(parts_u32(bytes, at) >> 16);
}

static bool find_ip(struct span bytes, struct parts *parts)
{
    bool is_4 = parts->ethertype == ETHERTYPE_IPV4;
    size_t header_len = is_4 ? 20 : 40;
    if (bytes.len < header_len + 4)
        return false;
    if (is_4)
        header_len = (bytes.ptr[0] & 0x0Fu) * 4u;
    size_t len = is_4 ? u16(bytes, 2) : header_len + u16(bytes, 4);
    bool is_fragment = is_4 && u16(bytes, 6) & 0x3FFF;
    if (len < header_len || is_fragment)
        return false;
    parts->is_cut = len > bytes.len;
    parts->ip = span_first(bytes, len);
    parts->ip_header = span_first(bytes, header_len);
    parts->is_tcp = bytes.ptr[is_4 ? 9 : 6] == PROTOCOL_TCP;
    return true;
}

bool parts_find(const struct trace_frame *frame, struct parts *parts)
{
    size_t at, len = link_len(frame->linktype, &at);
    *parts = (struct parts){.ethertype = 0};
    if (len == 0 || frame->bytes.len < len)
        return false;
    parts->link = span_first(frame->bytes, len);
    parts->ethertype = u16(frame->bytes, at);
    if (parts->ethertype != ETHERTYPE_IPV4 && parts->ethertype != ETHERTYPE_IPV6)
        return false;
    if (!find_ip(span_after(frame->bytes, len), parts))
        return false;
    struct span tcp = span_after(parts->ip, parts->ip_header.len);
    size_t tcp_len = parts->is_tcp && tcp.len >= 20 ? (tcp.ptr[12] >> 4) * 4u : 0;
    parts->is_tcp = tcp_len >= 20 && tcp_len <= tcp.len;
    parts->tcp_header = span_first(tcp, tcp_len);
    parts->payload = span_after(tcp, tcp_len);
    return true;
}

static void put(uint8_t *at, size_t n_bytes, uint32_t value)
{
    for (size_t i = 0; i < n_bytes; i++)
        at[i] = (uint8_t)(value >> (n_bytes - 1 - i) * 8);
}

void parts_append_segment(struct trace *out, const struct trace_frame *frame,
                          const struct parts_segment *segment)
{
    static uint8_t built[PARTS_MAX_BYTES];
    struct parts parts;
    if (!parts_find(frame, &parts) || !parts.is_tcp)
        return;
    size_t ip_at = parts.link.len, tcp_at = ip_at + parts.ip_header.len;
    size_t payload_at = tcp_at + parts.tcp_header.len;
    memcpy(built, frame->bytes.ptr, payload_at);
    if (segment->payload.len > 0)
        memcpy(built + payload_at, segment->payload.ptr, segment->payload.len);
    size_t len = payload_at + segment->payload.len;
    put(built + tcp_at + 4, 4, segment->seq);
    put(built + tcp_at + 8, 4, segment->ack);
    if (!segment->is_last)
        built[tcp_at + 13] &= (uint8_t) ~(FIN | PSH);
    if (parts.ethertype == ETHERTYPE_IPV4 && !parts.is_cut)
        put(built + ip_at + 2, 2, (uint32_t)(len - ip_at));
    else if (!parts.is_cut)
        put(built + ip_at + 4, 2, (uint32_t)(len - tcp_at));
    trace_append(out, frame, span_of(built, len));
}
