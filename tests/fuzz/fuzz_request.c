/* A request body whole, and again byte by byte: the same must be learnt from it. */
#include "dissector/dav/request.h"

#include <stdlib.h>

static struct request decode(struct span bytes, size_t max_bytes)
{
    struct request request = {.is_seen = true, .operation = OPERATION_REPORT};
    struct request_body *body;
    if (request_body_open(&body, &limits_default, &request) != FEED_OK)
        abort();
    enum feed feed = FEED_OK;
    for (; bytes.len > 0 && feed == FEED_OK; bytes = span_after(bytes, max_bytes))
        feed = request_body_feed(body, span_first(bytes, max_bytes));
    request_body_finish(body, true);
    request_body_close(body);
    request_free(&request);
    return request;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct request whole = decode(span_of(data, size), size + 1);
    struct request bytewise = decode(span_of(data, size), 1);
    if (whole.operation != bytewise.operation || whole.n_hrefs != bytewise.n_hrefs ||
        whole.has_sync_token != bytewise.has_sync_token ||
        whole.is_body_whole != bytewise.is_body_whole ||
        whole.names_properties != bytewise.names_properties)
        abort();
    request_set_depth(&whole, span_of(data, size));
    return 0;
}
