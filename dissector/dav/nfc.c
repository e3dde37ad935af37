/* In: text. Out: its composed form. ASCII, which nearly all of it is, is never handed over. */
#include "dissector/dav/nfc.h"

#ifdef HAVE_UTF8PROC
#include <stdlib.h>
#include <utf8proc.h>

static bool is_ascii(struct span text)
{
    uint8_t all = 0;
    for (size_t i = 0; i < text.len; i++)
        all |= text.ptr[i];
    return all < 0x80;
}

bool nfc_compose(struct buf *text)
{
    if (is_ascii(buf_span(text)))
        return true;
    utf8proc_uint8_t *composed = NULL;
    utf8proc_ssize_t n = utf8proc_map(text->ptr, (utf8proc_ssize_t)text->len, &composed,
                                      UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    bool is_done = n != UTF8PROC_ERROR_NOMEM;
    if (n >= 0) {
        buf_clear(text);
        is_done = buf_append(text, span_of(composed, (size_t)n)) == BUF_OK;
    }
    free(composed);
    return is_done;
}

bool nfc_is_built_in(void)
{
    return true;
}

#else

bool nfc_compose(struct buf *text)
{
    (void)text;
    return true;
}

bool nfc_is_built_in(void)
{
    return false;
}

#endif
