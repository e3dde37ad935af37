/* span: borrowed bytes. Never NUL-terminated, never freed, valid as long as their owner says
 * (inside a callback: until it returns). A span of length 0 may have any ptr, also NULL. No errors.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const uint8_t *ptr;
    size_t len;
};

static inline struct span span_of(const void *ptr, size_t len)
{
    return (struct span){ptr, len};
}

/* The bytes of a C string without its NUL; a NULL string is the empty span. */
static inline struct span span_str(const char *text)
{
    return (struct span){(const uint8_t *)text, text ? strlen(text) : 0};
}

/* What follows the first n bytes; empty when there are not so many. */
static inline struct span span_after(struct span s, size_t n)
{
    return n < s.len ? (struct span){s.ptr + n, s.len - n} : (struct span){NULL, 0};
}

/* The first n bytes, or all when there are fewer. */
static inline struct span span_first(struct span s, size_t n)
{
    return (struct span){s.ptr, n < s.len ? n : s.len};
}

static inline bool span_equal(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* ASCII letters compare without case; other bytes as they are. Locale has no say. */
bool span_equal_nocase(struct span a, struct span b);

/* Whether s begins with prefix. */
static inline bool span_starts(struct span s, struct span prefix)
{
    return s.len >= prefix.len && span_equal(span_first(s, prefix.len), prefix);
}

/* Whether there is a byte at that place, and it is an ASCII digit. */
static inline bool span_has_digit(struct span s, size_t at)
{
    return at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';
}

/* Whether its last byte is byte; false when s is empty. */
static inline bool span_ends_in(struct span s, uint8_t byte)
{
    return s.len > 0 && s.ptr[s.len - 1] == byte;
}

static inline bool span_is_white(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct span span_trim_more(struct span s);

/* s without SP, HTAB, CR and LF at its ends (XML and HTTP white space alike). */
static inline struct span span_trim(struct span s)
{
    bool has_any = s.len > 0 && (span_is_white(s.ptr[0]) || span_is_white(s.ptr[s.len - 1]));
    return has_any ? span_trim_more(s) : span_after(s, 0);
}

/* Index of the first byte / sub-span in s, or s.len when absent. An empty needle is found at 0. */
static inline size_t span_find_byte(struct span s, uint8_t byte)
{
    const uint8_t *hit = s.len > 0 ? (const uint8_t *)memchr(s.ptr, byte, s.len) : NULL;
    return hit ? (size_t)(hit - s.ptr) : s.len;
}
size_t span_find(struct span s, struct span needle);

/* s up to its last byte, that one included: of a path the folder it is, or is in. Empty when byte
 * is absent. */
struct span span_to_last(struct span s, uint8_t byte);

/* span_find, ASCII letters without case. */
size_t span_find_nocase(struct span s, struct span needle);

/* Index of the first byte that is one of the characters of set, or s.len when there is none. */
size_t span_find_any(struct span s, const char *set);

/* Reads s as an unsigned decimal number of ASCII digits only. False when empty, when another byte
 * occurs or when it is greater than max; *value is then untouched. */
bool span_decimal(struct span s, uint64_t max, uint64_t *value);
