/* Losses, requests and responses in; whether order can be trusted out. Knows no message. */
#include "dissector/http/exchange_order.h"

bool exchange_order_request(struct exchange_order *order, bool is_busy)
{
    order->is_pipelining = order->is_pipelining || is_busy || order->n_unpaired > 0;
    order->is_lost = order->is_lost && (order->is_pipelining || order->needs_answer);
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
