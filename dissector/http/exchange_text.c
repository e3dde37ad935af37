/* A text in, the same text without userinfo out, in one walk. Where the text was cut inside what
 * may be userinfo, that part is left out as well. Does not undo percent-encoding. */
#include "dissector/http/exchange_text.h"

/* A target is nothing but a URI, whatever stands in it; around a reference there may be text. */
static bool ends_authority(const struct exchange_text *text, uint8_t byte)
{
    if (text->kind == EXCHANGE_TEXT_TARGET)
        return byte == '/' || byte == '?' || byte == '#';
    return byte <= ' ' || strchr("/?#<>\"\\", byte) != NULL;
}

static bool follows_slashes(const struct exchange_text *text, size_t at)
{
    const uint8_t *ptr = text->bytes.ptr;
    if (at == 2 && text->kind == EXCHANGE_TEXT_REFERENCE && ptr[0] == '/' && ptr[1] == '/')
        return true;
    return at >= 3 && memcmp(ptr + at - 3, "://", 3) == 0;
}

static size_t copy_bytes(struct exchange_text *text, uint8_t *out, size_t max_bytes)
{
    size_t n = text->bytes.len < max_bytes ? text->bytes.len : max_bytes;
    text->is_cut = text->is_cut || n < text->bytes.len;
    if (n > 0)
        memcpy(out, text->bytes.ptr, n);
    return n;
}

static bool has_at(const struct exchange_text *text)
{
    return span_find_byte(text->bytes, '@') < text->bytes.len;
}

static size_t copy_uris(struct exchange_text *text, uint8_t *out, size_t max_bytes)
{
    size_t n = 0, n_wanted = 0;  /* copied; as it would be without max_bytes */
    size_t authority = SIZE_MAX; /* where in the copy it begins, while inside one */
    for (size_t at = 0; at < text->bytes.len; at++) {
        uint8_t byte = text->bytes.ptr[at];
        if (follows_slashes(text, at))
            authority = n_wanted;
        if (authority != SIZE_MAX && byte == '@') {
            n_wanted = authority;
            n = n < n_wanted ? n : n_wanted;
            continue;
        }
        if (authority != SIZE_MAX && ends_authority(text, byte))
            authority = SIZE_MAX;
        if (n_wanted < max_bytes)
            out[n++] = byte;
        n_wanted++;
    }
    if (text->is_cut && authority < n)
        n = authority;
    text->is_cut = text->is_cut || n < n_wanted;
    return n;
}

size_t exchange_text_copy(struct exchange_text *text, uint8_t *out, size_t max_bytes)
{
    size_t at = text->bytes.len;
    switch (text->kind) {
    case EXCHANGE_TEXT_PLAIN:
        break;
    case EXCHANGE_TEXT_TARGET:
    case EXCHANGE_TEXT_REFERENCE:
        if (has_at(text) || text->is_cut)
            return copy_uris(text, out, max_bytes);
        break;
    case EXCHANGE_TEXT_AUTHORITY:
        while (at > 0 && text->bytes.ptr[at - 1] != '@')
            at--;
        text->bytes = span_after(text->bytes, at);
        break;
    case EXCHANGE_TEXT_WITHHELD:
        if (has_at(text))
            return 0;
    }
    return copy_bytes(text, out, max_bytes);
}
