/* losses: what a run itself lost (run_facts), as findings beside those of exchanges: D59 for
 * packets that the capturing machine dropped, D60 for records that an output could not take. */
#pragma once

#include "output/finding.h"
#include "output/report.h"

enum { LOSSES_MAX = 4 }; /* by the system, by an interface, by a thread, of records */

struct losses {
    struct finding findings[LOSSES_MAX];
    size_t n;
};

void losses_find(struct losses *losses, const struct run_facts *facts);
