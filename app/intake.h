/* intake: what is analysed, capture files or live traffic, as one sequence of capture items. Knows
 * the options that choose it; the rest of the program does not ask which of the two it is. One
 * owner thread. */
#pragma once

#include "app/options.h"
#include "capture/live.h"
#include "capture/timeline.h"

struct intake {
    /* fields are private */
    struct timeline *timeline; /* files */
    struct live *live;         /* or interfaces */
};

enum intake_opened { INTAKE_OPEN, INTAKE_FAILED, INTAKE_USAGE };

/* Interfaces are open and capturing after this; files are opened as they are read. Else error says
 * why. The options must outlive it; intake_close is always allowed. */
enum intake_opened intake_open(struct intake *intake, const struct options *options,
                               struct error *error);

/* As timeline_next and live_next. */
enum capture_result intake_next(struct intake *intake, struct capture_item *item);

struct capture_counts intake_counts(const struct intake *intake);

/* Of files; all 0 for live traffic. */
struct capture_progress intake_progress(const struct intake *intake);

void intake_close(struct intake *intake);
