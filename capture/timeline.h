/* timeline: several captures as one, merged by time. Each capture keeps its own order, whatever its
 * times say; among captures the earliest waiting frame comes first, and equal times come in the
 * order of the captures. So files rotated one after another and files that overlap both work.
 *
 * A regular file is held open only from its first frame's turn to its end, so that memory follows
 * the number of overlapping files, not of all files. What cannot be read is reported in its turn
 * and does not stop the others. One owner thread. */
#pragma once

#include "capture/capture.h"

struct timeline;

/* paths and their strings must stay until timeline_close; an item's origin.source is the index in
 * paths. stop as in capture_open. NULL only when there is no memory. */
struct timeline *timeline_open(const char *const *paths, size_t n_paths,
                               const volatile sig_atomic_t *stop);

/* As capture_next, for all captures. origin.ordinal counts frames from 1. Spans are valid until the
 * next call; interface names until timeline_close. */
enum capture_result timeline_next(struct timeline *t, struct capture_item *item);

/* Sums over all captures. */
struct capture_counts timeline_counts(const struct timeline *t);
struct capture_progress timeline_progress(const struct timeline *t);

/* Gives everything back. NULL is allowed. */
void timeline_close(struct timeline *t);
