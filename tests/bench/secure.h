/* secure: one exchange over HTTP/2 inside TLS 1.3, on a connection of its own: hellos, a handshake
 * whose messages nobody checks, and records of a real server's size. All connections have the same
 * secrets, which a key log tells. */
#pragma once

#include "tests/bench/script.h"
#include "tests/bench/seal.h"

#include <stdio.h>

/* The traffic secret of the server's records. Number 0 holds the head of the response, each one
 * behind it a DATA frame (9 bytes and a piece of the body). */
extern const uint8_t secure_server_secret[SEAL_SECRET_BYTES];
enum { SECURE_FRAME_BYTES = 9 };

struct secure_exchange {
    uint64_t number; /* of the connection; makes its randoms */
    const char *method, *target;
    struct span asked, answered; /* bodies */
};

/* Fills an emptied script, and appends the connection's lines to the key log. Returns the records
 * that hold the answered body, in the script. */
struct span secure_script(struct script *script, const struct secure_exchange *exchange,
                          FILE *keys);
