/* Two hrefs are compared with everything overlooked; then each kind of difference, the gravest
 * first, is looked at again, and left out of the answer when they still agree. */
#include "dissector/dav/href_drift.h"

/* A way of comparing two hrefs, and what must come of it. */
struct comparison {
    struct href_drift *drift;
    struct span asked, answered;
    bool (*agrees)(const struct comparison *comparison, uint32_t overlooked);
    enum relation wanted;
};

void href_drift_init(struct href_drift *drift, struct span base)
{
    *drift = (struct href_drift){.base = base};
    buf_init(&drift->forms[0], SIZE_MAX);
    buf_init(&drift->forms[1], SIZE_MAX);
}

struct span href_drift_form(struct href_drift *drift, int i, struct span href, uint32_t overlooked)
{
    drift->is_nomem |= !href_form(&drift->forms[i], href, drift->base, overlooked);
    if (drift->is_nomem)
        buf_clear(&drift->forms[i]);
    return buf_span(&drift->forms[i]);
}

static bool are_same(const struct comparison *c, uint32_t overlooked)
{
    return span_equal(href_drift_form(c->drift, 0, c->asked, overlooked),
                      href_drift_form(c->drift, 1, c->answered, overlooked));
}

static bool are_related(const struct comparison *c, uint32_t overlooked)
{
    return href_relation(href_drift_form(c->drift, 0, c->asked, overlooked),
                         href_drift_form(c->drift, 1, c->answered, overlooked)) == c->wanted;
}

static uint32_t least(const struct comparison *comparison)
{
    static const uint32_t gravest_first[] = {DRIFT_CASE,           DRIFT_DOUBLE_SLASH,
                                             DRIFT_DOUBLE_ENCODED, DRIFT_UNICODE,
                                             DRIFT_ENCODING,       DRIFT_SLASH};
    uint32_t needed = DRIFT_LOOSE;
    for (size_t i = 0; i < sizeof gravest_first / sizeof *gravest_first; i++)
        if (comparison->agrees(comparison, needed & ~gravest_first[i]))
            needed &= ~gravest_first[i];
    return needed;
}

uint32_t href_drift_of_same(struct href_drift *drift, struct span asked, struct span answered)
{
    return least(&(struct comparison){drift, asked, answered, are_same, RELATION_SELF});
}

enum relation href_drift_relation(struct href_drift *drift, struct span target, struct span href,
                                  uint32_t *drifts)
{
    struct span asked = href_drift_form(drift, 0, target, 0);
    struct span answered = href_drift_form(drift, 1, href, 0);
    enum relation relation = href_relation(asked, answered);
    *drifts = 0;
    if (relation == RELATION_SELF && asked.len > 1 && span_ends_in(asked, '/') &&
        !span_ends_in(answered, '/'))
        *drifts = DRIFT_SLASH;
    if (relation != RELATION_OUTSIDE)
        return relation;
    relation = href_relation(href_drift_form(drift, 0, target, DRIFT_LOOSE),
                             href_drift_form(drift, 1, href, DRIFT_LOOSE));
    if (relation != RELATION_OUTSIDE)
        *drifts = least(&(struct comparison){drift, target, href, are_related, relation});
    return relation;
}

size_t href_drift_bytes(const struct href_drift *drift)
{
    return drift->forms[0].capacity_bytes + drift->forms[1].capacity_bytes;
}

void href_drift_free(struct href_drift *drift)
{
    buf_free(&drift->forms[0]);
    buf_free(&drift->forms[1]);
}
