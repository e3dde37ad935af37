/* outlet: the way out for a run that must never wait. Whoever writes puts whole pieces (a record, a
 * report) into a bounded queue; a thread of the outlet's own writes them to a descriptor.
 *
 * A piece is written whole or not at all: what finds no room in the queue, or cannot be written
 * (disk full), is lost and counted, and a regular file is cut back to its last whole piece. The
 * next piece is tried again, so that output goes on once there is room. A reader that went away
 * (EPIPE) is for good.
 *
 * All functions are for one thread, the owner. The outlet's thread begins with the first piece, so
 * that it has what the process gave up until then. */
#pragma once

#include "dissector/base/span.h"

/* A reader may be so far behind: a listing of 100,000 resources has about 60 MiB and alone in the
 * queue it has room always; a usual record has some KiB. */
#define OUTLET_MAX_BYTES ((size_t)16 << 20)

struct outlet;

/* fd is closed at the end when is_owned. max_bytes bounds the queue, but for one piece that is
 * larger alone. NULL: no memory. */
struct outlet *outlet_open(int fd, bool is_owned, size_t max_bytes);

/* Never waits. The bytes are copied; none are no piece. */
void outlet_put(struct outlet *outlet, struct span piece);

/* Goes on writing to this descriptor, owned, with the next piece that is put; also after EPIPE.
 * What is queued still goes to the old one: the next may be a table's head. */
void outlet_replace(struct outlet *outlet, int fd);

/* Why pieces are being lost (loss.h); LOSS_TOO_SLOW: the reader is. */
int outlet_error(const struct outlet *outlet);

/* Pieces lost so far. */
uint64_t outlet_n_lost(const struct outlet *outlet);

/* Writes what is queued, as long as that goes on; what is stuck for OUTLET_PATIENCE_MS is lost.
 * Then ends the thread. Returns outlet_error as it was at the end. The outlet is gone. */
enum { OUTLET_PATIENCE_MS = 500 };
int outlet_close(struct outlet *outlet, uint64_t *n_lost);
