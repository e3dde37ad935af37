/* The table of content codings, and what the first bytes of some content say about it. Content that
 * begins like text is told from content that does not; no attempt is made to decode it. */
#include "dissector/http/coding.h"

#include "dissector/base/text.h"

static const struct coding *const codings[] = {
    &coding_gzip,
    &coding_deflate,
#ifdef HAVE_BROTLI
    &coding_brotli,
#endif
#ifdef HAVE_ZSTD
    &coding_zstd,
#endif
};

enum { N_CODINGS = sizeof codings / sizeof codings[0] };

/* How text in any Unicode encoding begins when not in plain UTF-8 (XML 1.0 appendix F). */
static const struct {
    size_t len;
    uint8_t bytes[4];
} unicode_starts[] = {
    {3, {0xEF, 0xBB, 0xBF}},     /* UTF-8 byte order mark */
    {2, {0xFE, 0xFF}},           /* UTF-16 byte order marks */
    {2, {0xFF, 0xFE}},           /* */
    {4, {0x00, '<', 0x00, '?'}}, /* UTF-16 without one */
    {4, {'<', 0x00, '?', 0x00}}, /* */
};

static bool is_unicode_start(struct span start)
{
    for (size_t i = 0; i < sizeof unicode_starts / sizeof unicode_starts[0]; i++) {
        if (span_starts(start, span_of(unicode_starts[i].bytes, unicode_starts[i].len)))
            return true;
    }
    return false;
}

static bool is_white(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

const struct coding *coding_at(size_t i)
{
    return i < N_CODINGS ? codings[i] : NULL;
}

const struct coding *coding_find(struct span name)
{
    for (size_t i = 0; i < N_CODINGS; i++) {
        for (const char *const *known = codings[i]->names; *known; known++) {
            if (span_equal_nocase(name, span_str(*known)))
                return codings[i];
        }
    }
    return NULL;
}

const struct coding *coding_recognise(struct span start, enum coding_sign least)
{
    for (size_t i = 0; i < N_CODINGS; i++) {
        if (codings[i]->sign(start) >= least)
            return codings[i];
    }
    return NULL;
}

enum coding_sign coding_magic_sign(struct span start, struct span magic)
{
    if (!span_equal(span_first(start, magic.len), span_first(magic, start.len)))
        return CODING_NOT;
    return start.len >= magic.len ? CODING_SURE : CODING_MAYBE;
}

bool coding_is_text(struct span start)
{
    if (is_unicode_start(start))
        return true;
    struct span rest = start;
    while (rest.len > 0) {
        uint32_t code_point = 0;
        size_t len = is_white(rest.ptr[0]) ? 1 : text_utf8(rest, &code_point);
        /* The start may end inside a character. */
        if (len == 0)
            return rest.len < 4 && start.len >= CODING_START_BYTES && rest.ptr[0] >= 0xC2;
        if (!is_white(rest.ptr[0]) && !text_is_printable(code_point))
            return false;
        rest = span_after(rest, len);
    }
    return start.len > 0;
}

bool coding_is_markup(struct span start)
{
    if (is_unicode_start(start))
        return true;
    struct span trimmed = span_trim(start);
    return trimmed.len > 0 && strchr("<{[", trimmed.ptr[0]) && coding_is_text(start);
}
