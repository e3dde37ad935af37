/* Bytes to say arrive, frames leave. No loss, disorder, window or retransmission: benches measure
 * the way everything normal goes. */
#include "tests/bench/flow.h"

#include "tests/support/pcap_write.h"

#define START_NS INT64_C(1767323045000000000) /* 2026-01-02T03:04:05Z */
#define FLOW_FRAME_NS INT64_C(10000)

/* The networks for benchmarks, RFC 2544. */
enum { N_CLIENTS = 250, N_SERVERS = 10, FIRST_PORT = 10000, N_PORTS = 50000 };

void wire_begin(struct wire *wire, FILE *file)
{
    wire->file = file;
    wire->time_ns = START_NS;
    pcap_write_header(file);
}

static void write_frame(struct wire *wire, size_t len)
{
    wire->time_ns += FLOW_FRAME_NS;
    pcap_write_frame(wire->file, span_of(wire->frame, len), wire->time_ns);
}

void flow_inject(struct flow *flow, enum dir dir, const struct segment *segment)
{
    struct segment written = *segment;
    written.source = flow->end[dir];
    written.destination = flow->end[dir_other(dir)];
    write_frame(flow->wire, packet_write(&written, flow->wire->frame));
}

void flow_inject_fragment(struct flow *flow, enum dir dir, uint16_t id, struct span bytes)
{
    enum { IP_AT = 14, IP_BYTES = 20, TCP_BYTES = 20, MORE_FRAGMENTS = 0x20 };
    struct segment segment = {.source = flow->end[dir],
                              .destination = flow->end[dir_other(dir)],
                              .flags = SEGMENT_ACK,
                              .payload = span_after(bytes, TCP_BYTES)};
    uint8_t *frame = flow->wire->frame;
    size_t len = packet_write(&segment, frame);
    frame[IP_AT + 4] = (uint8_t)(id >> 8);
    frame[IP_AT + 5] = (uint8_t)id;
    frame[IP_AT + 6] = MORE_FRAGMENTS;
    write_frame(flow->wire, len);
}

/* Sends a segment of which flags and payload are given. */
static void emit(struct flow *flow, enum dir dir, struct segment segment)
{
    segment.seq = flow->next_seq[dir];
    if (segment.flags & SEGMENT_ACK)
        segment.ack = flow->next_seq[dir_other(dir)];
    flow_inject(flow, dir, &segment);
    bool is_counted = segment.flags & (SEGMENT_SYN | SEGMENT_FIN);
    flow->next_seq[dir] += (uint32_t)segment.payload.len + is_counted;
}

static void emit_flags(struct flow *flow, enum dir dir, uint8_t flags)
{
    emit(flow, dir, (struct segment){.flags = flags});
}

struct flow flow_make(struct wire *wire, uint32_t number, uint16_t server_port)
{
    uint8_t client = (uint8_t)(1 + number % N_CLIENTS);
    uint8_t server = (uint8_t)(1 + number % N_SERVERS);
    return (struct flow){
        .wire = wire,
        .end[DIR_CLIENT] = {.address = {.version = 4, .bytes = {198, 18, 0, client}},
                            .port = (uint16_t)(FIRST_PORT + number / N_CLIENTS % N_PORTS)},
        .end[DIR_SERVER] = {.address = {.version = 4, .bytes = {198, 19, 0, server}},
                            .port = server_port},
        .next_seq = {number * 2654435761U, number * 2246822519U},
        .max_segment_bytes = FLOW_MSS_BYTES,
    };
}

void flow_open(struct flow *flow, struct wire *wire, uint32_t number, uint16_t server_port)
{
    *flow = flow_make(wire, number, server_port);
    emit_flags(flow, DIR_CLIENT, SEGMENT_SYN);
    emit_flags(flow, DIR_SERVER, SEGMENT_SYN | SEGMENT_ACK);
    emit_flags(flow, DIR_CLIENT, SEGMENT_ACK);
}

void flow_send(struct flow *flow, enum dir dir, struct span *bytes, size_t max_segments)
{
    for (size_t i = 0; i < max_segments && bytes->len; i++) {
        struct span payload = span_first(*bytes, flow->max_segment_bytes);
        emit(flow, dir, (struct segment){.flags = SEGMENT_ACK, .payload = payload});
        *bytes = span_after(*bytes, payload.len);
        if (i % 2 || i + 1 == max_segments || !bytes->len)
            emit_flags(flow, dir_other(dir), SEGMENT_ACK);
    }
}

void flow_close(struct flow *flow)
{
    emit_flags(flow, DIR_SERVER, SEGMENT_FIN | SEGMENT_ACK);
    emit_flags(flow, DIR_CLIENT, SEGMENT_FIN | SEGMENT_ACK);
    emit_flags(flow, DIR_SERVER, SEGMENT_ACK);
}
