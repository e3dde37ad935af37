/* Losses, requests and responses in; whether order can be trusted out. Knows no message. */
#include "dissector/http/exchange_order.h"

void exchange_order_assume(struct exchange_order *order)
{
    order->is_assumed = true;
}

bool exchange_order_overlap(struct exchange_order *order)
{
    order->is_lost = order->is_lost || order->is_assumed;
    return order->is_assumed;
}

/* Whether at is not before what the sender of bytes had received; false where that is not known. */
static bool has_not_received(const struct origin *bytes, uint64_t at)
{
    return bytes->seen_to > 0 && at > 0 && bytes->seen_to <= at;
}

bool exchange_order_request(struct exchange_order *order, const struct origin *first, bool is_busy)
{
    order->is_pipelining = order->is_pipelining || is_busy || order->n_unpaired > 0 ||
                           has_not_received(first, order->answer_at);
    bool was_lost = order->is_lost;
    bool is_in_doubt = order->is_pipelining || order->needs_answer;
    order->is_lost = (was_lost || order->is_assumed) && is_in_doubt;
    order->is_assumed = order->is_assumed || (was_lost && !order->is_lost);
    order->has_asked = true;
    order->are_answers_lost = false;
    if (order->is_lost)
        order->n_unpaired++;
    return !order->is_lost;
}

bool exchange_order_may_answer(struct exchange_order *order, const struct origin *response,
                               const struct origin *request)
{
    bool is_in_doubt = order->is_lost || order->is_assumed;
    if (!is_in_doubt || !has_not_received(response, request->sent_at))
        return true;
    order->is_lost = order->is_pipelining = true;
    return false;
}

void exchange_order_response(struct exchange_order *order, bool is_paired)
{
    bool is_second = order->is_answered && !order->has_asked;
    order->is_answered = order->is_answered || order->has_asked;
    order->has_asked = order->are_answers_lost = false;
    if (is_paired)
        return;
    if (order->n_unpaired > 0)
        order->n_unpaired--;
    else
        order->is_pipelining = order->is_pipelining || is_second;
}

void exchange_order_answered(struct exchange_order *order, const struct origin *last)
{
    order->needs_answer = false;
    order->answer_at = last ? last->sent_at : 0;
}

bool exchange_order_is_plain(const struct exchange_order *order)
{
    return !order->is_lost && !order->is_pipelining;
}

void exchange_order_lost(struct exchange_order *order, enum dir dir, bool is_certain)
{
    order->is_lost = true;
    order->has_asked = dir == DIR_CLIENT;
    if (dir == DIR_SERVER) {
        order->are_answers_lost = true;
        order->is_answered = order->needs_answer = false;
        order->n_unpaired = 0;
    } else if (!order->are_answers_lost) {
        order->needs_answer = true;
        if (order->n_unpaired == 0)
            order->n_unpaired = is_certain;
    }
}
