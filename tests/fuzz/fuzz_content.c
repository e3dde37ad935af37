/* First byte: label and cuts; the rest: a body. Content and whether it is whole depend on no cut.
 */
#include "dissector/http/content.h"

#include <stdlib.h>

static const char *const labels[] = {"",   "gzip", "deflate",          "deflate, gzip",
                                     "br", "zstd", "gzip, gzip, gzip", "unknown"};
static const struct origin origin = {.frame = 1};

static enum feed take(void *ctx, struct span bytes, const struct origin *at)
{
    uint64_t *sum = ctx;
    for (size_t i = 0; i < bytes.len; i++)
        *sum = *sum * 31 + bytes.ptr[i] + at->frame;
    return FEED_OK;
}

static void note(void *ctx, const struct anomaly *anomaly)
{
    *(uint64_t *)ctx += (uint64_t)anomaly->kind << 32;
}

static uint64_t decode(uint8_t choice, struct span body, size_t step)
{
    uint64_t sum = 1;
    struct content content;
    struct limits limits = limits_default;
    struct content_sink sink = {take, note, &sum};
    limits.max_decoded_bytes = 1 << 20;
    content_init(&content, &limits, span_str(labels[choice % 8]), sink);
    for (; body.len > 0; body = span_after(body, step))
        content_feed(&content, span_first(body, step), &origin);
    content_finish(&content, END_COMPLETE, &origin);
    uint64_t whole_sum = content_is_whole(&content) ? sum : 0;
    content_free(&content);
    return whole_sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span body = span_after(span_of(data, size), 1);
    if (size > 0 && decode(data[0], body, size) != decode(data[0], body, 1 + data[0] / 8u))
        abort();
    return 0;
}
