/* A ring that is searched from end to end, when a connection begins; see strays.h. */
#include "dissector/strays.h"

#include <stdlib.h>

struct stray {
    struct segment segment;
    struct turn turn;
    bool is_kept;
};

void strays_init(struct strays *strays, const struct limits *limits)
{
    *strays = (struct strays){.limits = limits};
}

void strays_keep(struct strays *strays, const struct segment *segment, const struct turn *turn)
{
    size_t max = strays->limits->max_strays;
    if (!strays->kept && max > 0)
        strays->kept = calloc(max, sizeof *strays->kept);
    if (!strays->kept || segment->n_frames > 0)
        return;
    strays->kept[strays->n++ % max] =
        (struct stray){.segment = *segment, .turn = *turn, .is_kept = true};
}

bool strays_take(struct strays *strays, const struct segment *segment, const struct turn *turn,
                 struct segment *stray)
{
    size_t max = strays->limits->max_strays;
    const struct endpoint ends[2] = {segment->source, segment->destination};
    for (size_t i = 0; i < strays->n && i < max; i++) {
        struct stray *kept = &strays->kept[i];
        if (!kept->is_kept || kept->turn.hash != turn->hash ||
            !segment_is_between(&kept->segment, ends) ||
            !turn_is_near(&kept->turn, turn, strays->limits))
            continue;
        kept->is_kept = false;
        *stray = kept->segment;
        return true;
    }
    return false;
}

size_t strays_buffered_bytes(const struct strays *strays)
{
    return strays->kept ? strays->limits->max_strays * sizeof *strays->kept : 0;
}

void strays_free(struct strays *strays)
{
    free(strays->kept);
    strays->kept = NULL;
}
