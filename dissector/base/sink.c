/* Names of the ways a stream ends. */
#include "dissector/base/sink.h"

#include <assert.h>

static const char *const end_names[END_N] = {
    [END_COMPLETE] = "complete", [END_FIN] = "fin",         [END_RESET] = "reset",
    [END_IDLE] = "idle",         [END_CAPTURE] = "capture", [END_GAP] = "gap",
    [END_DAMAGED] = "damaged",   [END_EVICTED] = "evicted", [END_REPLACED] = "replaced",
};

const char *end_name(enum end why)
{
    assert((unsigned)why < END_N);
    return end_names[why];
}
