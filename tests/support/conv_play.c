/* Steps and a plan arrive, frames leave. What the script says was not captured takes up sequence
 * numbers and makes no frame. No retransmission time-outs, windows or congestion. */
#include "tests/support/conv_play.h"

#include "tests/support/packet.h"

#include <stdlib.h>

/* The server's numbers pass 2^32 within its first response. */
enum { CLIENT_ISN = 1000, FIRST_PORT = 50000, FIRST_HOST = 1, OTHER_HOST = 3, SERVER_PORT = 8080 };
#define SERVER_ISN UINT32_C(0xffffff80)
#define START_NS INT64_C(1767323045000000000) /* 2026-01-02T03:04:05Z */
#define FRAME_NS INT64_C(1000)
#define STEP_NS INT64_C(1000000)

const struct conv_plan conv_plan_whole = {
    .max_segment_bytes = PACKET_MAX_PAYLOAD_BYTES,
    .split_at = CONV_NOWHERE,
    .cut_at = CONV_NOWHERE,
};

struct player {
    const struct conv *conv;
    const struct conv_plan *plan;
    struct conv_frame_sink sink;
    int64_t time_ns;
    size_t n_played; /* captured bytes so far */
    uint16_t client_port;
    uint8_t client_host; /* last byte of the client's address */
    uint32_t isn_shift;  /* so that a connection on the same ports begins with other numbers */
    uint32_t next_seq[2];
    uint8_t frame[PACKET_HEADER_BYTES + PACKET_MAX_PAYLOAD_BYTES];
};

static struct endpoint endpoint_of(const struct player *p, enum dir dir)
{
    uint8_t last = dir == DIR_CLIENT ? p->client_host : 2;
    return (struct endpoint){
        .address = {.version = 4, .bytes = {192, 0, 2, last}}, /* TEST-NET-1, RFC 5737 */
        .port = dir == DIR_CLIENT ? p->client_port : SERVER_PORT,
    };
}

/* Sends a segment of which seq, flags and payload are given. */
static void emit(struct player *p, enum dir dir, struct segment segment)
{
    p->time_ns += FRAME_NS;
    if (p->conv->is_unseen[dir])
        return;
    segment.source = endpoint_of(p, dir);
    segment.destination = endpoint_of(p, dir_other(dir));
    if (segment.flags & SEGMENT_ACK)
        segment.ack = p->next_seq[dir_other(dir)];
    size_t len = packet_write(&segment, p->frame);
    p->sink.frame(p->sink.ctx, span_of(p->frame, len), p->time_ns);
}

/* A segment without payload that takes up a sequence number: SYN or FIN. */
static void emit_mark(struct player *p, enum dir dir, uint8_t flags)
{
    emit(p, dir, (struct segment){.seq = p->next_seq[dir]++, .flags = flags});
}

static void emit_ack(struct player *p, enum dir dir)
{
    emit(p, dir, (struct segment){.seq = p->next_seq[dir], .flags = SEGMENT_ACK});
}

static void emit_reset(struct player *p, enum dir dir)
{
    struct segment segment = {.seq = p->next_seq[dir], .flags = SEGMENT_RST | SEGMENT_ACK};
    emit(p, dir, segment);
}

static void begin_connection(struct player *p, const struct conv_step *step)
{
    if (!step->has_same_ports)
        p->client_port++;
    if (step->is_of_other_host)
        p->client_host = p->client_host == FIRST_HOST ? OTHER_HOST : (uint8_t)(p->client_host + 1);
    p->isn_shift += 1 << 20;
    p->next_seq[DIR_CLIENT] = CLIENT_ISN + p->isn_shift;
    p->next_seq[DIR_SERVER] = SERVER_ISN + (step->has_same_ports ? p->isn_shift : 0);
    if (p->conv->is_midway)
        return;
    emit_mark(p, DIR_CLIENT, SEGMENT_SYN);
    emit_mark(p, DIR_SERVER, SEGMENT_SYN | SEGMENT_ACK);
    emit_ack(p, DIR_CLIENT);
}

/* Takes the next segment's payload from *bytes, as the plan cuts it. */
static struct span next_payload(struct player *p, struct span *bytes)
{
    size_t len = p->plan->max_segment_bytes;
    if (p->plan->split_at > p->n_played && p->plan->split_at - p->n_played < len)
        len = p->plan->split_at - p->n_played;
    struct span payload = span_first(*bytes, len);
    *bytes = span_after(*bytes, payload.len);
    p->n_played += payload.len;
    return payload;
}

static void emit_data(struct player *p, enum dir dir, uint32_t seq, struct span payload)
{
    if (!payload.len)
        return;
    struct segment segment = {.seq = seq, .flags = SEGMENT_ACK, .payload = payload};
    emit(p, dir, segment);
    if (p->plan->is_repeated)
        emit(p, dir, segment);
}

static void send_bytes(struct player *p, enum dir dir, struct span bytes)
{
    while (bytes.len) {
        struct span first = next_payload(p, &bytes);
        struct span second = p->plan->is_swapped ? next_payload(p, &bytes) : span_str("");
        uint32_t seq = p->next_seq[dir];
        p->next_seq[dir] += (uint32_t)(first.len + second.len);
        emit_data(p, dir, seq + (uint32_t)first.len, second);
        emit_data(p, dir, seq, first);
    }
}

/* Plays a step; false when the capture ended in it. */
static bool play_step(struct player *p, const struct conv_step *step)
{
    p->time_ns += STEP_NS;
    switch (step->kind) {
    case CONV_BYTES:
        send_bytes(p, step->dir, span_first(step->bytes, p->plan->cut_at - p->n_played));
        if (p->n_played == p->plan->cut_at)
            return false;
        emit_ack(p, dir_other(step->dir));
        break;
    case CONV_LOST:
        p->next_seq[step->dir] += (uint32_t)step->n_lost;
        break;
    case CONV_CLOSE:
        emit_mark(p, step->dir, SEGMENT_FIN | SEGMENT_ACK);
        emit_ack(p, dir_other(step->dir));
        break;
    case CONV_RESET:
        emit_reset(p, step->dir);
        break;
    case CONV_CONNECTION:
        begin_connection(p, step);
        break;
    case CONV_WAIT:
        p->time_ns += (int64_t)step->wait_s * SECOND_NS;
        break;
    }
    return true;
}

void conv_play(const struct conv *conv, const struct conv_plan *plan, struct conv_frame_sink sink)
{
    struct player *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    p->conv = conv;
    p->plan = plan;
    p->sink = sink;
    p->time_ns = START_NS;
    p->client_port = FIRST_PORT;
    p->client_host = FIRST_HOST;
    for (size_t i = 0; i < conv->n_steps && play_step(p, &conv->steps[i]); i++)
        ;
    free(p);
}
