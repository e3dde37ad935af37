/* flow: one TCP connection written into a capture as a busy server's network would show it: full
 * segments, an acknowledgement for every second one, handshake and FINs. Nothing is lost. */
#pragma once

#include "dissector/base/sink.h"
#include "tests/support/packet.h"

#include <stdio.h>

enum { FLOW_MSS_BYTES = 1460 };

/* The capture; every frame is FLOW_FRAME_NS later than the one before it. */
struct wire {
    FILE *file;
    int64_t time_ns;
    uint8_t frame[PACKET_HEADER_BYTES + FLOW_MSS_BYTES];
};

struct flow {
    struct wire *wire;
    struct endpoint end[2]; /* by enum dir */
    uint32_t next_seq[2];
    size_t max_segment_bytes; /* at most FLOW_MSS_BYTES, which flow_open sets it to */
};

/* Writes the file header; the capture begins on 2026-01-02. */
void wire_begin(struct wire *wire, FILE *file);

/* The number makes client address, client port and sequence numbers: different numbers (below
 * 12 million) are different connections. */
struct flow flow_make(struct wire *wire, uint32_t number, uint16_t server_port);

/* The same, with its handshake. */
void flow_open(struct flow *flow, struct wire *wire, uint32_t number, uint16_t server_port);

/* Sends up to max_segments segments of *bytes and leaves what is left of them there. */
void flow_send(struct flow *flow, enum dir dir, struct span *bytes, size_t max_segments);

/* Writes a segment with numbers, flags and payload (at most FLOW_MSS_BYTES) of its own between the
 * ends of flow; what flow sends next does not depend on it. */
void flow_inject(struct flow *flow, enum dir dir, const struct segment *segment);

/* Writes a first fragment of a datagram of TCP, with bytes (in multiples of 8) of it. */
void flow_inject_fragment(struct flow *flow, enum dir dir, uint16_t id, struct span bytes);

/* The server closes, then the client. */
void flow_close(struct flow *flow);
