/* In: checked UTF-8. Out: the length of each construct. A state for each kind of construct, in the
 * order of XML 1.0 §2.4 to §3.1; no nesting, no names, no entities: those are libxml2's. */
#include "dissector/dav/xml_scan.h"

/* A piece of text is cut at this length, so that whoever joins pieces joins little ones. */
enum { TEXT_PIECE_BYTES = 16 * 1024 };

/* Text is looked through for two bytes by turns, so much at once: where one of them comes often,
 * the look-out for the other must not go over the same text again and again. */
enum { WINDOW_BYTES = 256 };

/* The quick look looks so far ahead, for each of several bytes; about what a packet holds. */
enum { SIMPLE_BYTES = 2048 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t refuse(struct xml_scan *scan, enum anomaly_kind kind, const char *text)
{
    scan->state = XML_SCAN_REFUSED;
    scan->refused_kind = kind;
    scan->refused_text = text;
    return 0;
}

/* n more bytes end a construct, or a piece of text. */
static size_t end_piece(struct xml_scan *scan, size_t n, bool *is_whole)
{
    *is_whole = true;
    scan->construct = XML_PLAIN;
    scan->state = XML_SCAN_TEXT;
    scan->construct_bytes = 0;
    scan->n_matched = 0;
    return n;
}

/* The same for a construct that the parser has to keep whole. */
static size_t whole(struct xml_scan *scan, size_t n, bool *is_whole)
{
    if (scan->construct_bytes + n > scan->limits->max_construct_bytes)
        return refuse(scan, ANOMALY_LIMIT, "max_construct_bytes");
    return end_piece(scan, n, is_whole);
}

/* All of the bytes belong to a construct that goes on behind them. */
static size_t goes_on(struct xml_scan *scan, size_t n)
{
    scan->construct_bytes += n;
    if (scan->construct_bytes > scan->limits->max_construct_bytes)
        return refuse(scan, ANOMALY_LIMIT, "max_construct_bytes");
    return n;
}

/* A byte a name may have in it; what libxml2 will not take is left to libxml2. */
static bool is_name_byte(uint8_t c)
{
    return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c == ':' || c == '-' || c == '.';
}

/* Bit c: byte c ends a name inside a tag: controls and space, '"', '\'', '/', '=', '>'. */
static const uint64_t name_ends = UINT64_C(0x6000808500000000) | UINT64_C(0xFFFFFFFF);

static bool ends_name(uint8_t c)
{
    return c < 64 && (name_ends >> c & 1);
}

static size_t scan_tag(struct xml_scan *scan, struct span bytes, bool *is_whole)
{
    for (size_t i = 0; i < bytes.len; i++) {
        size_t begin = i;
        while (i < bytes.len && !ends_name(bytes.ptr[i]))
            i++;
        scan->name_bytes += i - begin;
        if (scan->name_bytes > scan->limits->max_name_bytes)
            return refuse(scan, ANOMALY_LIMIT, "max_name_bytes");
        if (i == bytes.len)
            break;
        uint8_t c = bytes.ptr[i];
        scan->name_bytes = 0;
        if (c == '>')
            return whole(scan, i + 1, is_whole);
        if (c != '"' && c != '\'')
            continue;
        if (++scan->n_attributes > scan->limits->max_attributes)
            return refuse(scan, ANOMALY_LIMIT, "max_attributes");
        scan->state = XML_SCAN_QUOTED;
        scan->quote = c;
        return goes_on(scan, i + 1);
    }
    return goes_on(scan, bytes.len);
}

/* Where the next '<' or '&' is; bytes.len: nowhere. */
static size_t find_markup(struct span bytes)
{
    if (bytes.len > 0 && bytes.ptr[0] == '<')
        return 0; /* tags often follow one another */
    for (size_t at = 0; at < bytes.len; at += WINDOW_BYTES) {
        struct span window = span_first(span_after(bytes, at), WINDOW_BYTES);
        size_t n = span_find_byte(span_first(window, span_find_byte(window, '<')), '&');
        if (n < window.len)
            return at + n;
    }
    return bytes.len;
}

/* bytes begin with what stands behind '<'. */
static size_t begin_tag(struct xml_scan *scan, struct span bytes, bool *is_whole)
{
    scan->state = XML_SCAN_TAG;
    scan->name_bytes = 0;
    scan->n_attributes = 0;
    return scan_tag(scan, bytes, is_whole);
}

/* bytes begin with '<' or '&'. Most often it is a tag, and it is there as a whole. */
static size_t scan_markup(struct xml_scan *scan, struct span bytes, bool *is_whole)
{
    if (scan->construct_bytes > 0)
        return end_piece(scan, 0, is_whole);
    scan->state = bytes.ptr[0] == '<' ? XML_SCAN_OPENING : XML_SCAN_REFERENCE;
    scan->opening[0] = bytes.ptr[0];
    size_t n = goes_on(scan, 1);
    bool is_tag =
        bytes.len > 1 && bytes.ptr[0] == '<' && (is_name_byte(bytes.ptr[1]) || bytes.ptr[1] == '/');
    return is_tag ? n + begin_tag(scan, span_after(bytes, 1), is_whole) : n;
}

/* Text up to the next markup. "]]>" and CR LF must not be torn: their beginning waits for more. */
static size_t scan_text(struct xml_scan *scan, struct span bytes, bool *is_whole)
{
    if (bytes.ptr[0] == '<' || bytes.ptr[0] == '&')
        return scan_markup(scan, bytes, is_whole);
    struct span piece = span_first(bytes, TEXT_PIECE_BYTES);
    piece = span_first(piece, find_markup(piece));
    if (piece.len < bytes.len && piece.len < TEXT_PIECE_BYTES)
        return end_piece(scan, piece.len, is_whole);
    size_t safe = piece.len;
    while (safe > 0 && piece.len - safe < 2 &&
           (piece.ptr[safe - 1] == ']' || piece.ptr[safe - 1] == '\r'))
        safe--;
    return safe > 0 ? end_piece(scan, safe, is_whole) : goes_on(scan, piece.len);
}

static const struct {
    const char *text;
    enum xml_scan_state state;
} openings[] = {
    {"<!--", XML_SCAN_COMMENT},
    {"<?", XML_SCAN_INSTRUCTION},
    {"<![CDATA[", XML_SCAN_CDATA},
};

/* Byte by byte until it is clear what begins here. */
static size_t scan_opening(struct xml_scan *scan, struct span bytes, bool *is_whole)
{
    scan->opening[scan->construct_bytes] = bytes.ptr[0];
    struct span seen = span_of(scan->opening, scan->construct_bytes + 1);
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        struct span opening = span_str(openings[i].text);
        if (!span_starts(opening, seen))
            continue;
        if (seen.len < opening.len)
            return goes_on(scan, 1);
        if (openings[i].state != XML_SCAN_CDATA) {
            scan->state = openings[i].state;
            return goes_on(scan, 1);
        }
        size_t n = whole(scan, 1, is_whole);
        scan->construct = XML_CDATA_BEGIN;
        scan->state = XML_SCAN_CDATA;
        return n;
    }
    if (seen.len > 2 && (seen.ptr[2] == '-' || seen.ptr[2] == '['))
        return refuse(scan, ANOMALY_XML_MALFORMED, "a broken comment or CDATA section");
    if (seen.len > 2)
        return refuse(scan, ANOMALY_XML_DTD, "a document type declaration");
    if (!is_name_byte(bytes.ptr[0]) && bytes.ptr[0] != '/')
        return refuse(scan, ANOMALY_XML_MALFORMED, "unescaped '<'");
    return begin_tag(scan, bytes, is_whole);
}

static size_t scan_quoted(struct xml_scan *scan, struct span bytes)
{
    struct span value = span_first(bytes, span_find_byte(bytes, scan->quote));
    if (span_find_byte(value, '<') < value.len)
        return refuse(scan, ANOMALY_XML_MALFORMED, "unescaped '<' in an attribute");
    if (value.len == bytes.len)
        return goes_on(scan, bytes.len);
    scan->state = XML_SCAN_TAG;
    return goes_on(scan, value.len + 1);
}

/* RFC 4918 bodies have short references only, so a long one is no reference. */
static size_t scan_reference(struct xml_scan *scan, struct span bytes, bool *is_whole)
{
    for (size_t i = 0; i < bytes.len; i++) {
        if (bytes.ptr[i] == ';')
            return whole(scan, i + 1, is_whole);
        if (!is_name_byte(bytes.ptr[i]) && bytes.ptr[i] != '#')
            return refuse(scan, ANOMALY_XML_MALFORMED, "unescaped '&'");
        if (scan->construct_bytes + i > scan->limits->max_name_bytes)
            return refuse(scan, ANOMALY_LIMIT, "max_name_bytes");
    }
    return goes_on(scan, bytes.len);
}

/* Where mark ends in bytes, which may have begun before them; 0: not here. mark is one byte once or
 * more, and '>'. */
static size_t find_end(struct xml_scan *scan, struct span bytes, const char *mark)
{
    size_t n_before = strlen(mark) - 1;
    for (size_t i = 0; i < bytes.len; i++) {
        if (scan->n_matched == 0)
            i += span_find_byte(span_after(bytes, i), (uint8_t)mark[0]);
        if (i >= bytes.len)
            break;
        if (bytes.ptr[i] == (uint8_t)mark[0])
            scan->n_matched = smaller(scan->n_matched + 1, n_before);
        else if (bytes.ptr[i] == '>' && scan->n_matched == n_before)
            return i + 1;
        else
            scan->n_matched = 0;
    }
    return 0;
}

static size_t scan_until(struct xml_scan *scan, struct span bytes, const char *mark, bool *is_whole)
{
    size_t n = find_end(scan, bytes, mark);
    return n > 0 ? whole(scan, n, is_whole) : goes_on(scan, bytes.len);
}

/* CDATA may be long and is passed on in pieces; only a beginning of "]]>" waits for more. */
static size_t scan_cdata(struct xml_scan *scan, struct span bytes, bool *is_whole)
{
    struct span piece = span_first(bytes, TEXT_PIECE_BYTES);
    size_t n = find_end(scan, piece, "]]>");
    if (n > 0) {
        end_piece(scan, n, is_whole);
        scan->construct = XML_CDATA_END;
        return n;
    }
    if (scan->n_matched >= piece.len)
        return goes_on(scan, piece.len);
    n = end_piece(scan, piece.len - scan->n_matched, is_whole);
    scan->construct = XML_CDATA_PIECE;
    scan->state = XML_SCAN_CDATA;
    return n;
}

/* bytes up to the first tag that has an attribute in such quotes. A quotation mark behind '>'
 * stands in text, and so do all before the next '<'. */
static struct span before_attribute(struct span bytes, uint8_t quote)
{
    for (size_t at = 0; at < bytes.len;) {
        at += span_find_byte(span_after(bytes, at), quote);
        size_t begin = smaller(at, bytes.len);
        while (begin > 0 && bytes.ptr[begin - 1] != '<' && bytes.ptr[begin - 1] != '>')
            begin--;
        if (at < bytes.len && begin > 0 && bytes.ptr[begin - 1] == '<')
            return span_first(bytes, begin - 1);
        at += span_find_byte(span_after(bytes, at), '<');
    }
    return bytes;
}

/* bytes up to the first '<' that begins no tag. */
static struct span before_other_markup(struct span bytes)
{
    size_t at = span_find_byte(bytes, '<');
    while (at + 1 < bytes.len && (is_name_byte(bytes.ptr[at + 1]) || bytes.ptr[at + 1] == '/'))
        at += 1 + span_find_byte(span_after(bytes, at + 1), '<');
    return span_first(bytes, at);
}

void xml_scan_init(struct xml_scan *scan, const struct limits *limits)
{
    *scan = (struct xml_scan){.limits = limits};
}

size_t xml_scan_simple(struct xml_scan *scan, struct span bytes)
{
    if (scan->state != XML_SCAN_TEXT || scan->construct_bytes > 0 || bytes.len == 0 ||
        bytes.ptr[0] != '<')
        return 0;
    scan->construct = XML_PLAIN;
    size_t max_bytes = smaller(scan->limits->max_name_bytes, scan->limits->max_construct_bytes);
    bytes = span_first(bytes, smaller(max_bytes, SIMPLE_BYTES));
    bytes = span_first(bytes, span_find_byte(bytes, '&'));
    bytes = before_attribute(bytes, '"');
    bytes = before_attribute(bytes, '\'');
    bytes = before_other_markup(bytes);
    size_t n = bytes.len;
    while (n > 0 && bytes.ptr[n - 1] != '>')
        n--;
    return n;
}

size_t xml_scan_next(struct xml_scan *scan, struct span bytes, bool *is_whole)
{
    *is_whole = false;
    switch (scan->state) {
    case XML_SCAN_TEXT:
        return scan_text(scan, bytes, is_whole);
    case XML_SCAN_OPENING:
        return scan_opening(scan, bytes, is_whole);
    case XML_SCAN_TAG:
        return scan_tag(scan, bytes, is_whole);
    case XML_SCAN_QUOTED:
        return scan_quoted(scan, bytes);
    case XML_SCAN_REFERENCE:
        return scan_reference(scan, bytes, is_whole);
    case XML_SCAN_COMMENT:
        return scan_until(scan, bytes, "-->", is_whole);
    case XML_SCAN_INSTRUCTION:
        return scan_until(scan, bytes, "?>", is_whole);
    case XML_SCAN_CDATA:
        return scan_cdata(scan, bytes, is_whole);
    case XML_SCAN_REFUSED:
        break;
    }
    return 0;
}
