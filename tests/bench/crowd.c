/* Exchanges arrive one by one, bursts of frames leave, of a seat of the crowd picked by dice. */
#include "tests/bench/crowd.h"

#include <stdlib.h>

enum { MAX_BURST_SEGMENTS = 10 };

/* A connection and the exchange on it. */
struct seat {
    struct flow flow;
    bool is_open, is_busy;
    struct script script;
    struct span left[3]; /* request, response, filler */
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
    seat->left[0] = buf_span(&script->message[DIR_CLIENT]);
    seat->left[1] = buf_span(&script->message[DIR_SERVER]);
    seat->left[2] = script->filler;
    return true;
}

static void send_burst(struct crowd *crowd, struct seat *seat)
{
    size_t n_segments = 1 + dice_below(crowd->dice, MAX_BURST_SEGMENTS);
    if (seat->left[0].len)
        flow_send(&seat->flow, DIR_CLIENT, &seat->left[0], n_segments);
    else if (seat->left[1].len)
        flow_send(&seat->flow, DIR_SERVER, &seat->left[1], n_segments);
    else
        flow_send(&seat->flow, DIR_SERVER, &seat->left[2], n_segments);
    seat->is_busy = seat->left[0].len || seat->left[1].len || seat->left[2].len;
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
