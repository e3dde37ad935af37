/* Origins that were never set have ordinal 0; see place.h. */
#include "output/place.h"

static bool is_set(const struct origin *origin)
{
    return origin->ordinal > 0;
}

struct place place_of(const struct exchange *exchange, const struct origin *origin)
{
    const struct exchange_message *message = &exchange->response;
    if (!is_set(&message->first) && is_set(&exchange->request.first))
        message = &exchange->request;
    const struct origin *first = is_set(&message->first) ? &message->first : origin;
    const struct origin *last = is_set(&message->last) ? &message->last : origin;
    return (struct place){
        .source = first->source,
        .last_source = last->source,
        .first_frame = first->frame,
        .last_frame = last->frame,
        .time_ns = first->time_ns,
    };
}
