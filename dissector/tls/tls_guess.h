/* tls_guess: a connection of which the ServerHello was seen, but no ClientHello: its secrets cannot
 * be looked up. Each that is known is tried on its first protected record instead, at most
 * limits.max_tls_tries of them, numbers behind a loss included; what opens is authentic. Private to
 * tls*.c. */
#pragma once

#include "dissector/tls/tls_half.h"

/* Whether there is anything to be tried. */
bool tls_guess_is_possible(const struct tls *tls);

/* As opener_open, with the secrets of each client random; that of the connection is known then. */
bool tls_guess_open(struct tls_half *half, const struct record *record, uint8_t *out,
                    struct opened *opened);
