/* Sums; see counts.h. */
#include "output/counts.h"

struct counts counts_of(const struct record *record)
{
    struct counts counts = {.n_documents = 1, .n_resources = record->end.n_resources};
    counts.by_verdict[record->end.verdict] = 1;
    memcpy(counts.by_class, record->end.by_class, sizeof counts.by_class);
    return counts;
}

void counts_add(struct counts *sum, const struct counts *more)
{
    sum->n_documents += more->n_documents;
    sum->n_resources += more->n_resources;
    for (unsigned i = 0; i < VERDICT_N; i++)
        sum->by_verdict[i] += more->by_verdict[i];
    for (unsigned i = 0; i < OUTCOME_N; i++)
        sum->by_class[i] += more->by_class[i];
}

uint64_t counts_n_problems(const uint64_t by_class[OUTCOME_N])
{
    uint64_t n = 0;
    for (unsigned i = 0; i < OUTCOME_N; i++)
        n += outcome_is_problem((enum outcome)i) ? by_class[i] : 0;
    return n;
}
