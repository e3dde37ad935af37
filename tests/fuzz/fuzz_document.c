/* A body whole, and again in small feeds: the same must come of it. The first byte chooses the HTTP
 * status, the charset and where bytes are missing, the second how many and how small the feeds are.
 */
#include "tests/support/document_play.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const charsets[] = {"", "utf-8", "iso-8859-1", "utf-16"};
    if (size < 2)
        return 0;
    struct document_case played = {
        .body = span_of(data + 2, size - 2),
        .http_status = data[0] & 1 ? 200 : 207,
        .charset = charsets[data[0] >> 1 & 3],
        .shows_offsets = true,
    };
    struct document_plan whole = {
        .gap_at = (data[0] >> 3) * (size - 2) / 32,
        .gap_bytes = data[0] >> 3 ? 1 + (size_t)(data[1] >> 5) * (data[1] >> 5) : 0,
        .cut_at = SIZE_MAX,
    };
    struct document_plan pieces = whole;
    pieces.max_bytes = 1 + data[1] % 32;
    char *expected = document_play(&played, &whole);
    char *got = document_play(&played, &pieces);
    if (strcmp(expected, got) != 0)
        abort();
    free(expected);
    free(got);
    return 0;
}
