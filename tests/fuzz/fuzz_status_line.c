/* Any text as a status line: a code in its range, a reason inside the text. */
#include "dissector/dav/schedule_status.h"
#include "dissector/dav/status_line.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = span_of(data, size);
    struct status_line line = status_line_parse(text);
    if (line.code != 0 && (line.code < 100 || line.code > 999 || !line.is_present))
        abort();
    if (line.reason.len > 0 &&
        (line.reason.ptr < data || line.reason.ptr + line.reason.len > data + size))
        abort();
    struct resource resource = {.status.reason = text};
    schedule_status_judge(&resource);
    return 0;
}
