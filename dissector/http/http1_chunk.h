/* http1_chunk: the chunk-size line, RFC 9112 §7.1. */
#pragma once

#include "dissector/base/span.h"

/* chunk-size [ chunk-ext ] of a line without its line end. White space around the size is tolerated
 * (old servers pad it), extensions are passed over. False when there is no hexadecimal number, when
 * it exceeds INT64_MAX or when something other than an extension follows. */
bool http1_chunk_size(struct span line, uint64_t *size_bytes);

/* Whether a line that begins with part can still be one. */
bool http1_chunk_is_possible(struct span part);
