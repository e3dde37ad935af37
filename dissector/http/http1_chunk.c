/* A chunk-size line in, the size out. The names and values of extensions are of no use to us. */
#include "dissector/http/http1_chunk.h"

#include "dissector/base/hex.h"

bool http1_chunk_is_possible(struct span part)
{
    size_t n = 0;
    while (n < part.len && (part.ptr[n] == ' ' || part.ptr[n] == '\t'))
        n++;
    size_t n_before = n;
    while (n < part.len && hex_value(part.ptr[n]) >= 0)
        n++;
    static const uint8_t behind[] = " \t;\r\n";
    bool is_behind = n < part.len && memchr(behind, part.ptr[n], sizeof behind - 1);
    return n == part.len || (n > n_before && is_behind);
}

bool http1_chunk_size(struct span line, uint64_t *size_bytes)
{
    uint64_t size = 0;
    struct span digits = span_trim(span_first(line, span_find_byte(line, ';')));
    if (digits.len == 0)
        return false;
    for (size_t i = 0; i < digits.len; i++) {
        int digit = hex_value(digits.ptr[i]);
        if (digit < 0 || size > (uint64_t)INT64_MAX >> 4)
            return false;
        size = size << 4 | (uint64_t)digit;
    }
    *size_bytes = size;
    return true;
}

void http1_chunk_ending_take(struct http1_chunk_ending *ending, struct span bytes)
{
    size_t n = bytes.len < HTTP1_CHUNKS_END_BYTES ? bytes.len : HTTP1_CHUNKS_END_BYTES;
    size_t n_left = HTTP1_CHUNKS_END_BYTES - n;
    memmove(ending->bytes, ending->bytes + n, n_left);
    if (n > 0)
        memcpy(ending->bytes + n_left, bytes.ptr + bytes.len - n, n);
}

static const uint8_t chunks_end[HTTP1_CHUNKS_END_BYTES] = {'\r', '\n', '0', '\r', '\n', '\r', '\n'};

bool http1_chunk_ending_is_last(const struct http1_chunk_ending *ending)
{
    return memcmp(ending->bytes, chunks_end, sizeof chunks_end) == 0;
}

bool http1_chunk_ending_may_be_last(const struct http1_chunk_ending *ending)
{
    for (size_t n = 1; n <= sizeof chunks_end; n++)
        if (memcmp(ending->bytes + sizeof chunks_end - n, chunks_end, n) == 0)
            return true;
    return false;
}
