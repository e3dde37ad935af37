/* parts: where the headers of a frame are, and frames written anew around changed ones. Knows the
 * frames of pcaps/ alone: Ethernet or Linux cooked, IP without extension headers, TCP. */
#pragma once

#include "tests/mutations/trace.h"

enum { PARTS_MAX_BYTES = 128 * 1024 };

struct parts {
    uint16_t ethertype;
    struct span link;                           /* all before IP */
    struct span ip;                             /* the datagram, without padding behind it */
    struct span ip_header, tcp_header, payload; /* of it */
    bool is_tcp;                                /* the last two are there */
    bool is_cut;                                /* not all of it was captured */
};

/* False: no IP in it, or not the whole header. */
bool parts_find(const struct trace_frame *frame, struct parts *parts);

uint32_t parts_u32(struct span bytes, size_t at);

/* A TCP segment to be written: another sequence number and payload, the rest as in parts. */
struct parts_segment {
    uint32_t seq, ack;
    struct span payload;
    bool is_last; /* keeps FIN and PSH */
};

/* Appends frame with its TCP segment changed, its IP lengths made right. */
void parts_append_segment(struct trace *out, const struct trace_frame *frame,
                          const struct parts_segment *segment);
