/* The table of codings; see decompress.h. */
#include "capture/decompress.h"

#include <stddef.h>

/* zstd before lz4: both may begin with a skippable frame, and only tools of zstd write such. */
static const struct decompress *const codings[] = {
    &decompress_gzip, &decompress_zstd, &decompress_lz4, &decompress_xz, &decompress_bzip2,
};

bool decompress_is_skippable(struct span head)
{
    static const uint8_t magic_end[] = {0x2a, 0x4d, 0x18}; /* after a byte 0x50 to 0x5f */
    return head.len > 0 && (head.ptr[0] & 0xf0) == 0x50 &&
           span_starts(span_after(head, 1), span_of(magic_end, sizeof magic_end));
}

const struct decompress *decompress_find(struct span head)
{
    for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++) {
        if (codings[i]->matches(head))
            return codings[i];
    }
    return NULL;
}
