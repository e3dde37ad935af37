/* private_key: how a server's private key was taken (dissector.h). */
#pragma once

enum private_key {
    PRIVATE_KEY_TAKEN,
    PRIVATE_KEY_NONE,      /* no private key that could be read */
    PRIVATE_KEY_ENCRYPTED, /* by a passphrase */
    PRIVATE_KEY_NOT_RSA,
    PRIVATE_KEY_TOO_MANY, /* there are eight */
    PRIVATE_KEY_NOMEM,
};
