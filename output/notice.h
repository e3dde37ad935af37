/* notice: an exchange that the filter chose and that has something to show: a document, or
 * findings. For whoever wants more of it than its record, such as its packets. Borrowed until the
 * callback returns; it must not call output.h, but for output_put_packets and output_end_packets.
 */
#pragma once

#include "output/record.h"

struct notice {
    const struct event_connection *connection;
    const struct exchange *exchange;
    struct origin origin;              /* of the frame that completed it */
    const struct record *record;       /* NULL: it has no document */
    const struct sightings *sightings; /* the findings it raised, the worst first; or NULL */
    /* It was given before; these findings came of what did not follow. Of the exchange only the
     * target, the client's program and the times of the request are there. */
    bool is_late;
};

struct notice_sink {
    void (*notice)(void *ctx, const struct notice *notice); /* NULL: nobody asks */
    void *ctx;
};
