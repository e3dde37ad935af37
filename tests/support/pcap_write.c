/* Frames arrive, a capture file leaves, in the byte order of this machine. Errors of the file are
 * for its owner to ask with ferror. */
#include "tests/support/pcap_write.h"

enum { MAGIC_NANOSECONDS = 0xa1b23c4d, LINKTYPE_ETHERNET = 1, SNAPLEN_BYTES = 262144 };

void pcap_write_header(FILE *file)
{
    const uint32_t header[6] = {
        MAGIC_NANOSECONDS, 2 | 4 << 16, 0, 0, SNAPLEN_BYTES, LINKTYPE_ETHERNET,
    };
    fwrite(header, sizeof header, 1, file);
}

void pcap_write_frame(FILE *file, struct span frame, int64_t time_ns)
{
    const uint32_t header[4] = {
        (uint32_t)(time_ns / 1000000000),
        (uint32_t)(time_ns % 1000000000),
        (uint32_t)frame.len,
        (uint32_t)frame.len,
    };
    fwrite(header, sizeof header, 1, file);
    fwrite(frame.ptr, frame.len, 1, file);
}
