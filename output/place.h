/* place: frames to open in Wireshark, and when it was. */
#pragma once

#include "dissector/event.h"

/* Of one response; of the request when there is none. */
struct place {
    uint32_t source; /* origin.source */
    uint64_t first_frame, last_frame;
    int64_t time_ns;
};

/* origin: of the event that ended the exchange, for what is not known otherwise. */
struct place place_of(const struct exchange *exchange, const struct origin *origin);
