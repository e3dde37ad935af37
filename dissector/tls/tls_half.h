/* tls_half: what the parts of tls share about one direction. Private to tls*.c. */
#pragma once

#include "dissector/tls/tls.h"

static inline int tls_side(const struct tls_half *half)
{
    return half == &half->tls->half[0] ? 0 : 1;
}

static inline struct tls_half *tls_other(const struct tls_half *half)
{
    return &half->tls->half[1 - tls_side(half)];
}

static inline bool tls_is_client(const struct tls_half *half)
{
    return tls_side(half) == half->tls->client;
}

/* TLS 1.3: what a server sends before it answers are tickets, as many as it likes. */
static inline bool tls_awaits_answer(const struct tls_half *half)
{
    return !half->has_data && !tls_is_client(half) && opener_is_tls13(&half->opener);
}

static inline enum feed tls_settle(struct tls_half *half, enum feed why)
{
    if (half->settled == FEED_OK)
        half->settled = why;
    return half->settled;
}
