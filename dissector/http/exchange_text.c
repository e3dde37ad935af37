/* A text in, the same text without userinfo out, in one walk. Where the text was cut inside what
 * may be userinfo, that part is left out as well. Does not undo percent-encoding. */
#include "dissector/http/exchange_text.h"

#include <assert.h>

static bool ends_authority(uint8_t byte)
{
    return byte <= ' ' || strchr("/?#<>\"\\", byte) != NULL;
}

static bool follows_slashes(struct span text, size_t at, enum exchange_text kind)
{
    if (at == 2 && kind == EXCHANGE_TEXT_REFERENCE && text.ptr[0] == '/' && text.ptr[1] == '/')
        return true;
    return at >= 3 && memcmp(text.ptr + at - 3, "://", 3) == 0;
}

static size_t copy_first(uint8_t *out, size_t max_bytes, struct span text, bool *is_cut)
{
    size_t n = text.len < max_bytes ? text.len : max_bytes;
    *is_cut = *is_cut || n < text.len;
    if (n > 0)
        memcpy(out, text.ptr, n);
    return n;
}

static size_t copy_uris(uint8_t *out, size_t max_bytes, struct span text, enum exchange_text kind,
                        bool *is_cut)
{
    size_t n = 0, n_wanted = 0;  /* copied; as it would be without max_bytes */
    size_t authority = SIZE_MAX; /* where in the copy it begins, while inside one */
    for (size_t at = 0; at < text.len; at++) {
        uint8_t byte = text.ptr[at];
        if (follows_slashes(text, at, kind))
            authority = n_wanted;
        if (authority != SIZE_MAX && byte == '@') {
            n_wanted = authority;
            n = n < n_wanted ? n : n_wanted;
            continue;
        }
        if (authority != SIZE_MAX && ends_authority(byte))
            authority = SIZE_MAX;
        if (n_wanted < max_bytes)
            out[n++] = byte;
        n_wanted++;
    }
    if (*is_cut && authority < n)
        n = authority;
    *is_cut = *is_cut || n < n_wanted;
    return n;
}

size_t exchange_text_copy(uint8_t *out, size_t max_bytes, struct span text, enum exchange_text kind,
                          bool *is_cut)
{
    size_t n = text.len;
    switch (kind) {
    case EXCHANGE_TEXT_PLAIN:
        return copy_first(out, max_bytes, text, is_cut);
    case EXCHANGE_TEXT_TARGET:
    case EXCHANGE_TEXT_REFERENCE:
        return copy_uris(out, max_bytes, text, kind, is_cut);
    case EXCHANGE_TEXT_AUTHORITY:
        while (n > 0 && text.ptr[n - 1] != '@')
            n--;
        return copy_first(out, max_bytes, span_after(text, n), is_cut);
    case EXCHANGE_TEXT_WITHHELD:
        if (span_find_byte(text, '@') < text.len)
            return 0;
        return copy_first(out, max_bytes, text, is_cut);
    }
    assert(!"no such kind of text");
    return 0;
}
