/* The TCP header, RFC 9293 §3.1: what is inside IP becomes a segment. Options are passed over. */
#include "dissector/net/segment.h"

#include "dissector/net/layer.h"

enum { HEADER_BYTES_MIN = 20 };

bool segment_is_between(const struct segment *segment, const struct endpoint side[2])
{
    const struct endpoint *from = &segment->source, *to = &segment->destination;
    return (endpoint_equal(&side[0], from) && endpoint_equal(&side[1], to)) ||
           (endpoint_equal(&side[1], from) && endpoint_equal(&side[0], to));
}

static enum layer_verdict undo_tcp(struct inner *inner)
{
    struct segment *segment = &inner->segment;
    struct reader r = reader_of(inner->bytes);
    size_t header_len = segment_take_header(segment, &r);
    if (r.failed || header_len < HEADER_BYTES_MIN)
        return LAYER_MALFORMED;
    /* A snap length made for headers may have cut the options: then all of the payload is cut. */
    size_t cut_header_bytes = header_len > inner->bytes.len ? header_len - inner->bytes.len : 0;
    if (cut_header_bytes > inner->cut_bytes)
        return LAYER_MALFORMED;
    segment->payload = span_after(inner->bytes, header_len);
    segment->cut_bytes = inner->cut_bytes - (uint32_t)cut_header_bytes;
    return LAYER_SEGMENT;
}

const struct layer layer_tcp = {"tcp", undo_tcp};
