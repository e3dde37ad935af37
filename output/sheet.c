/* Records and reports arrive, text leaves; see sheet.h. */
#include "output/sheet.h"

#include "output/loss.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

/* One record may be so long as text; a longer one is lost and counted. */
#define MAX_PIECE_BYTES ((size_t)256 << 20)

static const char *name_of(const struct sheet *sheet)
{
    const char *stream = sheet->is_stderr ? "standard error" : "standard output";
    return sheet->path ? sheet->path : stream;
}

static void begin_piece(struct sheet *sheet)
{
    writer_init_memory(&sheet->writer, MAX_PIECE_BYTES);
    writer_set_coloured(&sheet->writer, sheet->is_coloured);
}

/* Hands over what the renderer wrote. */
static void end_piece(struct sheet *sheet)
{
    if (!sheet->outlet) {
        writer_flush(&sheet->writer);
        return;
    }
    if (sheet->writer.error == 0) {
        outlet_put(sheet->outlet, writer_span(&sheet->writer));
        writer_clear(&sheet->writer);
        return;
    }
    sheet->n_lost_before++;
    (void)writer_close(&sheet->writer);
    begin_piece(sheet);
}

/* Packets may bring secrets along. */
static unsigned mode_of(const struct sheet *sheet)
{
    return sheet->renderer->is_packets ? 0600u : 0666u;
}

static bool open_live(struct sheet *sheet, struct error *error)
{
    int fd = sheet->is_stderr ? STDERR_FILENO : STDOUT_FILENO;
    if (sheet->path)
        fd = open(sheet->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode_of(sheet));
    begin_piece(sheet);
    if (fd < 0)
        return error_set(error, "%s: %s", sheet->path, strerror(errno));
    sheet->outlet = outlet_open(fd, sheet->path != NULL, OUTLET_MAX_BYTES);
    if (!sheet->outlet && sheet->path)
        (void)close(fd);
    return sheet->outlet || error_set(error, "no memory");
}

bool sheet_open(struct sheet *sheet, bool is_live, bool is_coloured, struct error *error)
{
    bool is_stdout = !sheet->path && !sheet->is_stderr;
    sheet->is_coloured = is_coloured && is_stdout;
    sheet->render.writer = &sheet->writer;
    if (is_live && !open_live(sheet, error))
        return false;
    if (!is_live && sheet->path)
        writer_create(&sheet->writer, sheet->path, mode_of(sheet));
    else if (!is_live)
        writer_init(&sheet->writer, is_stdout ? STDOUT_FILENO : STDERR_FILENO, sheet->is_coloured);
    if (sheet->writer.error != 0)
        return error_set(error, "%s: %s", sheet->path, strerror(sheet->writer.error));
    if (sheet->renderer->begin)
        sheet->renderer->begin(&sheet->render);
    return true;
}

void sheet_document(struct sheet *sheet, const struct record *record)
{
    if (!sheet->renderer->document)
        return;
    sheet->renderer->document(&sheet->render, record);
    if (sheet->outlet || sheet->renderer->is_live)
        end_piece(sheet);
}

void sheet_put(struct sheet *sheet, struct span bytes)
{
    writer_bytes(&sheet->writer, bytes);
}

void sheet_end_piece(struct sheet *sheet)
{
    if (sheet->outlet)
        end_piece(sheet);
}

void sheet_report(struct sheet *sheet, const struct report *report)
{
    if (!sheet->renderer->report || !sheet->renderer->is_report_repeatable)
        return;
    sheet->renderer->report(&sheet->render, report);
    sheet->render.is_repeated = true;
    end_piece(sheet);
}

bool sheet_is_wanted(const struct sheet *sheet)
{
    int error = sheet->writer.error;
    /* What else an outlet loses it may be able to write later. */
    if (sheet->outlet)
        error = outlet_error(sheet->outlet) == EPIPE ? EPIPE : 0;
    return error == 0 && !sheet->is_stderr;
}

uint64_t sheet_n_lost(const struct sheet *sheet)
{
    return sheet->n_lost_before + (sheet->outlet ? outlet_n_lost(sheet->outlet) : 0);
}

bool sheet_take_news(struct sheet *sheet, struct error *text)
{
    int error = sheet->outlet ? outlet_error(sheet->outlet) : 0;
    if (error == sheet->told_error)
        return false;
    uint64_t n_lost = sheet_n_lost(sheet) - sheet->told_lost;
    if (error == 0)
        (void)error_set(text, "%s: going on; %" PRIu64 " records were lost", name_of(sheet),
                        n_lost);
    else
        (void)error_set(text, "%s: %s; records are being lost", name_of(sheet),
                        loss_text(error, "its reader is too slow"));
    if (error == 0)
        sheet->told_lost = sheet_n_lost(sheet);
    sheet->told_error = error;
    return true;
}

bool sheet_reopen(struct sheet *sheet, struct error *error)
{
    struct stat about;
    if (!sheet->outlet || !sheet->path)
        return true;
    int fd = open(sheet->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode_of(sheet));
    if (fd < 0)
        return error_set(error, "%s: cannot open anew: %s", sheet->path, strerror(errno));
    outlet_replace(sheet->outlet, fd);
    bool is_new = fstat(fd, &about) == 0 && about.st_size == 0;
    if (is_new && sheet->renderer->begin && writer_span(&sheet->writer).len == 0)
        sheet->renderer->begin(&sheet->render);
    return true;
}

static int end_outlet(struct sheet *sheet)
{
    uint64_t n_lost = 0;
    int error = outlet_close(sheet->outlet, &n_lost);
    sheet->outlet = NULL;
    sheet->n_lost_before += n_lost;
    return sheet->n_lost_before > 0 && error == 0 ? LOSS_TOO_SLOW : error;
}

bool sheet_finish(struct sheet *sheet, const struct report *report, struct error *error)
{
    if (sheet->renderer->report)
        sheet->renderer->report(&sheet->render, report);
    end_piece(sheet);
    int failure = sheet->outlet ? end_outlet(sheet) : 0;
    int written = writer_close(&sheet->writer);
    if (failure == 0)
        failure = written;
    if (failure == 0 || failure == EPIPE)
        return true;
    if (sheet->n_lost_before == 0)
        return error_set(error, "%s: %s", name_of(sheet), strerror(failure));
    return error_set(error, "%s: %s; %" PRIu64 " records were lost in all", name_of(sheet),
                     loss_text(failure, "its reader was too slow"), sheet->n_lost_before);
}

void sheet_close(struct sheet *sheet)
{
    if (sheet->outlet)
        (void)end_outlet(sheet);
    (void)writer_close(&sheet->writer);
}
