/* href_drift: the least that has to be overlooked for two hrefs to agree (enum drift). All texts
 * are compared as forms (href.h) in two scratch buffers. */
#pragma once

#include "dissector/dav/href.h"

/* Everything that is a matter of the form: all but a rewriting. */
#define DRIFT_LOOSE (DRIFT_ANY & ~(uint32_t)DRIFT_REWRITE)

struct href_drift {
    struct span base;    /* for relative references */
    struct buf forms[2]; /* as the last call left them */
    bool is_nomem;       /* for good; forms are empty then */
};

void href_drift_init(struct href_drift *drift, struct span base);

/* The form of href in drift->forms[i]. */
struct span href_drift_form(struct href_drift *drift, int i, struct span href, uint32_t overlooked);

/* What must be overlooked for both to be the same, when it is known that DRIFT_LOOSE is enough. */
uint32_t href_drift_of_same(struct href_drift *drift, struct span asked, struct span answered);

/* The relation that target has to href, with the least overlooked that leaves it not outside; 0 in
 * *drifts when it is outside in any case. A slash that only the answer has at its end is right. */
enum relation href_drift_relation(struct href_drift *drift, struct span target, struct span href,
                                  uint32_t *drifts);

size_t href_drift_bytes(const struct href_drift *drift);
void href_drift_free(struct href_drift *drift);
