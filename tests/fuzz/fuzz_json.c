/* Results in JSON whole, and again in small feeds: the same must come of them. The first byte
 * chooses the HTTP status, the second how small. */
#include "tests/support/document_play.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct request post = {.is_seen = true, .operation = OPERATION_POST};
    if (size < 2)
        return 0;
    struct document_case played = {
        .body = span_of(data + 2, size - 2),
        .http_status = data[0] & 1 ? 200 : 207,
        .request = &post,
        .media_type = "application/json",
        .reads_batches = true,
    };
    struct document_plan whole = {.cut_at = SIZE_MAX};
    struct document_plan pieces = {.cut_at = SIZE_MAX, .max_bytes = 1 + data[1] % 32};
    char *expected = document_play(&played, &whole);
    char *got = document_play(&played, &pieces);
    if (strcmp(expected, got) != 0)
        abort();
    free(expected);
    free(got);
    return 0;
}
