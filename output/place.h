/* place: frames to open in Wireshark, and when it was. Frames count in each capture from 1, and an
 * answer may begin in one and end in the next. */
#pragma once

#include "dissector/event.h"

/* Of one response; of the request when there is none. */
struct place {
    uint32_t source, last_source; /* origin.source of the two */
    uint64_t first_frame, last_frame;
    int64_t time_ns; /* of the first */
};

/* origin: of the event that ended the exchange, for what is not known otherwise. */
struct place place_of(const struct exchange *exchange, const struct origin *origin);
