/* In: text. Out: code and reason, and whether a strict reader would have refused it. What the code
 * means is outcome's matter. */
#include "dissector/dav/status_line.h"

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t digits(struct span s)
{
    size_t n = 0;
    while (n < s.len && s.ptr[n] >= '0' && s.ptr[n] <= '9')
        n++;
    return n;
}

static struct span first_word(struct span text)
{
    size_t n = 0;
    while (n < text.len && !is_space(text.ptr[n]))
        n++;
    return span_first(text, n);
}

/* HTTP-version SP status-code SP [reason-phrase], RFC 9112 §4. */
static bool is_strict(struct span text)
{
    if (!span_starts(text, span_str("HTTP/")))
        return false;
    text = span_after(text, strlen("HTTP/"));
    size_t n_major = digits(text);
    text = span_after(text, n_major);
    if (n_major == 0 || text.len == 0 || text.ptr[0] != '.')
        return false;
    text = span_after(text, 1);
    size_t n_minor = digits(text);
    text = span_after(text, n_minor);
    if (n_minor == 0 || text.len < 5 || text.ptr[0] != ' ')
        return false;
    text = span_after(text, 1);
    return digits(text) == 3 && text.len > 3 && text.ptr[3] == ' ';
}

struct status_line status_line_parse(struct span text)
{
    struct status_line line = {0};
    struct span left = span_trim(text);
    line.is_present = left.len > 0;
    bool is_odd = !is_strict(left);
    while (left.len > 0) {
        struct span word = first_word(left);
        left = span_trim(span_after(left, word.len));
        uint64_t code;
        if (word.len != 3 || !span_decimal(word, 999, &code) || code < 100)
            continue;
        line.code = (uint16_t)code;
        line.is_odd = is_odd;
        line.reason = left;
        break;
    }
    return line;
}
