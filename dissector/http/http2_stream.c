/* Ids in, streams out. */
#include "dissector/http/http2_stream.h"

#include <stdlib.h>

/* How many streams there are is bounded by their owner, so no choice of ids makes a search long. */
static uint64_t hash_of(uint32_t id)
{
    return id * UINT64_C(0x9e3779b97f4a7c15) >> 32;
}

static bool matches(const struct table_node *node, const void *key)
{
    return ((const struct http2_stream *)node)->id == *(const uint32_t *)key;
}

struct http2_stream *http2_stream_find(const struct table *streams, uint32_t id)
{
    return (struct http2_stream *)table_find(streams, hash_of(id), matches, &id);
}

struct http2_stream *http2_stream_add(struct table *streams, uint32_t id, int64_t time_ns)
{
    struct http2_stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return NULL;
    stream->id = id;
    if (table_insert(streams, &stream->node, hash_of(id), time_ns))
        return stream;
    free(stream);
    return NULL;
}

void http2_stream_remove(struct table *streams, struct http2_stream *stream)
{
    table_remove(streams, &stream->node);
    free(stream);
}
