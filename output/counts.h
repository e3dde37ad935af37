/* counts: how many documents and resources, by verdict and class. Plain sums. */
#pragma once

#include "output/record.h"

struct counts {
    uint64_t n_documents, n_resources;
    uint64_t by_verdict[VERDICT_N], by_class[OUTCOME_N];
};

/* Of one document. */
struct counts counts_of(const struct record *record);

void counts_add(struct counts *sum, const struct counts *more);

/* Resources whose class is a problem. */
uint64_t counts_n_problems(const uint64_t by_class[OUTCOME_N]);
