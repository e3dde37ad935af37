/* private_key_file: a server's private key on disk (--tls-private-key FILE), read whole while the
 * program may still read it, handed to the engine once, and wiped. Its content is never shown.
 */
#pragma once

#include "app/engine.h"
#include "output/error.h"

enum { PRIVATE_KEY_FILE_MAX_BYTES = 1024 * 1024 }; /* a key, and all certificates beside it */

struct private_key_file {
    /* fields are private */
    const char *path;
    uint8_t *bytes;
    size_t len;
};

/* path must outlive it. From now on the program leaves no core dump. False: error says in one line
 * why it cannot be read. */
bool private_key_file_read(struct private_key_file *file, const char *path, struct error *error);

/* Gives the key to the engine. False: error says in one line why it opens nothing. */
bool private_key_file_give(struct private_key_file *file, struct engine *engine,
                           struct error *error);

/* A zeroed one is fine. */
void private_key_file_close(struct private_key_file *file);
