/* Losses, requests and responses in; whether order can be trusted out. Knows no message. */
#include "dissector/http/exchange_order.h"

void exchange_order_assume(struct exchange_order *order)
{
    order->is_assumed = true;
}

bool exchange_order_is_disproved(struct exchange_order *order)
{
    bool is_disproved = order->is_assumed && !order->is_lost;
    order->is_lost = order->is_lost || is_disproved;
    return is_disproved;
}

bool exchange_order_request(struct exchange_order *order, bool is_busy)
{
    order->is_pipelining = order->is_pipelining || is_busy || order->n_unpaired > 0;
    bool was_lost = order->is_lost;
    order->is_lost = was_lost && (order->is_pipelining || order->needs_answer);
    order->is_assumed = order->is_assumed || (was_lost && !order->is_lost);
    if (order->is_lost)
        order->n_unpaired++;
    return !order->is_lost;
}

void exchange_order_unpaired(struct exchange_order *order)
{
    if (order->n_unpaired > 0)
        order->n_unpaired--;
}

void exchange_order_answered(struct exchange_order *order)
{
    order->needs_answer = false;
}

bool exchange_order_is_plain(const struct exchange_order *order)
{
    return !order->is_lost && !order->is_pipelining;
}

void exchange_order_lost(struct exchange_order *order, enum dir dir)
{
    order->is_lost = true;
    order->needs_answer = order->needs_answer || dir == DIR_CLIENT;
    order->n_unpaired = 0;
}
