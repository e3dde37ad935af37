/* Any bytes as the content of a capture file: classic pcap, pcapng, compressed or nothing at all.
 */
#include "tests/support/capture_touch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    capture_touch(span_of(data, size));
    return 0;
}
