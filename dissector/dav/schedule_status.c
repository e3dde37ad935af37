/* The first digit tells the class; 5.1 alone may succeed later without a change. */
#include "dissector/dav/schedule_status.h"

void schedule_status_judge(struct resource *resource)
{
    struct span text = resource->status.reason;
    resource->class = OUTCOME_UNKNOWN;
    resource->retry = RETRY_NONE;
    if (text.len < 3 || text.ptr[1] != '.')
        return;
    switch (text.ptr[0]) {
    case '1':
        resource->class = OUTCOME_PENDING;
        resource->retry = RETRY_LATER;
        break;
    case '2':
        resource->class = OUTCOME_OK;
        break;
    case '3':
    case '4':
    case '5':
        resource->class = OUTCOME_FAILED;
        resource->retry = span_starts(text, span_str("5.1")) ? RETRY_LATER : RETRY_AFTER_FIX;
        break;
    default:
        break;
    }
}
