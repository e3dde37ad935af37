/* tls_record: a record of one half in, its content where it belongs: to the handshake, or out as
 * plain bytes. Says what could not be done with it. Private to tls*.c. */
#pragma once

#include "dissector/tls/tls_half.h"

enum tls_verdict {
    TLS_TAKEN,
    TLS_SEALED,
    TLS_WAITS, /* for secrets that may come */
    TLS_BLIND, /* its secrets will not come */
    TLS_NOMEM,
};

enum tls_verdict tls_record_take(struct tls_half *half, const struct record *record);
