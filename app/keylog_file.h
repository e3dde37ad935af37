/* keylog_file: a key log on disk (-K FILE), handed to the engine as it grows. Its content is
 * never shown, and forgotten when it is handed on. */
#pragma once

#include "app/engine.h"
#include "output/error.h"

enum { KEYLOG_FILE_BYTES = 64 * 1024 };

struct keylog_file {
    /* fields are private */
    const char *path;
    int fd;
    size_t len; /* of the line begun */
    char bytes[KEYLOG_FILE_BYTES];
};

/* path must outlive it. From now on the program leaves no core dump. False: error says in one line
 * why it cannot be read. */
bool keylog_file_open(struct keylog_file *file, const char *path, struct error *error);

/* Hands on the lines appended since the last time; cheap when there are none. A file that became
 * shorter is read from its beginning. is_last: a line without its end is one too. FEED_OK,
 * FEED_NOMEM, or FEED_STOP when it can no longer be read: error says why. */
enum feed keylog_file_read(struct keylog_file *file, struct engine *engine, bool is_last,
                           struct error *error);

/* A zeroed one that was never opened is not closed: fd is then 0, so ask path first. */
void keylog_file_close(struct keylog_file *file);

/* The process holds secrets from now on: what it keeps in memory is written to no core dump. */
void keylog_forbid_core(void);
