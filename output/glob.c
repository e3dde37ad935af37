/* Matches from left to right; when it fails, the last * takes one byte more. Earlier ones need no
 * second try, since what they took before that * was the shortest. See glob.h. */
#include "output/glob.h"

static uint8_t fold(uint8_t byte, bool is_nocase)
{
    return is_nocase && byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

/* Bytes of the set that begins with the "[" at pattern, its "]" included; 0 when it has none. */
static size_t set_len(const char *pattern)
{
    size_t i = pattern[1] == '!' ? 2 : 1;
    if (pattern[i] == ']')
        i++;
    while (pattern[i] != '\0' && pattern[i] != ']')
        i++;
    return pattern[i] == ']' ? i + 1 : 0;
}

static bool set_has(struct span set, uint8_t byte, bool is_nocase)
{
    bool is_negated = set.ptr[1] == '!', is_in = false;
    size_t last = set.len - 2; /* of the members; behind it the "]" */
    for (size_t i = is_negated ? 2 : 1; i <= last; i++) {
        bool is_range = i + 2 <= last && set.ptr[i + 1] == '-';
        uint8_t low = fold(set.ptr[i], is_nocase);
        uint8_t high = is_range ? fold(set.ptr[i + 2], is_nocase) : low;
        is_in |= byte >= low && byte <= high;
        i += is_range ? 2 : 0;
    }
    return is_in != is_negated;
}

/* Bytes of the pattern's first item when it is not a * and matches this byte, else 0. */
static size_t match_one(const char *pattern, uint8_t byte, bool is_nocase)
{
    size_t in_set = pattern[0] == '[' ? set_len(pattern) : 0;
    if (pattern[0] == '?')
        return 1;
    if (in_set > 0)
        return set_has(span_of(pattern, in_set), fold(byte, is_nocase), is_nocase) ? in_set : 0;
    size_t quote = pattern[0] == '\\' && pattern[1] != '\0' ? 1 : 0;
    uint8_t wanted = (uint8_t)pattern[quote];
    bool matches = wanted != 0 && fold(wanted, is_nocase) == fold(byte, is_nocase);
    return matches ? quote + 1 : 0;
}

bool glob_match(const char *pattern, struct span text, bool is_nocase)
{
    const char *star = NULL; /* what follows the last * */
    size_t i = 0, star_i = 0;
    while (i < text.len) {
        size_t taken = pattern[0] == '*' ? 0 : match_one(pattern, text.ptr[i], is_nocase);
        if (pattern[0] == '*') {
            star = ++pattern;
            star_i = i;
        } else if (taken > 0) {
            pattern += taken;
            i++;
        } else if (star) {
            pattern = star;
            i = ++star_i;
        } else {
            return false;
        }
    }
    while (pattern[0] == '*')
        pattern++;
    return pattern[0] == '\0';
}
