/* http1_tunnel: where a direction is no longer HTTP/1, and who takes what it brings then. Private
 * to http1. */
#pragma once

#include "dissector/http/http1_half.h"

/* Whether nothing of what follows is HTTP/1: it is settled, or a tunnel, which begins now where the
 * connection has become one and no message is open any more. */
bool http1_tunnel_is_over(struct http1_half *half);

/* What was gathered when the tunnel began, and what follows. Answers as a stream does. */
enum feed http1_tunnel_feed(struct http1_half *half, struct span bytes,
                            const struct origin *origin);
