/* request_objects: how many vCards a bulk change in its simple form brings, one behind the other
 * (DOMAIN.md 1.9, RFC 6350 §6.1.1). iCalendar objects are not counted: one of them can hold many
 * resources. */
#pragma once

#include "dissector/base/span.h"

enum { REQUEST_OBJECTS_LINE_BYTES = 16 };

struct request_objects {
    /* fields are private; zeroed: nothing fed */
    uint64_t n;
    uint8_t line[REQUEST_OBJECTS_LINE_BYTES]; /* the beginning of the current line */
    size_t line_len;                          /* of all of it */
};

void request_objects_feed(struct request_objects *objects, struct span bytes);
uint64_t request_objects_finish(struct request_objects *objects);
