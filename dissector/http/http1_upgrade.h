/* http1_upgrade: HTTP/2 in a connection whose switch to it was not seen, because the 101 response
 * to Upgrade: h2c (RFC 7540 §3.2) is missing. That the client begins HTTP/2 tells it, and so does a
 * believable head (http2_search.h) in what the server sends behind the hole. Private to http1. */
#pragma once

#include "dissector/http/http1_half.h"

/* A whole line of the client where a message may begin: true when HTTP/2 begins at its end; then
 * what is gathered is the beginning of its preface, and the connection a tunnel. False too when
 * there is no memory: half->settled. */
bool http1_upgrade_line(struct http1_half *half);

/* taken: of the server, while the place is lost, the bytes before *bytes. When HTTP/2 is found in
 * them, the connection is a tunnel, and *bytes go back to those behind what was kept of it.
 * FEED_NOMEM or FEED_OK. */
enum feed http1_upgrade_search(struct http1_half *half, struct span taken, struct span *bytes,
                               const struct origin *origin);

/* The tunnel of the server begins while the place is lost: tells it so, and what was kept. */
enum feed http1_upgrade_begin(struct http1_half *half, const struct origin *origin);
