/* UTF-8 decoding and making bytes printable; see text.h. */
#include "dissector/base/text.h"

#include <assert.h>

static const char ellipsis[] = "\xE2\x80\xA6";

struct lead {
    uint8_t mask, value, len;
    uint32_t lowest; /* smaller code points in this length are overlong */
};

static const struct lead leads[] = {
    {0x80, 0x00, 1, 0},
    {0xE0, 0xC0, 2, 0x80},
    {0xF0, 0xE0, 3, 0x800},
    {0xF8, 0xF0, 4, 0x10000},
};

static const struct lead *lead_of(uint8_t byte)
{
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if ((byte & leads[i].mask) == leads[i].value)
            return &leads[i];
    return NULL;
}

size_t text_utf8(struct span s, uint32_t *code_point)
{
    const struct lead *lead = s.len > 0 ? lead_of(s.ptr[0]) : NULL;
    if (!lead || s.len < lead->len)
        return 0;
    uint32_t code = s.ptr[0] & (uint8_t)~lead->mask;
    for (size_t i = 1; i < lead->len; i++) {
        if ((s.ptr[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (s.ptr[i] & 0x3F);
    }
    if (code < lead->lowest || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return 0;
    *code_point = code;
    return lead->len;
}

struct span text_first(struct span s, size_t max_bytes)
{
    if (s.len <= max_bytes)
        return s;
    while (max_bytes > 0 && (s.ptr[max_bytes] & 0xC0) == 0x80)
        max_bytes--;
    return span_first(s, max_bytes);
}

void text_keep(char *kept, size_t size, struct span s)
{
    s = text_first(s, size - 1);
    if (s.len > 0)
        memcpy(kept, s.ptr, s.len);
    kept[s.len] = '\0';
}

bool text_is_printable(uint32_t code)
{
    if (code < 0x20 || (code >= 0x7F && code < 0xA0))
        return false;
    if (code == 0x2028 || code == 0x2029 || code == 0x200E || code == 0x200F || code == 0x061C)
        return false;
    if ((code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069))
        return false;
    return code != 0xFEFF && (code & 0xFFFE) != 0xFFFE && !(code >= 0xFDD0 && code <= 0xFDEF);
}

void text_printable(char *out, size_t size_bytes, struct span s)
{
    assert(size_bytes >= sizeof ellipsis);
    size_t used = 0, last_cut = 0;
    while (s.len > 0) {
        uint32_t code;
        size_t len = text_utf8(s, &code);
        bool is_kept = len > 0 && text_is_printable(code);
        size_t out_len = is_kept ? len : 1;
        if (used + sizeof ellipsis <= size_bytes)
            last_cut = used;
        if (used + out_len >= size_bytes) {
            memcpy(out + last_cut, ellipsis, sizeof ellipsis);
            return;
        }
        memcpy(out + used, is_kept ? s.ptr : (const uint8_t *)"?", out_len);
        used += out_len;
        s = span_after(s, len > 0 ? len : 1);
    }
    out[used] = '\0';
}
