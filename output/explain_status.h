/* explain_status: what an HTTP status inside a Multi-Status means, in plain words (DOMAIN.md 2.4,
 * 2.5), and what to do. A constant table. */
#pragma once

#include "dissector/event.h"

struct status_row {
    uint16_t code;
    enum outcome class; /* where no rule of the operation says otherwise */
    enum retry retry;
    const char *source;  /* specification */
    const char *meaning; /* with what differs by operation */
    const char *action;  /* NULL: nothing has to be done */
};

/* Row i in ascending order, NULL behind the last. */
const struct status_row *status_row_at(size_t i);

/* NULL: no row. */
const struct status_row *status_row_find(uint16_t code);
