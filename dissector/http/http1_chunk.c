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
