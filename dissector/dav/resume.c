/* In: text that begins with '<'. Out: whether it begins a response. A cursor walks over it; where
 * the text ends before that is clear, more is asked for. Not a parser: what it lets pass is parsed
 * afterwards. */
#include "dissector/dav/resume.h"

/* Longer names are not ours. */
enum { MAX_NAME_BYTES = 64 };

struct cursor {
    struct span rest;
    bool is_short; /* the text ended before it was clear */
};

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_space(struct cursor *cursor)
{
    while (cursor->rest.len > 0 && is_space(cursor->rest.ptr[0]))
        cursor->rest = span_after(cursor->rest, 1);
}

static bool take(struct cursor *cursor, struct span expected)
{
    struct span seen = span_first(cursor->rest, expected.len);
    if (!span_equal(seen, span_first(expected, seen.len)))
        return false;
    cursor->is_short = seen.len < expected.len;
    cursor->rest = span_after(cursor->rest, expected.len);
    return !cursor->is_short;
}

/* A name up to what ends one in a tag. */
static bool take_name(struct cursor *cursor, struct span *prefix, struct span *local)
{
    struct span rest = span_first(cursor->rest, MAX_NAME_BYTES);
    struct span name = span_first(rest, span_find_any(rest, " \t\r\n/><=\"'"));
    if (name.len == rest.len) {
        cursor->is_short = rest.len < MAX_NAME_BYTES;
        return false;
    }
    size_t colon = span_find_byte(name, ':');
    *prefix = colon < name.len ? span_first(name, colon) : span_first(name, 0);
    *local = colon < name.len ? span_after(name, colon + 1) : name;
    cursor->rest = span_after(cursor->rest, name.len);
    return true;
}

/* The rest of a start tag that is not empty; *attributes: what stands in it. */
static bool take_tag_end(struct cursor *cursor, struct span *attributes)
{
    struct span rest = cursor->rest;
    uint8_t quote = 0;
    for (size_t i = 0; i < rest.len; i++) {
        uint8_t c = rest.ptr[i];
        if (c == '<')
            return false;
        if (quote ? c == quote : c == '"' || c == '\'')
            quote = quote ? 0 : c;
        if (c != '>' || quote)
            continue;
        *attributes = span_first(rest, i);
        cursor->rest = span_after(rest, i + 1);
        return i == 0 || rest.ptr[i - 1] != '/';
    }
    cursor->is_short = true;
    return false;
}

static bool take_between(struct cursor *cursor, const char *begin, const char *end,
                         struct span *inside)
{
    if (!take(cursor, span_str(begin)))
        return false;
    *inside = span_first(cursor->rest, span_find(cursor->rest, span_str(end)));
    cursor->rest = span_after(cursor->rest, inside->len);
    return take(cursor, span_str(end));
}

/* A comment or a processing instruction. */
static bool take_aside(struct cursor *cursor)
{
    struct span inside;
    return take_between(cursor, "<!--", "-->", &inside) ||
           (!cursor->is_short && take_between(cursor, "<?", "?>", &inside));
}

static bool take_child(struct cursor *cursor, struct span prefix, struct span *local)
{
    struct span child_prefix;
    do
        skip_space(cursor);
    while (take_aside(cursor));
    return !cursor->is_short && take(cursor, span_str("<")) &&
           take_name(cursor, &child_prefix, local) && span_equal(child_prefix, prefix);
}

/* Text up to an element's tag; *is_text: not only white space. */
static bool take_text(struct cursor *cursor, bool *is_text)
{
    *is_text = false;
    for (bool goes_on = true; goes_on;) {
        struct span inside;
        size_t n = span_find_byte(cursor->rest, '<');
        *is_text |= span_trim(span_first(cursor->rest, n)).len > 0;
        cursor->rest = span_after(cursor->rest, n);
        goes_on = take_between(cursor, "<![CDATA[", "]]>", &inside);
        if (goes_on)
            *is_text |= span_trim(inside).len > 0;
        else
            goes_on = !cursor->is_short && take_aside(cursor);
    }
    return !cursor->is_short;
}

/* A child with text in it and no element. */
static bool take_leaf(struct cursor *cursor, struct span prefix, struct span *local)
{
    struct span attributes, end;
    bool is_text;
    if (!take_child(cursor, prefix, local) || !take_tag_end(cursor, &attributes) ||
        !take_text(cursor, &is_text) || !is_text || !take(cursor, span_str("</")) ||
        !take_name(cursor, &prefix, &end) || !span_equal(end, *local))
        return false;
    skip_space(cursor);
    return take(cursor, span_str(">"));
}

/* What has to stand behind the href in every response that has not begun with its status. */
static bool take_sequel(struct cursor *cursor, struct span prefix)
{
    struct span local;
    if (!take_child(cursor, prefix, &local))
        return false;
    return span_equal(local, span_str("propstat")) || span_equal(local, span_str("status")) ||
           span_equal(local, span_str("href"));
}

static bool take_response(struct cursor *cursor, struct resume *resume, bool is_strict)
{
    struct span local, attributes;
    if (!take(cursor, span_str("<")) || !take_name(cursor, &resume->prefix, &local) ||
        !span_equal(local, span_str("response")) || !take_tag_end(cursor, &attributes))
        return false;
    resume->uri = resume_uri(attributes, resume->prefix);
    if (!take_leaf(cursor, resume->prefix, &local))
        return false;
    bool is_status_first = span_equal(local, span_str("status"));
    if (is_status_first && !take_leaf(cursor, resume->prefix, &local))
        return false;
    return span_equal(local, span_str("href")) &&
           (!is_strict || is_status_first || take_sequel(cursor, resume->prefix));
}

enum xml_match resume_match(struct resume *resume, struct span text, bool is_strict)
{
    struct cursor cursor = {.rest = span_first(text, RESUME_MAX_BYTES)};
    if (take_response(&cursor, resume, is_strict))
        return XML_MATCH_YES;
    return cursor.is_short && text.len < RESUME_MAX_BYTES ? XML_MATCH_MORE : XML_MATCH_NO;
}

/* The value of the attribute that begins behind at, or ptr NULL when that is none. */
static struct span value_at(struct span tags, size_t at)
{
    struct cursor cursor = {.rest = span_after(tags, at)};
    skip_space(&cursor);
    if (!take(&cursor, span_str("=")))
        return span_of(NULL, 0);
    skip_space(&cursor);
    struct span rest = cursor.rest;
    if (rest.len == 0 || (rest.ptr[0] != '"' && rest.ptr[0] != '\''))
        return span_of(NULL, 0);
    struct span value = span_after(rest, 1);
    return span_first(value, span_find_byte(value, rest.ptr[0]));
}

struct span resume_uri(struct span tags, struct span prefix)
{
    static const char name[] = "xmlns";
    struct span found = {NULL, 0};
    for (size_t at = 0; at < tags.len;) {
        at += span_find(span_after(tags, at), span_str(name));
        bool is_first = at > 0 && at < tags.len && is_space(tags.ptr[at - 1]);
        at += strlen(name);
        struct cursor cursor = {.rest = span_after(tags, at)};
        if (!is_first ||
            (prefix.len > 0 && (!take(&cursor, span_str(":")) || !take(&cursor, prefix))))
            continue;
        struct span value = value_at(tags, tags.len - cursor.rest.len);
        if (value.ptr)
            found = value;
    }
    return found;
}
