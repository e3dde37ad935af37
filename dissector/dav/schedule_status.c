/* The first digit tells the class; 5.1 alone may succeed later without a change. */
#include "dissector/dav/schedule_status.h"

/* "3.7;..." is 307; 0: it does not begin so. */
static uint16_t read_code(struct span text)
{
    if (!span_has_digit(text, 0) || !span_has_digit(text, 2) || text.ptr[1] != '.')
        return 0;
    int minor = text.ptr[2] - '0';
    if (span_has_digit(text, 3))
        minor = minor * 10 + text.ptr[3] - '0';
    return (uint16_t)((text.ptr[0] - '0') * 100 + minor);
}

void schedule_status_judge(struct resource *resource)
{
    uint16_t code = read_code(resource->status.reason);
    resource->schedule_status = code;
    resource->class = OUTCOME_UNKNOWN;
    resource->retry = RETRY_NONE;
    switch (code / 100) {
    case 1:
        resource->class = OUTCOME_PENDING;
        resource->retry = RETRY_LATER;
        break;
    case 2:
        resource->class = OUTCOME_OK;
        break;
    case 3:
    case 4:
    case 5:
        resource->class = OUTCOME_FAILED;
        resource->retry = code == 501 ? RETRY_LATER : RETRY_AFTER_FIX;
        break;
    default:
        break;
    }
}
