/* Draws and clears the line; see progress.h. What cannot be written is not missed. */
#include "output/progress.h"

#include "output/phrase.h"

#include <inttypes.h>
#include <unistd.h>

enum { BAR_COLUMNS = 24, LINE_BYTES = 512 };

#define UNKNOWN_STEP_BYTES ((uint64_t)16 << 20)

static uint64_t step_of(uint64_t done_bytes, uint64_t total_bytes)
{
    if (total_bytes == 0)
        return done_bytes / UNKNOWN_STEP_BYTES;
    if (done_bytes >= total_bytes)
        return 1000;
    /* done * 1000 could be too large for 64 bits. */
    return total_bytes < UINT64_MAX / 1000 ? done_bytes * 1000 / total_bytes
                                           : done_bytes / (total_bytes / 1000);
}

static void write_bar(struct writer *line, uint64_t per_mille)
{
    size_t filled = (size_t)(per_mille * BAR_COLUMNS / 1000);
    writer_text(line, "[");
    writer_repeat(line, '#', filled);
    writer_repeat(line, ' ', BAR_COLUMNS - filled);
    writer_format(line, "] %" PRIu64 ".%" PRIu64 "%%  ", per_mille / 10, per_mille % 10);
}

static void hand_out(struct progress *progress, struct writer *line)
{
    struct writer out;
    writer_init(&out, progress->fd, false);
    writer_bytes(&out, writer_span(line));
    (void)writer_close(&out);
    (void)writer_close(line);
}

void progress_init(struct progress *progress, bool is_wanted)
{
    *progress = (struct progress){.fd = STDERR_FILENO};
    progress->is_on = is_wanted && isatty(STDERR_FILENO);
}

void progress_show(struct progress *progress, uint64_t done_bytes, uint64_t total_bytes,
                   uint64_t n_documents)
{
    uint64_t step = step_of(done_bytes, total_bytes);
    if (!progress->is_on || (progress->is_shown && step == progress->step))
        return;
    struct writer line;
    writer_init_memory(&line, LINE_BYTES);
    writer_text(&line, "\r");
    if (total_bytes > 0)
        write_bar(&line, step);
    phrase_bytes(&line, done_bytes);
    if (total_bytes > 0) {
        writer_text(&line, " of ");
        phrase_bytes(&line, total_bytes);
    }
    writer_text(&line, ", ");
    phrase_count(&line, n_documents, "Multi-Status", "Multi-Status");
    writer_text(&line, "\x1b[K");
    hand_out(progress, &line);
    progress->is_shown = true;
    progress->step = step;
}

void progress_clear(struct progress *progress)
{
    if (!progress->is_shown)
        return;
    struct writer line;
    writer_init_memory(&line, LINE_BYTES);
    writer_text(&line, "\r\x1b[K");
    hand_out(progress, &line);
    progress->is_shown = false;
}
