/* run: the life of one analysis: capture files or live traffic in, outputs written, an exit
 * status. */
#pragma once

#include "app/options.h"

/* Exit status of the program; documented in --help and README. */
enum status {
    STATUS_DONE = 0,
    STATUS_DAMAGED = 1, /* an input could not be opened, was cut or damaged, or output failed */
    STATUS_USAGE = 2,
    STATUS_MATCHED = 3, /* --fail-on; wins over 1, for what was seen was seen */
};

enum status run_analysis(const struct options *options);
