/* The first bytes of a stream, or bytes from its middle, in; the protocol out. Looks at content
 * alone. Does not follow messages: that is http1's and http2's work. */
#include "dissector/http/detect.h"

#include "dissector/http/http1_start.h"
#include "dissector/http/http2_frame.h"

static const char http2_preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/* RFC 8446 §5.1: content type, legacy version 3.x, length. */
enum { TLS_ALERT = 21, TLS_HANDSHAKE = 22, TLS_HEADER_BYTES = 5, TLS_MAX_RECORD_BYTES = 18432 };

static enum protocol start_line_protocol(enum dir dir)
{
    return dir == DIR_CLIENT ? PROTOCOL_HTTP1_REQUEST : PROTOCOL_HTTP1_RESPONSE;
}

/* The line at the start of s without its line end; *next_at: where the next one begins, 0 when the
 * line end is not there. */
static struct span first_line(struct span s, size_t *next_at)
{
    size_t n = span_find_byte(s, '\n');
    *next_at = n < s.len ? n + 1 : 0;
    if (n > 0 && n < s.len && s.ptr[n - 1] == '\r')
        n--;
    return span_first(s, n);
}

static enum protocol detect_tls(struct span s)
{
    if (s.ptr[0] != TLS_ALERT && s.ptr[0] != TLS_HANDSHAKE)
        return PROTOCOL_OTHER;
    if (s.len > 1 && s.ptr[1] != 3)
        return PROTOCOL_OTHER;
    if (s.len > 2 && s.ptr[2] > 4)
        return PROTOCOL_OTHER;
    if (s.len < TLS_HEADER_BYTES)
        return PROTOCOL_MORE;
    size_t record_bytes = (size_t)s.ptr[3] << 8 | s.ptr[4];
    return record_bytes > 0 && record_bytes <= TLS_MAX_RECORD_BYTES ? PROTOCOL_TLS : PROTOCOL_OTHER;
}

static enum protocol detect_preface(struct span s)
{
    struct span preface = span_str(http2_preface);
    if (!span_equal(span_first(s, preface.len), span_first(preface, s.len)))
        return PROTOCOL_OTHER;
    return s.len < preface.len ? PROTOCOL_MORE : PROTOCOL_HTTP2_PREFACE;
}

/* The first frame of an HTTP/2 server. Its header begins with zeros, as no other protocol here. */
static enum protocol detect_settings(struct span s)
{
    static const uint8_t header[HTTP2_FRAME_BYTES] = {0, 0, 0, HTTP2_SETTINGS, 0, 0, 0, 0, 0};
    for (size_t i = 0; i < HTTP2_FRAME_BYTES && i < s.len; i++)
        if (i == 2 ? s.ptr[i] % 6 != 0 : s.ptr[i] != header[i])
            return PROTOCOL_OTHER;
    return s.len < HTTP2_FRAME_BYTES ? PROTOCOL_MORE : PROTOCOL_HTTP2_SETTINGS;
}

static enum protocol detect_http1(struct span s, enum dir dir, size_t max_line_bytes)
{
    struct http_head head;
    size_t next_at;
    struct span line = first_line(s, &next_at);
    if (!http1_start_is_possible(line, dir) || line.len > max_line_bytes)
        return PROTOCOL_OTHER;
    if (next_at == 0)
        return PROTOCOL_MORE;
    return http1_start_is_plausible(line, dir, &head) ? start_line_protocol(dir) : PROTOCOL_OTHER;
}

enum protocol detect_start(struct span bytes, size_t max_line_bytes)
{
    while (bytes.len > 0 && (bytes.ptr[0] == '\r' || bytes.ptr[0] == '\n'))
        bytes = span_after(bytes, 1);
    if (bytes.len == 0)
        return PROTOCOL_MORE;
    enum protocol found = detect_tls(bytes);
    if (found == PROTOCOL_OTHER)
        found = detect_preface(bytes);
    if (found == PROTOCOL_OTHER)
        found = detect_settings(bytes);
    if (found == PROTOCOL_OTHER)
        found = detect_http1(bytes, DIR_SERVER, max_line_bytes);
    if (found == PROTOCOL_OTHER)
        found = detect_http1(bytes, DIR_CLIENT, max_line_bytes);
    return found;
}

size_t detect_resync(struct span bytes, enum protocol *found)
{
    *found = PROTOCOL_OTHER;
    size_t next_at = 0;
    for (size_t at = 0; at < bytes.len; at += next_at) {
        struct span line = first_line(span_after(bytes, at), &next_at);
        if (next_at == 0)
            break;
        struct span next = span_after(bytes, at + next_at);
        if (http1_field_check(next) != HTTP1_FIELD_YES)
            continue;
        struct span ended = span_first(span_after(bytes, at), next_at);
        for (enum dir dir = DIR_CLIENT; dir <= DIR_SERVER; dir++) {
            size_t start = http1_start_find(line, dir, true);
            if (start == line.len || http1_field_check_behind(ended, next, dir) != HTTP1_FIELD_YES)
                continue;
            *found = start_line_protocol(dir);
            return at + start;
        }
    }
    return bytes.len;
}
