/* Comparisons and searches on borrowed bytes. Nothing here allocates, and nothing knows a locale.
 */
#include "dissector/base/span.h"

static const uint64_t each_byte = UINT64_C(0x0101010101010101);

static bool is_letter(uint8_t byte)
{
    uint8_t lower = byte | 0x20;
    return lower >= 'a' && lower <= 'z';
}

/* Whether each byte of two words is the same, or the same letter. A byte's highest bit tells in
 * `letters` that a's is one. */
static bool words_equal_nocase(uint64_t a, uint64_t b)
{
    const uint64_t each = each_byte, high = each << 7, cases = each << 5;
    uint64_t differing = a ^ b, lower = (a | cases) & ~high;
    uint64_t from_a = lower + each * (128 - 'a'), behind_z = lower + each * (127 - 'z');
    uint64_t letters = from_a & ~behind_z & ~a & high;
    return (differing & ~cases) == 0 && (differing << 2 & ~letters) == 0;
}

static uint64_t word_at(const uint8_t *ptr)
{
    uint64_t word;
    memcpy(&word, ptr, sizeof word);
    return word;
}

bool span_equal_nocase(struct span a, struct span b)
{
    const size_t word_len = sizeof(uint64_t);
    if (a.len != b.len)
        return false;
    size_t i = 0;
    for (; i + word_len <= a.len; i += word_len)
        if (!words_equal_nocase(word_at(a.ptr + i), word_at(b.ptr + i)))
            return false;
    if (i > 0) /* the rest, with what is before it */
        return words_equal_nocase(word_at(a.ptr + a.len - word_len),
                                  word_at(b.ptr + b.len - word_len));
    for (; i < a.len; i++) {
        uint8_t difference = a.ptr[i] ^ b.ptr[i];
        if (difference != 0 && (difference != 0x20 || !is_letter(a.ptr[i])))
            return false;
    }
    return true;
}

struct span span_trim_more(struct span s)
{
    size_t begin = 0, end = s.len;
    while (end > 0 && span_is_white(s.ptr[end - 1]))
        end--;
    while (begin < end && span_is_white(s.ptr[begin]))
        begin++;
    return span_after(span_first(s, end), begin);
}

struct span span_to_last(struct span s, uint8_t byte)
{
    while (s.len > 0 && s.ptr[s.len - 1] != byte)
        s.len--;
    return s;
}

static bool is_at(struct span s, size_t at, struct span needle)
{
    return s.ptr[at] == needle.ptr[0] && memcmp(s.ptr + at, needle.ptr, needle.len) == 0;
}

/* Whether a byte of it is 0. */
static bool has_zero(uint64_t word)
{
    return ((word - each_byte) & ~word & each_byte << 7) != 0;
}

/* The first of eight places, or more, at which the first two bytes of needle may stand; or one near
 * the end. Two bytes are rarer than one: paths are full of slashes. */
static size_t skip_places(struct span s, size_t at, struct span needle)
{
    uint64_t first = each_byte * needle.ptr[0], second = each_byte * needle.ptr[1];
    while (at + 1 + sizeof first <= s.len &&
           !has_zero((word_at(s.ptr + at) ^ first) | (word_at(s.ptr + at + 1) ^ second)))
        at += sizeof first;
    return at;
}

size_t span_find(struct span s, struct span needle)
{
    const size_t n_places = s.len < needle.len ? 0 : s.len - needle.len + 1;
    if (needle.len < 2)
        return needle.len == 0 ? 0 : span_find_byte(s, needle.ptr[0]);
    for (size_t at = 0; at < n_places;) {
        at = skip_places(s, at, needle);
        for (size_t end = at + sizeof(uint64_t); at < end && at < n_places; at++)
            if (is_at(s, at, needle))
                return at;
    }
    return s.len;
}

size_t span_find_nocase(struct span s, struct span needle)
{
    for (size_t at = 0; at + needle.len <= s.len; at++)
        if (span_equal_nocase(span_first(span_after(s, at), needle.len), needle))
            return at;
    return s.len;
}

size_t span_find_any(struct span s, const char *set)
{
    uint64_t wanted[4] = {0}; /* one bit a byte */
    size_t i = 0;
    for (; *set; set++)
        wanted[(uint8_t)*set / 64] |= UINT64_C(1) << (uint8_t)*set % 64;
    while (i < s.len && !(wanted[s.ptr[i] / 64] >> s.ptr[i] % 64 & 1))
        i++;
    return i;
}

bool span_decimal(struct span s, uint64_t max, uint64_t *value)
{
    uint64_t sum = 0;
    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        uint8_t digit = (uint8_t)(s.ptr[i] - '0');
        if (digit > 9 || sum > max / 10 || digit > max - sum * 10)
            return false;
        sum = sum * 10 + digit;
    }
    *value = sum;
    return true;
}
