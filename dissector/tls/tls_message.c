/* See tls_message.h. */
#include "dissector/tls/tls_message.h"

#include "dissector/tls/tls_plain.h"

static void name_client(struct tls *tls, int side)
{
    if (tls->client >= 0)
        return;
    tls->client = side;
    tls->half[side].opener.dir = DIR_CLIENT;
    tls->half[1 - side].opener.dir = DIR_SERVER;
}

static void take_client_hello(struct tls_half *half, struct span body)
{
    struct tls *tls = half->tls;
    struct client_hello hello;
    if (!client_hello_parse(body, &hello))
        return;
    name_client(tls, tls_side(half));
    keys_take_client_hello(&tls->facts, &hello);
    tls->offers_h2 = hello.offers_h2;
    tls->offers_early = hello.offers_early_data;
    struct span name = span_first(hello.server_name, sizeof tls->server_name - 1);
    if (name.len == 0)
        return;
    memcpy(tls->server_name, name.ptr, name.len);
    tls->server_name[name.len] = '\0';
}

static void take_server_hello(struct tls_half *half, struct span body)
{
    struct tls *tls = half->tls;
    struct server_hello hello;
    if (!server_hello_parse(body, &hello))
        return;
    name_client(tls, 1 - tls_side(half));
    if (hello.is_retry)
        tls->early = TLS_EARLY_REFUSED;
    else
        keys_take_server_hello(&tls->facts, &hello);
}

/* A client that ends no early data before was told by the server that it is refused, unless its
 * end is among what is missing. */
static enum feed take_finished(struct tls_half *half)
{
    struct tls *tls = half->tls;
    if (half->opener.epoch != OPENER_HANDSHAKE)
        return FEED_OK;
    opener_begin_data(&half->opener);
    if (!tls_is_client(half))
        return FEED_OK;
    return tls_plain_decide_early(tls, tls->is_early_torn ? TLS_EARLY_UNSURE : TLS_EARLY_REFUSED);
}

static enum feed take_message(struct tls_half *half, const struct handshake_message *message)
{
    struct tls *tls = half->tls;
    switch (message->type) {
    case HANDSHAKE_CLIENT_HELLO:
        take_client_hello(half, message->body);
        break;
    case HANDSHAKE_SERVER_HELLO:
        take_server_hello(half, message->body);
        break;
    case HANDSHAKE_ENCRYPTED_EXTENSIONS:
        return tls_plain_decide_early(tls, encrypted_extensions_accept_early(message->body)
                                               ? TLS_EARLY_ACCEPTED
                                               : TLS_EARLY_REFUSED);
    case HANDSHAKE_END_OF_EARLY_DATA:
        return tls_plain_decide_early(tls, TLS_EARLY_ACCEPTED);
    case HANDSHAKE_FINISHED:
        return take_finished(half);
    case HANDSHAKE_KEY_UPDATE:
        opener_update(&half->opener);
        break;
    case HANDSHAKE_NEW_SESSION_TICKET:
        if (!opener_is_tls13(&half->opener))
            keys_remember_ticket(tls->params.secrets, &tls->facts, session_ticket(message->body));
        break;
    case HANDSHAKE_HELLO_REQUEST:
    case HANDSHAKE_CLIENT_KEY_EXCHANGE:
        break;
    }
    return FEED_OK;
}

/* Content is missing. */
void tls_message_restart(struct tls_half *half)
{
    handshake_restart(&half->handshake);
    key_exchange_tear(&half->tls->key_exchange);
}

enum feed tls_message_take(struct tls_half *half, struct span content)
{
    struct handshake_message message;
    bool is_nomem;
    struct tls *tls = half->tls;
    while (handshake_next(&half->handshake, &content, &message, &is_nomem))
        if (take_message(half, &message) == FEED_NOMEM ||
            key_exchange_take(&tls->key_exchange, &message, &tls->facts) == FEED_NOMEM)
            return FEED_NOMEM;
    return is_nomem ? FEED_NOMEM : FEED_OK;
}
