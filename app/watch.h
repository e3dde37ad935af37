/* watch: when a run does something besides reading: the end by --count or --duration, the reports
 * of --interval, and what signals ask for. */
#pragma once

#include "app/options.h"

enum duty {
    DUTY_NONE,
    DUTY_REPORT,  /* print a report now */
    DUTY_REOPEN,  /* open the outputs anew */
    DUTY_SECRETS, /* read on in the key log */
    DUTY_END,
};

struct watch {
    uint64_t frames_left; /* of --count */
    /* the rest is private */
    bool is_live;
    uint64_t interval_ns;
    int64_t end_ns, report_ns, secrets_ns; /* CLOCK_MONOTONIC; INT64_MAX: never */
};

/* Call when reading begins. */
void watch_begin(struct watch *watch, const struct options *options);

/* Call for each frame. */
void watch_count(struct watch *watch);

/* What is due; ask until DUTY_NONE after each item. */
enum duty watch_next(struct watch *watch);
