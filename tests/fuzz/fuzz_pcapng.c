/* Any bytes as pcapng blocks behind a section header and an interface; the first byte chooses the
 * byte order. */
#include "tests/support/capture_build.h"
#include "tests/support/capture_touch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct capture_build b = {.is_big = data[0] & 1};
    build_section(&b);
    build_interface(&b, 1, 0, span_of(NULL, 0));
    build_bytes(&b, span_of(data + 1, size - 1));
    capture_touch(build_span(&b));
    build_free(&b);
    return 0;
}
