/* In: the first bytes of a body. Out: its format, and where XML begins when warnings or blank lines
 * of a script stand before it. Parses nothing; says XML for any markup that is not plainly HTML. */
#include "dissector/dav/sniff.h"

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct span skip_space(struct span s)
{
    while (s.len > 0 && is_space(s.ptr[0]))
        s = span_after(s, 1);
    return s;
}

/* The name behind '<', up to the first byte that ends it. */
static struct span tag_name(struct span tag)
{
    struct span name = span_after(tag, 1);
    size_t n = 0;
    while (n < name.len && !is_space(name.ptr[n]) && !strchr("/><", name.ptr[n]))
        n++;
    return span_first(name, n);
}

static struct span without_prefix(struct span name)
{
    size_t at = span_find_byte(name, ':');
    return at < name.len ? span_after(name, at + 1) : name;
}

/* Where "<?xml" or a multistatus tag stands in s, or s.len. */
static size_t find_xml(struct span s)
{
    for (size_t at = 0; at < s.len; at++) {
        at += span_find_byte(span_after(s, at), '<');
        struct span tag = span_after(s, at);
        if (span_starts(tag, span_str("<?xml ")))
            return at;
        struct span name = tag_name(tag);
        bool is_whole = name.len + 1 < tag.len;
        if (is_whole && span_equal(without_prefix(name), span_str("multistatus")))
            return at;
    }
    return s.len;
}

/* Behind comments and processing instructions other than an XML declaration; empty when one of them
 * is not closed. */
static struct span skip_comments(struct span s)
{
    for (;;) {
        s = skip_space(s);
        struct span mark = span_str("-->");
        if (span_starts(s, span_str("<?")) && !span_starts(s, span_str("<?xml")))
            mark = span_str("?>");
        else if (!span_starts(s, span_str("<!--")))
            return s;
        s = span_after(s, span_find(s, mark) + mark.len);
    }
}

static const char html_doctype[] = "<!doctype html";

static bool is_html(struct span markup)
{
    static const char *const names[] = {"html", "head",   "body", "title", "br",   "b",  "p",
                                        "div",  "center", "font", "pre",   "meta", "h1", "script"};
    if (span_equal_nocase(span_first(markup, strlen(html_doctype)), span_str(html_doctype)))
        return true;
    struct span name = tag_name(markup);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (span_equal_nocase(name, span_str(names[i])))
            return true;
    return false;
}

/* Too little of the first tag to know its name or the document type. */
static bool is_cut(struct span markup)
{
    if (span_starts(markup, span_str("<!")))
        return markup.len < strlen(html_doctype);
    return tag_name(markup).len + 1 >= markup.len;
}

static bool may_be_json(struct span s)
{
    return s.ptr[0] == '{' || s.ptr[0] == '[';
}

/* Of what is JSON the first two bytes that are not white space are enough. */
static bool is_json(struct span s)
{
    if (!may_be_json(s))
        return false;
    struct span inside = skip_space(span_after(s, 1));
    const char *begins = s.ptr[0] == '{' ? "\"}" : "{[]\"-0123456789tfn";
    return inside.len > 0 && inside.ptr[0] != 0 && strchr(begins, inside.ptr[0]);
}

static bool is_utf16(struct span head)
{
    if (span_starts(head, span_str("\xFF\xFE")) || span_starts(head, span_str("\xFE\xFF")))
        return true;
    return head.len > 1 && (head.ptr[0] == 0) != (head.ptr[1] == 0) &&
           (is_space(head.ptr[0] | head.ptr[1]) || (head.ptr[0] | head.ptr[1]) == '<');
}

/* The first unit of UTF-16 that is no white space; 0: none so far. */
static unsigned first_unit(struct span head)
{
    bool is_little = head.ptr[0] == 0xFF || (head.ptr[0] != 0 && head.ptr[0] != 0xFE);
    size_t at = head.ptr[0] >= 0xFE ? 2 : 0;
    for (; at + 1 < head.len; at += 2) {
        unsigned low = head.ptr[is_little ? at : at + 1];
        unsigned high = head.ptr[is_little ? at + 1 : at];
        if (high != 0 || !is_space((uint8_t)low))
            return high << 8 | low;
    }
    return 0;
}

static bool sniff_utf16(struct sniffed *sniffed, struct span head, bool is_final)
{
    unsigned unit = first_unit(head);
    if (unit == 0)
        sniffed->format = FORMAT_EMPTY;
    else if (unit != '<')
        sniffed->format = FORMAT_OTHER;
    return unit != 0 || is_final;
}

/* What stands first is not the XML; perhaps it follows. */
static bool look_behind(struct sniffed *sniffed, struct span head, bool is_final)
{
    size_t offset = find_xml(head);
    if (offset == head.len)
        return is_final;
    sniffed->offset = offset;
    sniffed->format = FORMAT_XML;
    return true;
}

bool sniff(struct sniffed *sniffed, struct span head, bool is_final,
           const struct sniff_params *params)
{
    *sniffed = (struct sniffed){FORMAT_XML, 0};
    if (head.len < 3 && !is_final)
        return false; /* perhaps a byte order mark */
    if (is_utf16(head))
        return sniff_utf16(sniffed, head, is_final);
    struct span bom = span_str("\xEF\xBB\xBF");
    struct span text = skip_space(span_starts(head, bom) ? span_after(head, bom.len) : head);
    if (text.len == 0) {
        sniffed->format = FORMAT_EMPTY;
        return is_final;
    }
    if (text.ptr[0] == '<') {
        struct span markup = skip_comments(text);
        if (is_cut(markup) && !is_final)
            return false;
        if (!is_html(markup))
            return true;
        sniffed->format = FORMAT_HTML;
        return !params->looks_behind || look_behind(sniffed, head, is_final);
    }
    sniffed->format = FORMAT_JSON;
    if (is_json(text))
        return true;
    if (may_be_json(text) && skip_space(span_after(text, 1)).len == 0 && !is_final)
        return false;
    bool is_multipart = span_equal_nocase(span_first(params->media_type, strlen("multipart/")),
                                          span_str("multipart/"));
    sniffed->format = is_multipart ? FORMAT_MULTIPART : FORMAT_OTHER;
    if (is_multipart)
        return true;
    return !params->looks_behind || look_behind(sniffed, head, is_final);
}
