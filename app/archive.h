/* archive: files into a folder, for a run that must never wait for the disk. Whoever has something
 * to keep puts it into a bounded queue; a thread of the archive's own makes whole files of it
 * (whole_file.h).
 *
 * What finds no room in the queue, or cannot be written, is lost and counted, and the next one is
 * tried again. A disk that hangs costs what is put meanwhile and nothing else.
 *
 * All functions are for one thread, the owner. The archive's thread begins with the first file, so
 * that it has what the process gave up until then. */
#pragma once

#include "dissector/base/buf.h"

#include <stdbool.h>

/* Contents that wait may be so large together; one alone has room always. */
#define ARCHIVE_MAX_BYTES ((size_t)32 << 20)

enum { ARCHIVE_NAME_BYTES = 128 };

struct archive;

/* The folder must outlive it. waits_for_disk: without a thread, for who has time and wants every
 * file. NULL: no memory. */
struct archive *archive_open(const char *folder, bool waits_for_disk);

/* Takes the content over, and wipes it when it is done with. name is shorter than
 * ARCHIVE_NAME_BYTES. */
void archive_put(struct archive *archive, const char *name, struct buf *content);

/* What was to be kept could not be made, for this reason (loss.h). */
void archive_lose(struct archive *archive, int failure);

struct archive_state {
    uint64_t n_written, n_lost, n_waiting;
    int failure; /* why files are being lost (loss.h); LOSS_TOO_SLOW: the disk is */
};

struct archive_state archive_state(struct archive *archive);

/* Waits for what is in the queue, as long as a file is done every ARCHIVE_PATIENCE_MS, and not
 * longer than ARCHIVE_MAX_WAIT_MS, in which a disk that works at all has written ARCHIVE_MAX_BYTES;
 * then what is left is lost, and so is what is put afterwards. */
enum { ARCHIVE_PATIENCE_MS = 500, ARCHIVE_MAX_WAIT_MS = 3000 };
void archive_finish(struct archive *archive);

/* Finishes. A thread that hangs in the system is left behind with what it holds, for nobody can end
 * it but the end of the process. NULL is fine. */
void archive_close(struct archive *archive);
