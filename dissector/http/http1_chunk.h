/* http1_chunk: the chunk-size line, RFC 9112 §7.1, and what a body of chunks ends with. */
#pragma once

#include "dissector/base/span.h"

/* chunk-size [ chunk-ext ] of a line without its line end. White space around the size is tolerated
 * (old servers pad it), extensions are passed over. False when there is no hexadecimal number, when
 * it exceeds INT64_MAX or when something other than an extension follows. */
bool http1_chunk_size(struct span line, uint64_t *size_bytes);

/* Whether a line that begins with part can still be one. */
bool http1_chunk_is_possible(struct span part);

/* The line end behind a chunk, the last chunk and the empty line. */
enum { HTTP1_CHUNKS_END_BYTES = 7 };

/* The latest bytes of a chunk; zeroed at its beginning. */
struct http1_chunk_ending {
    uint8_t bytes[HTTP1_CHUNKS_END_BYTES];
};

/* Takes in the next bytes. */
void http1_chunk_ending_take(struct http1_chunk_ending *ending, struct span bytes);

/* Whether they are what ends all chunks: then the chunk was perhaps shorter than its line said. Or
 * whether they can become that with the next bytes, or are it. */
bool http1_chunk_ending_is_last(const struct http1_chunk_ending *ending);
bool http1_chunk_ending_may_be_last(const struct http1_chunk_ending *ending);
