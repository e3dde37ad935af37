/* Lines that begin an object are counted; the beginning of each line is enough to know them. */
#include "dissector/dav/request_objects.h"

static void end_line(struct request_objects *objects)
{
    if (objects->line_len <= REQUEST_OBJECTS_LINE_BYTES) {
        struct span line = span_trim(span_of(objects->line, objects->line_len));
        objects->n += span_equal_nocase(line, span_str("BEGIN:VCARD"));
    }
    objects->line_len = 0;
}

void request_objects_feed(struct request_objects *objects, struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        if (bytes.ptr[i] == '\n') {
            end_line(objects);
            continue;
        }
        if (objects->line_len < REQUEST_OBJECTS_LINE_BYTES)
            objects->line[objects->line_len] = bytes.ptr[i];
        objects->line_len++;
    }
}

uint64_t request_objects_finish(struct request_objects *objects)
{
    end_line(objects);
    return objects->n;
}
