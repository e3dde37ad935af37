/* report: what is said at the end of a run: the findings, the tally, what the dissector and the
 * capture counted, and what was lost. Plain data, frozen while renderers read it. */
#pragma once

#include "dissector/stats.h"
#include "output/finding.h"
#include "output/source.h"
#include "output/tally.h"

/* What the capturing machine said of its own losses, and ours. */
struct capture_losses {
    bool is_known; /* the first three are */
    uint64_t n_received, n_dropped, n_interface_dropped;
    uint64_t n_lane_dropped; /* segments that came faster than a thread of ours took them */
};

/* What the program knows at the end of a run beside the events. */
struct run_facts {
    struct dissector_stats stats;
    struct capture_losses losses;
    uint64_t n_records_lost; /* that a live run could not write in time, or at all */
    bool has_frames;
    int64_t first_ns, last_ns; /* earliest and latest frame time, with has_frames */
    uint64_t n_open_connections, buffered_bytes; /* at the moment */
};

struct report {
    const char *version; /* of the program */
    struct sources sources;
    const struct run_facts *facts;
    const struct tally *tally;
    struct findings_sorted findings; /* the most harmful first */
    uint64_t n_findings_lost;        /* exchanges that raised some for which there was no room */
    bool is_filtered;                /* the tally counts chosen documents only */
};
