/* scene: runs of events that every renderer is tried on. A scene is a row: its name, what it sends
 * and what it changes of the run (facts, filter). */
#pragma once

#include "tests/support/output_run.h"

struct scene {
    const char *name;
    void (*prepare)(struct output_run *run); /* before output_run_open, or NULL */
    void (*send)(struct event_sink sink);    /* or NULL */
};

/* Row i, NULL behind the last. */
const struct scene *scene_at(size_t i);
