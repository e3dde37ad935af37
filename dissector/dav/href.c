/* Parts and forms of hrefs; see href.h. A form is made in its buffer by one pass for each kind of
 * difference. Which hrefs to compare is not decided here. */
#include "dissector/dav/href.h"

#include "dissector/base/hex.h"
#include "dissector/dav/nfc.h"

#include <assert.h>

static const char *const drift_names[DRIFT_N] = {
    "slash-drift",  "encoding-drift", "nfc-nfd",    "double-encoded",
    "double-slash", "proxy-rewrite",  "case-drift",
};

static const char *const relation_names[RELATION_N] = {
    [RELATION_UNKNOWN] = "unknown",   [RELATION_SELF] = "self",
    [RELATION_MEMBER] = "member",     [RELATION_DESCENDANT] = "descendant",
    [RELATION_ANCESTOR] = "ancestor", [RELATION_OUTSIDE] = "outside",
};

const char *href_drift_name(unsigned i)
{
    assert(i < DRIFT_N);
    return drift_names[i];
}

const char *relation_name(enum relation relation)
{
    assert((unsigned)relation < RELATION_N);
    return relation_names[relation];
}

/* ---- the parts ---- */

static bool is_alphanumeric(uint8_t byte)
{
    uint8_t lower = byte | 0x20;
    return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9');
}

struct span href_scheme(struct span href)
{
    size_t n = 0;
    while (n < href.len && (is_alphanumeric(href.ptr[n]) || memchr("+-.", href.ptr[n], 3)))
        n++;
    bool is_scheme = n > 0 && span_starts(span_after(href, n), span_str("://"));
    return is_scheme ? span_first(href, n) : (struct span){NULL, 0};
}

static bool begins_http(struct span text)
{
    return span_starts(text, span_str("http://")) || span_starts(text, span_str("https://"));
}

bool href_repeats_scheme(struct span href)
{
    struct span scheme = href_scheme(href);
    return span_starts(href, span_str("http:http")) || span_starts(href, span_str("https:http")) ||
           (scheme.ptr && begins_http(span_after(href, scheme.len + strlen("://"))));
}

/* The authority as written, behind "scheme://". */
static struct span whole_authority(struct span href)
{
    if (href.len > 0 && href.ptr[0] == '/')
        return (struct span){NULL, 0}; /* nearly every href */
    struct span scheme = href_scheme(href);
    if (!scheme.ptr)
        return (struct span){NULL, 0};
    struct span rest = span_of(href.ptr + scheme.len + 3, href.len - scheme.len - 3);
    size_t n = 0;
    while (n < rest.len && !memchr("/?#", rest.ptr[n], 3))
        n++;
    return span_first(rest, n);
}

struct span href_authority(struct span href)
{
    struct span authority = whole_authority(href);
    size_t at = span_find_byte(authority, '@');
    return at < authority.len ? span_after(authority, at + 1) : authority;
}

/* Path and query. */
static struct span after_authority(struct span href)
{
    struct span authority = whole_authority(href);
    if (authority.ptr)
        href = span_after(href, (size_t)(authority.ptr - href.ptr) + authority.len);
    else if (href.len == 0)
        return href;
    href = span_first(href, span_find_byte(href, '#'));
    return href.len > 0 ? href : span_str("/");
}

struct span href_path(struct span href)
{
    struct span path = after_authority(href);
    struct span without_query = span_first(path, span_find_byte(path, '?'));
    return without_query.len > 0 || path.len == 0 ? without_query : span_str("/");
}

static struct span without_default_port(struct span authority)
{
    static const char *const ports[] = {":80", ":443"};
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        size_t n = strlen(ports[i]);
        if (authority.len > n && memcmp(authority.ptr + authority.len - n, ports[i], n) == 0)
            return span_first(authority, authority.len - n);
    }
    return authority;
}

bool href_same_authority(struct span a, struct span b)
{
    return span_equal_nocase(without_default_port(a), without_default_port(b));
}

/* ---- the passes ---- */

/* The byte a percent-escape at the start of text stands for, or -1. */
static int escaped_byte(struct span text)
{
    if (text.len < 3 || text.ptr[0] != '%')
        return -1;
    int high = hex_value(text.ptr[1]), low = hex_value(text.ptr[2]);
    return high >= 0 && low >= 0 ? high << 4 | low : -1;
}

static bool is_unreserved(uint8_t byte)
{
    return is_alphanumeric(byte) || (byte && strchr("-._~", byte));
}

static bool is_no_slash(uint8_t byte)
{
    return byte != '/';
}

static bool is_beyond_ascii(uint8_t byte)
{
    return byte >= 0x80;
}

/* Undoes the escapes of the bytes that are wanted; the others get upper-case digits. */
static void decode(struct buf *text, bool (*is_wanted)(uint8_t byte))
{
    struct span rest = buf_span(text);
    if (span_find_byte(rest, '%') == rest.len)
        return;
    text->len = 0;
    while (rest.len > 0) {
        int byte = escaped_byte(rest);
        uint8_t *out = &text->ptr[text->len];
        if (byte < 0 || is_wanted((uint8_t)byte)) {
            out[0] = byte < 0 ? rest.ptr[0] : (uint8_t)byte;
            text->len++;
            rest = span_after(rest, byte < 0 ? 1 : 3);
            continue;
        }
        out[0] = '%';
        out[1] = (uint8_t) "0123456789ABCDEF"[byte >> 4];
        out[2] = (uint8_t) "0123456789ABCDEF"[byte & 15];
        text->len += 3;
        rest = span_after(rest, 3);
    }
}

/* Of the escape at the start of text; one that is none stays as it is. RFC 3986 §6.2.2. */
static bool is_canonical_escape(struct span text)
{
    int byte = escaped_byte(text);
    return byte < 0 || (!is_unreserved((uint8_t)byte) && text.ptr[1] < 'a' && text.ptr[2] < 'a');
}

bool href_is_canonical(struct span href)
{
    if (span_find(href, span_str("//")) < href.len)
        return false;
    for (struct span rest = href; rest.len > 0; rest = span_after(rest, 1)) {
        rest = span_after(rest, span_find_byte(rest, '%'));
        if (!is_canonical_escape(rest))
            return false;
    }
    return true;
}

bool href_has_bare_percent(struct span href)
{
    for (struct span rest = href; rest.len > 0; rest = span_after(rest, 1)) {
        rest = span_after(rest, span_find_byte(rest, '%'));
        if (rest.len > 0 && escaped_byte(rest) < 0)
            return true;
    }
    return false;
}

/* RFC 3986 §5.2.4, for what begins with a slash. */
static void remove_dots(struct buf *text)
{
    struct span rest = buf_span(text);
    if (span_find(rest, span_str("/.")) == rest.len)
        return;
    text->len = 0;
    while (rest.len > 0) {
        size_t n = span_find_byte(rest, '/');
        struct span segment = span_first(rest, n);
        bool is_up = span_equal(segment, span_str(".."));
        if (is_up && text->len > 1)
            text->len = span_to_last(span_of(text->ptr, text->len - 1), '/').len;
        if (!is_up && !span_equal(segment, span_str("."))) {
            size_t n_kept = n < rest.len ? n + 1 : n;
            memmove(text->ptr + text->len, rest.ptr, n_kept);
            text->len += n_kept;
        }
        rest = span_after(rest, n + 1);
    }
}

static void collapse_slashes(struct buf *text)
{
    size_t n = 0;
    for (size_t i = 0; i < text->len; i++)
        if (i == 0 || text->ptr[i] != '/' || text->ptr[i - 1] != '/')
            text->ptr[n++] = text->ptr[i];
    text->len = n;
}

static void lower_case(struct buf *text)
{
    for (size_t i = 0; i < text->len; i++)
        if (text->ptr[i] >= 'A' && text->ptr[i] <= 'Z')
            text->ptr[i] |= 0x20;
}

/* ---- the form ---- */

/* A reference that begins with no slash is relative to the collection that was asked about. */
static bool resolve(struct buf *text, struct span path, struct span base)
{
    buf_clear(text);
    bool is_relative = path.len == 0 || path.ptr[0] != '/';
    bool is_done = true;
    if (is_relative && base.len > 0) {
        is_done = buf_append(text, base) == BUF_OK;
        if (!span_ends_in(base, '/'))
            is_done = is_done && buf_append(text, span_str("/")) == BUF_OK;
    }
    return is_done && buf_append(text, path) == BUF_OK;
}

bool href_form(struct buf *form, struct span href, struct span base, uint32_t overlooked)
{
    if (!resolve(form, after_authority(href), base))
        return false;
    decode(form, is_unreserved);
    remove_dots(form);
    if (overlooked & (DRIFT_ENCODING | DRIFT_DOUBLE_ENCODED))
        decode(form, is_no_slash);
    if (overlooked & DRIFT_DOUBLE_ENCODED)
        decode(form, is_no_slash);
    if (overlooked & DRIFT_DOUBLE_SLASH)
        collapse_slashes(form);
    if (overlooked & DRIFT_UNICODE) {
        decode(form, is_beyond_ascii);
        if (!nfc_compose(form))
            return false;
    }
    if (overlooked & DRIFT_CASE)
        lower_case(form);
    if ((overlooked & DRIFT_SLASH) && form->len > 1 && span_ends_in(buf_span(form), '/'))
        form->len--;
    return true;
}

struct span href_path_form(struct buf *form, struct span href, size_t max_bytes)
{
    bool is_made = href_form(form, href_path(href), span_str("/"), DRIFT_SLASH | DRIFT_ENCODING);
    struct span path = buf_span(form);
    return is_made && path.len <= max_bytes ? path : span_of(NULL, 0);
}

static struct span without_last_slash(struct span path)
{
    return span_ends_in(path, '/') ? span_first(path, path.len - 1) : path;
}

/* What of path lies below folder (neither with a slash at the end); false: nothing does. */
static bool lies_below(struct span folder, struct span path, struct span *rest)
{
    if (path.len <= folder.len || !span_starts(path, folder) || path.ptr[folder.len] != '/')
        return false;
    *rest = span_after(path, folder.len + 1);
    return rest->len > 0;
}

enum relation href_relation(struct span target, struct span form)
{
    struct span rest;
    target = without_last_slash(target);
    form = without_last_slash(form);
    if (span_equal(target, form))
        return RELATION_SELF;
    if (lies_below(form, target, &rest))
        return RELATION_ANCESTOR;
    if (!lies_below(target, form, &rest) || rest.ptr[0] == '/')
        return RELATION_OUTSIDE;
    size_t slash = span_find_byte(rest, '/');
    if (slash == rest.len)
        return RELATION_MEMBER;
    bool has_empty = span_find(rest, span_str("//")) < rest.len;
    return has_empty ? RELATION_OUTSIDE : RELATION_DESCENDANT;
}

/* Whether no form of text lies elsewhere: a segment that begins with an escape may be dots. */
static bool is_straight(struct span text)
{
    bool is_first = true; /* of its segment */
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.ptr[i];
        if (byte == '?' || byte == '#')
            return false;
        if (is_first && (byte == '/' || byte == '.' || byte == '%'))
            return false;
        is_first = byte == '/';
    }
    return true;
}

enum relation href_relation_as_written(struct span target, struct span href)
{
    struct span folder = without_last_slash(target);
    if (!span_starts(href, folder))
        return RELATION_UNKNOWN;
    if (href.len == folder.len)
        return target.len == folder.len ? RELATION_SELF : RELATION_UNKNOWN;
    struct span below = span_after(href, folder.len + 1);
    if (href.ptr[folder.len] != '/' || !is_straight(below))
        return RELATION_UNKNOWN;
    if (below.len == 0)
        return RELATION_SELF;
    return span_find_byte(below, '/') + 1 < below.len ? RELATION_DESCENDANT : RELATION_MEMBER;
}
