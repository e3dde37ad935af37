/* Comparison of URLs by path; see href.h. */
#include "dissector/dav/href.h"

static bool is_scheme_byte(uint8_t byte)
{
    uint8_t lower = byte | 0x20;
    return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || byte == '+' ||
           byte == '-' || byte == '.';
}

/* What follows "scheme://authority", or href itself when it does not begin so. */
static struct span after_authority(struct span href)
{
    size_t at = 0;
    while (at < href.len && is_scheme_byte(href.ptr[at]))
        at++;
    struct span rest = span_after(href, at);
    if (at == 0 || !span_starts(rest, span_str("://")))
        return href;
    rest = span_after(rest, 3);
    while (rest.len > 0 && rest.ptr[0] != '/' && rest.ptr[0] != '?' && rest.ptr[0] != '#')
        rest = span_after(rest, 1);
    return rest.len > 0 ? rest : span_str("/");
}

struct span href_path(struct span href)
{
    struct span path = after_authority(href);
    path = span_first(path, span_find_byte(path, '?'));
    path = span_first(path, span_find_byte(path, '#'));
    return path.len > 0 || href.len == 0 ? path : span_str("/");
}

static int hex_value(uint8_t byte)
{
    uint8_t lower = byte | 0x20;
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Takes the next byte of *rest (not empty), a percent-escape as the byte it stands for. */
static uint8_t take_decoded(struct span *rest)
{
    uint8_t byte = rest->ptr[0];
    if (byte == '%' && rest->len >= 3) {
        int high = hex_value(rest->ptr[1]), low = hex_value(rest->ptr[2]);
        if (high >= 0 && low >= 0) {
            *rest = span_after(*rest, 3);
            return (uint8_t)(high << 4 | low);
        }
    }
    *rest = span_after(*rest, 1);
    return byte;
}

static struct span without_last_slash(struct span path)
{
    if (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    return path;
}

bool href_same_path(struct span a, struct span b)
{
    if (a.len == 0 || b.len == 0)
        return false;
    a = without_last_slash(href_path(a));
    b = without_last_slash(href_path(b));
    while (a.len > 0 && b.len > 0)
        if (take_decoded(&a) != take_decoded(&b))
            return false;
    return a.len == 0 && b.len == 0;
}
