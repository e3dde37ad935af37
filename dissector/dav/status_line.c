/* In: text. Out: code and reason, and whether a strict reader would have refused it. What the code
 * means is outcome's matter. */
#include "dissector/dav/status_line.h"

static size_t skip_digits(struct span text, size_t at)
{
    while (span_has_digit(text, at))
        at++;
    return at;
}

static bool has(struct span text, size_t at, char c)
{
    return at < text.len && text.ptr[at] == (uint8_t)c;
}

/* White space behind it stays: the space behind a code is due where no reason follows, too. */
static struct span trim_front(struct span text)
{
    size_t n = 0;
    while (n < text.len && span_is_white(text.ptr[n]))
        n++;
    return span_after(text, n);
}

/* HTTP-version SP status-code SP [reason-phrase], RFC 9112 §4: where the code begins; 0: it is not
 * written so. */
static size_t find_strict_code(struct span text)
{
    const size_t major = strlen("HTTP/");
    if (!span_starts(text, span_str("HTTP/")))
        return 0;
    size_t dot = skip_digits(text, major);
    size_t space = skip_digits(text, dot + 1);
    bool is_version = dot > major && has(text, dot, '.') && space > dot + 1;
    size_t code = space + 1, end = skip_digits(text, code);
    return is_version && has(text, space, ' ') && end == code + 3 && has(text, end, ' ') ? code : 0;
}

struct status_line status_line_parse(struct span text)
{
    struct status_line line = {0};
    struct span left = span_trim(text);
    line.is_present = left.len > 0;
    line.reason = left;
    size_t at = find_strict_code(trim_front(text));
    left = at > 0 ? span_after(left, at) : left;
    while (left.len > 0) {
        struct span word = span_first(left, span_find_any(left, " \t\r\n"));
        left = span_trim(span_after(left, word.len));
        uint64_t code;
        if (word.len != 3 || !span_decimal(word, 999, &code) || code < 100)
            continue;
        line.code = (uint16_t)code;
        line.is_odd = at == 0;
        if (!line.is_odd)
            line.reason = left;
        break;
    }
    return line;
}
