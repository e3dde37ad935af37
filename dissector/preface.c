/* See preface.h. Each kind reads its bytes once from the front; what fails for want of bytes asks
 * for more, what contradicts the form is none. */
#include "dissector/preface.h"

#include "dissector/base/hex.h"
#include "dissector/base/reader.h"

enum {
    LINE_MAX_BYTES = 107,         /* of version 1, with its line end */
    PROXY_2_COMMAND_PROXY = 0x21, /* 0x20: a check by the proxy itself */
    PROXY_2_TCP4 = 0x11,
    PROXY_2_TCP6 = 0x21,

    SOCKS_4 = 4,
    SOCKS_4_GRANTED = 90,
    SOCKS_5 = 5,
    SOCKS_CONNECT = 1,
    SOCKS_5_LOGIN = 1, /* version of the user name and password exchange */
    SOCKS_5_BY_LOGIN = 2,
    SOCKS_5_IPV4 = 1,
    SOCKS_5_NAME = 3,
    SOCKS_5_IPV6 = 4,
};

static const uint8_t proxy_2_signature[] = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D,
                                            0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};

/* Whether bytes begin with what, or may when more come. */
static enum preface_kind begins(struct span bytes, struct span what)
{
    size_t len = bytes.len < what.len ? bytes.len : what.len;
    if (!span_equal(span_first(bytes, len), span_first(what, len)))
        return PREFACE_NONE;
    return len == what.len ? PREFACE_WHOLE : PREFACE_MORE;
}

static enum preface_kind ended(const struct reader *r, struct span bytes, struct preface *preface)
{
    preface->len = bytes.len - r->left.len;
    return r->failed ? PREFACE_MORE : PREFACE_WHOLE;
}

/* ---- PROXY protocol ---- */

/* Takes a word and the space behind it. */
static struct span take_word(struct span *line)
{
    size_t len = span_find_byte(*line, ' ');
    struct span word = span_first(*line, len);
    *line = span_after(*line, len + 1);
    return word;
}

static bool read_ipv4(struct span text, struct address *address)
{
    *address = (struct address){.version = 4};
    for (size_t i = 0; i < 4; i++) {
        uint64_t value;
        size_t len = span_find_byte(text, '.');
        if ((len == text.len) != (i == 3) || !span_decimal(span_first(text, len), 255, &value))
            return false;
        address->bytes[i] = (uint8_t)value;
        text = span_after(text, len + 1);
    }
    return true;
}

static bool read_group(struct span text, uint8_t group[2])
{
    unsigned value = 0;
    if (text.len < 1 || text.len > 4)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        int digit = hex_value(text.ptr[i]);
        if (digit < 0)
            return false;
        value = value * 16 + (unsigned)digit;
    }
    group[0] = (uint8_t)(value >> 8);
    group[1] = (uint8_t)value;
    return true;
}

/* Groups with a colon between each two; returns how many bytes they make, 17: they are none. */
static size_t read_groups(struct span text, uint8_t out[16])
{
    size_t n_bytes = 0;
    while (text.len > 0) {
        size_t len = span_find_byte(text, ':');
        if (n_bytes == 16 || len + 1 == text.len ||
            !read_group(span_first(text, len), out + n_bytes))
            return 17;
        n_bytes += 2;
        text = span_after(text, len + 1);
    }
    return n_bytes;
}

/* RFC 4291 §2.2: eight groups, or fewer around one "::". */
static bool read_ipv6(struct span text, struct address *address)
{
    uint8_t head[16], tail[16];
    size_t at = span_find(text, span_str("::"));
    size_t n_head = read_groups(span_first(text, at), head);
    size_t n_tail = read_groups(span_after(text, at + 2), tail);
    bool is_short = at < text.len;
    if (n_head > 16 || n_tail > 16 || (is_short ? n_head + n_tail > 14 : n_head != 16))
        return false;
    *address = (struct address){.version = 6};
    memcpy(address->bytes, head, n_head);
    memcpy(address->bytes + 16 - n_tail, tail, n_tail);
    return true;
}

/* Version 1: "PROXY TCP4 source destination port port", or "PROXY UNKNOWN" and anything. A line
 * that names a family is one, however damaged the rest is: then it tells no source. */
static enum preface_kind read_line(struct span bytes, struct preface *preface)
{
    struct span line = span_first(bytes, LINE_MAX_BYTES);
    size_t len = span_find(line, span_str("\r\n"));
    if (len == line.len)
        return bytes.len < LINE_MAX_BYTES ? PREFACE_MORE : PREFACE_NONE;
    line = span_first(line, len);
    preface->len = len + 2;
    take_word(&line);
    struct span family = take_word(&line), source = take_word(&line);
    take_word(&line);
    struct span port = take_word(&line);
    uint64_t number = 0;
    struct address address;
    if (span_equal(family, span_str("UNKNOWN")))
        return PREFACE_WHOLE;
    bool is_ipv4 = span_equal(family, span_str("TCP4"));
    if (!is_ipv4 && !span_equal(family, span_str("TCP6")))
        return PREFACE_NONE;
    bool is_read = is_ipv4 ? read_ipv4(source, &address) : read_ipv6(source, &address);
    if (is_read && span_decimal(port, UINT16_MAX, &number))
        preface->source = (struct endpoint){address, (uint16_t)number};
    return PREFACE_WHOLE;
}

static struct address take_address(struct reader *r, uint8_t version)
{
    struct address address = {.version = version};
    struct span bytes = reader_span(r, version == 4 ? 4 : 16);
    if (bytes.len > 0)
        memcpy(address.bytes, bytes.ptr, bytes.len);
    return address;
}

/* Version 2: signature, version and command, family, length; source, destination, ports, more. */
static enum preface_kind read_binary(struct span bytes, struct preface *preface)
{
    struct reader r = reader_of(bytes);
    reader_skip(&r, sizeof proxy_2_signature);
    uint8_t command = reader_u8(&r), family = reader_u8(&r);
    struct reader body = reader_of(reader_span(&r, reader_u16(&r)));
    if (!r.failed && command >> 4 != 2)
        return PREFACE_NONE;
    bool is_proxied = command == PROXY_2_COMMAND_PROXY;
    if (!r.failed && is_proxied && (family == PROXY_2_TCP4 || family == PROXY_2_TCP6)) {
        uint8_t version = family == PROXY_2_TCP4 ? 4 : 6;
        struct endpoint source = {.address = take_address(&body, version)};
        take_address(&body, version);
        source.port = reader_u16(&body);
        if (!body.failed)
            preface->source = source;
    }
    return ended(&r, bytes, preface);
}

/* ---- SOCKS ---- */

static void skip_socks_5_address(struct reader *r, uint8_t kind)
{
    reader_skip(r, kind == SOCKS_5_IPV4 ? 4 : kind == SOCKS_5_IPV6 ? 16 : reader_u8(r));
    reader_skip(r, 2);
}

static bool is_socks_5_address(uint8_t kind)
{
    return kind == SOCKS_5_IPV4 || kind == SOCKS_5_NAME || kind == SOCKS_5_IPV6;
}

/* Methods; perhaps user name and password; version, command, reserved, kind of address, address. */
static enum preface_kind read_socks_5(struct span bytes, struct preface *preface)
{
    struct reader r = reader_of(bytes);
    reader_skip(&r, 1);
    uint8_t n_methods = reader_u8(&r);
    if (!r.failed && n_methods == 0)
        return PREFACE_NONE;
    reader_skip(&r, n_methods);
    uint8_t next = reader_u8(&r);
    if (!r.failed && next == SOCKS_5_LOGIN) {
        reader_skip(&r, reader_u8(&r));
        reader_skip(&r, reader_u8(&r));
        next = reader_u8(&r);
    }
    if (!r.failed && next != SOCKS_5)
        return PREFACE_NONE;
    uint8_t command = reader_u8(&r), reserved = reader_u8(&r), kind = reader_u8(&r);
    if (!r.failed && (command != SOCKS_CONNECT || reserved != 0 || !is_socks_5_address(kind)))
        return PREFACE_NONE;
    skip_socks_5_address(&r, kind);
    return ended(&r, bytes, preface);
}

/* The method; perhaps how the password was; version, reply, reserved, kind of address, address. */
static enum preface_kind read_socks_5_answer(struct span bytes, struct preface *preface)
{
    struct reader r = reader_of(bytes);
    reader_skip(&r, 1);
    if (reader_u8(&r) == SOCKS_5_BY_LOGIN)
        reader_skip(&r, 2);
    uint8_t version = reader_u8(&r);
    if (!r.failed && version != SOCKS_5)
        return PREFACE_NONE;
    uint8_t reply = reader_u8(&r), reserved = reader_u8(&r), kind = reader_u8(&r);
    if (!r.failed && (reply != 0 || reserved != 0 || !is_socks_5_address(kind)))
        return PREFACE_NONE;
    skip_socks_5_address(&r, kind);
    preface->is_grant = true;
    return ended(&r, bytes, preface);
}

/* Takes a text and the NUL behind it. */
static void skip_text(struct reader *r)
{
    reader_skip(r, span_find_byte(r->left, 0) + 1);
}

/* Version, command, port, address, user name; with an address of 0.0.0.x a host name. */
static enum preface_kind read_socks_4(struct span bytes, struct preface *preface)
{
    enum { TEXT_MAX_BYTES = 512 };
    struct reader r = reader_of(bytes);
    reader_skip(&r, 1);
    uint8_t command = reader_u8(&r);
    if (!r.failed && command != SOCKS_CONNECT)
        return PREFACE_NONE;
    reader_skip(&r, 2);
    uint32_t address = reader_u32(&r);
    skip_text(&r);
    if (address != 0 && address < 256)
        skip_text(&r);
    return r.failed && bytes.len > TEXT_MAX_BYTES ? PREFACE_NONE : ended(&r, bytes, preface);
}

static enum preface_kind read_socks_4_answer(struct span bytes, struct preface *preface)
{
    struct reader r = reader_of(bytes);
    reader_skip(&r, 1);
    uint8_t reply = reader_u8(&r);
    if (!r.failed && reply != SOCKS_4_GRANTED)
        return PREFACE_NONE;
    reader_skip(&r, 2 + 4);
    preface->is_grant = true;
    return ended(&r, bytes, preface);
}

/* What asks is no answer, and what answers asks nothing: which of them it is, the bytes say. */
static enum preface_kind read_socks_5_either(struct span bytes, struct preface *preface)
{
    enum preface_kind kind = read_socks_5(bytes, preface);
    return kind == PREFACE_NONE ? read_socks_5_answer(bytes, preface) : kind;
}

enum preface_kind preface_find(struct span bytes, struct preface *preface)
{
    *preface = (struct preface){.len = 0};
    if (bytes.len == 0)
        return PREFACE_NONE;
    switch (bytes.ptr[0]) {
    case SOCKS_4:
        return read_socks_4(bytes, preface);
    case SOCKS_5:
        return read_socks_5_either(bytes, preface);
    case 0:
        return read_socks_4_answer(bytes, preface);
    default:
        break;
    }
    enum preface_kind line = begins(bytes, span_str("PROXY "));
    enum preface_kind binary = begins(bytes, span_of(proxy_2_signature, sizeof proxy_2_signature));
    preface->is_proof = line != PREFACE_NONE || binary != PREFACE_NONE;
    if (line == PREFACE_WHOLE)
        return read_line(bytes, preface);
    if (binary == PREFACE_WHOLE)
        return read_binary(bytes, preface);
    return line == PREFACE_MORE || binary == PREFACE_MORE ? PREFACE_MORE : PREFACE_NONE;
}
