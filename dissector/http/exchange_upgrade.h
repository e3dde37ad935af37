/* exchange_upgrade: whether an HTTP/1 connection becomes one of HTTP/2 (Upgrade: h2c, RFC 7540
 * §3.2), or may become a tunnel (CONNECT). The request that asked for HTTP/2 then waits for its
 * response on stream 1. Private to exchanges. */
#pragma once

#include "dissector/http/exchange_entry.h"

/* A request or a final response begins. waiting: the request that this answers, or NULL. */
void exchange_upgrade_request(struct exchanges *exchanges, const struct http_head *head);
void exchange_upgrade_response(struct exchanges *exchanges, const struct exchange_entry *waiting,
                               const struct http_head *head);

/* Whether a 101 switches to HTTP/2. waiting: the request that it answers, or NULL. */
bool exchange_upgrade_is_meant(const struct exchange_entry *waiting, const struct http_head *head);

/* The connection is switched. FEED_OK or FEED_NOMEM. */
enum feed exchange_upgrade(struct exchanges *exchanges, struct exchange_entry *waiting);
