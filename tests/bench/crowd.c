/* Exchanges arrive one by one, bursts of frames leave, of a seat of the crowd picked by dice. */
#include "tests/bench/crowd.h"

#include <stdlib.h>

enum { MAX_BURST_SEGMENTS = 10 };

/* What is said on a connection, one after the other. */
enum part { PART_CLIENT_OPENING, PART_SERVER_OPENING, PART_REQUEST, PART_RESPONSE, PART_FILLER };
enum { N_PARTS = PART_FILLER + 1 };

/* A connection and the exchange on it. */
struct seat {
    struct flow flow;
    bool is_open, is_busy;
    struct script script;
    struct span left[N_PARTS];
};

struct crowd {
    struct wire *wire;
    struct dice *dice;
    struct crowd_source source;
    struct seat *seats;
    uint32_t n_seats, n_opened;
};

static void close_seat(struct seat *seat)
{
    if (seat->is_open)
        flow_close(&seat->flow);
    seat->is_open = false;
}

/* False = there is no exchange any more. */
static bool begin_exchange(struct crowd *crowd, struct seat *seat)
{
    struct script *script = &seat->script;
    script_clear(script);
    if (!crowd->source.next(crowd->source.ctx, script))
        return false;
    if (seat->is_open && seat->flow.end[DIR_SERVER].port != script->server_port)
        close_seat(seat);
    if (!seat->is_open)
        flow_open(&seat->flow, crowd->wire, crowd->n_opened++, script->server_port);
    seat->is_open = true;
    seat->is_busy = true;
    seat->left[PART_CLIENT_OPENING] = buf_span(&script->opening[DIR_CLIENT]);
    seat->left[PART_SERVER_OPENING] = buf_span(&script->opening[DIR_SERVER]);
    seat->left[PART_REQUEST] = buf_span(&script->message[DIR_CLIENT]);
    seat->left[PART_RESPONSE] = buf_span(&script->message[DIR_SERVER]);
    seat->left[PART_FILLER] = script->filler;
    return true;
}

/* N_PARTS: everything was said. */
static size_t next_part(const struct seat *seat)
{
    size_t part = 0;
    while (part < N_PARTS && seat->left[part].len == 0)
        part++;
    return part;
}

static void send_burst(struct crowd *crowd, struct seat *seat)
{
    size_t n_segments = 1 + dice_below(crowd->dice, MAX_BURST_SEGMENTS);
    size_t part = next_part(seat);
    bool is_client = part == PART_CLIENT_OPENING || part == PART_REQUEST;
    flow_send(&seat->flow, is_client ? DIR_CLIENT : DIR_SERVER, &seat->left[part], n_segments);
    seat->is_busy = next_part(seat) < N_PARTS;
    if (!seat->is_busy && seat->script.is_last)
        close_seat(seat);
}

static void leave(struct crowd *crowd, struct seat *seat)
{
    close_seat(seat);
    script_free(&seat->script);
    *seat = crowd->seats[--crowd->n_seats];
}

void crowd_play(struct wire *wire, uint32_t n_parallel, struct dice *dice,
                struct crowd_source source)
{
    struct seat *seats = calloc(n_parallel, sizeof *seats);
    if (!seats)
        abort();
    struct crowd crowd = {wire, dice, source, seats, n_parallel, 0};
    for (uint32_t i = 0; i < n_parallel; i++)
        script_init(&seats[i].script);
    while (crowd.n_seats) {
        struct seat *seat = &seats[dice_below(dice, crowd.n_seats)];
        if (seat->is_busy || begin_exchange(&crowd, seat))
            send_burst(&crowd, seat);
        else
            leave(&crowd, seat);
    }
    free(seats);
}
