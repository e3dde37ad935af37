/* progress: one line on standard error that says how far the reading is, for someone who waits. It
 * shows itself only when standard error is a terminal, and is redrawn only when it would change by
 * a tenth of a percent (16 MiB when the size is unknown), so that it costs nothing.
 *
 *     [#########               ] 37.4%  1.2 GiB of 3.2 GiB, 45 Multi-Status */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* How often to call progress_show. */
enum { PROGRESS_EVERY_FRAMES = 4096 };

struct progress {
    /* fields are private */
    int fd;
    bool is_on, is_shown;
    uint64_t step; /* that is shown */
};

/* is_wanted: unless the user asked for none. */
void progress_init(struct progress *progress, bool is_wanted);

/* total_bytes 0: unknown. */
void progress_show(struct progress *progress, uint64_t done_bytes, uint64_t total_bytes,
                   uint64_t n_documents);

/* Takes the line away, before anything else is written to the terminal and at the end. */
void progress_clear(struct progress *progress);
