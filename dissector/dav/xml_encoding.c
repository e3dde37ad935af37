/* In: raw bytes. Out: checked UTF-8. UTF-8 itself is checked in place, eight bytes at a time while
 * they are plain. Does not look at markup, but for the encoding in an XML declaration. */
#include "dissector/dav/xml_encoding.h"

#include "dissector/base/text.h"

#include <assert.h>

static const struct {
    const char *label;
    enum xml_encoding encoding;
} labels[] = {
    {"utf-8", XML_UTF_8},         {"utf8", XML_UTF_8},
    {"us-ascii", XML_UTF_8},      {"ascii", XML_UTF_8},
    {"utf-16", XML_UTF_16LE},     {"utf-16le", XML_UTF_16LE},
    {"utf-16be", XML_UTF_16BE},   {"iso-8859-1", XML_ISO_8859_1},
    {"latin1", XML_ISO_8859_1},   {"windows-1252", XML_WINDOWS_1252},
    {"cp1252", XML_WINDOWS_1252},
};

/* A character has at most four bytes, so three of them may come behind a hole. */
enum { MAX_TORN_BYTES = 3 };

static bool find_label(struct span label, enum xml_encoding *encoding)
{
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (span_equal_nocase(label, span_str(labels[i].label))) {
            *encoding = labels[i].encoding;
            return true;
        }
    return false;
}

static bool is_utf16(enum xml_encoding encoding)
{
    return encoding == XML_UTF_16LE || encoding == XML_UTF_16BE;
}

/* The value of encoding="" in a declaration at the start of text; empty when there is none. */
static struct span declared_label(struct span text)
{
    if (!span_starts(text, span_str("<?xml")))
        return (struct span){NULL, 0};
    text = span_first(text, span_find(text, span_str("?>")));
    text = span_after(text, span_find(text, span_str("encoding")) + strlen("encoding"));
    text = span_trim(text);
    if (text.len == 0 || text.ptr[0] != '=')
        return (struct span){NULL, 0};
    text = span_trim(span_after(text, 1));
    if (text.len == 0 || (text.ptr[0] != '"' && text.ptr[0] != '\''))
        return (struct span){NULL, 0};
    struct span value = span_after(text, 1);
    size_t n = span_find_byte(value, text.ptr[0]);
    return n < value.len ? span_first(value, n) : span_of(NULL, 0);
}

static bool is_markup_or_space(uint8_t c)
{
    return c == '<' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What the first bytes alone prove: a byte order mark, or the zeros of UTF-16. */
static bool choose_by_bytes(struct xml_encoding_choice *choice, struct span head)
{
    static const struct {
        struct span mark;
        enum xml_encoding encoding;
    } marks[] = {
        {{(const uint8_t *)"\xEF\xBB\xBF", 3}, XML_UTF_8},
        {{(const uint8_t *)"\xFF\xFE", 2}, XML_UTF_16LE},
        {{(const uint8_t *)"\xFE\xFF", 2}, XML_UTF_16BE},
    };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_starts(head, marks[i].mark)) {
            *choice = (struct xml_encoding_choice){marks[i].encoding, marks[i].mark.len, NULL};
            return true;
        }
    if (head.len < 2 || (head.ptr[0] != 0) == (head.ptr[1] != 0))
        return false;
    if (!is_markup_or_space(head.ptr[0] | head.ptr[1]))
        return false;
    choice->encoding = head.ptr[0] != 0 ? XML_UTF_16LE : XML_UTF_16BE;
    return true;
}

/* The declaration is not whole yet, or may still begin: more of head has to be seen. */
static bool is_declaration_open(struct span head)
{
    struct span begin = span_str("<?xml");
    if (head.len < begin.len)
        return span_starts(begin, head);
    return span_starts(head, begin) && span_find(head, span_str("?>")) == head.len;
}

bool xml_encoding_choose(struct xml_encoding_choice *choice, struct span head, bool is_final,
                         struct span charset)
{
    *choice = (struct xml_encoding_choice){XML_UTF_8, 0, NULL};
    enum xml_encoding named = XML_UTF_8;
    if (head.len < 3 && !is_final)
        return false;
    if (choose_by_bytes(choice, head)) {
        bool is_known = find_label(charset, &named);
        if (is_known && named != choice->encoding &&
            !(is_utf16(named) && is_utf16(choice->encoding)))
            choice->odd = "the charset parameter contradicts the bytes";
        return true;
    }
    head = span_trim(head);
    if (is_declaration_open(head) && !is_final)
        return false;
    struct span label = charset.len > 0 ? charset : declared_label(head);
    if (label.len == 0)
        return true;
    if (!find_label(label, &choice->encoding)) {
        choice->encoding = XML_ISO_8859_1;
        choice->odd = "an encoding unknown here; read as ISO-8859-1";
    } else if (is_utf16(choice->encoding) && head.len > 0) {
        choice->encoding = XML_UTF_8;
        choice->odd = "UTF-16 is named, but the bytes are not; read as UTF-8";
    }
    return true;
}

bool xml_encoding_contradicts(enum xml_encoding encoding, struct span text)
{
    enum xml_encoding declared;
    if (!find_label(declared_label(text), &declared) || declared == encoding)
        return false;
    return !(is_utf16(declared) && is_utf16(encoding));
}

static bool is_surrogate(uint32_t code)
{
    return code >= 0xD800 && code <= 0xDFFF;
}

/* XML 1.0 §2.2, Char. */
static bool is_char(uint32_t code)
{
    if (code < 0x20)
        return code == '\t' || code == '\n' || code == '\r';
    return code != 0xFFFE && code != 0xFFFF && !is_surrogate(code) && code <= 0x10FFFF;
}

/* code: what was read, a surrogate when it is no character at all. */
static void fail(struct xml_decoder *decoder, uint32_t code)
{
    decoder->is_character = !is_surrogate(code);
    if (!decoder->is_character)
        decoder->error = "bytes that are invalid in the encoding";
    else
        decoder->error = code < 0x20 ? "a control character" : "a character XML does not allow";
}

/* Whether all of eight bytes are 0x20..0x7F: no high bit, and none that subtracting 0x20 borrows.
 */
static bool is_plain_word(const uint8_t *ptr)
{
    uint64_t word;
    memcpy(&word, ptr, sizeof word);
    uint64_t high = UINT64_C(0x8080808080808080), low = UINT64_C(0x2020202020202020);
    return ((word | (word - low)) & high) == 0;
}

/* A character of UTF-8 of which only the beginning is there. */
static bool is_cut_utf8(struct span s)
{
    size_t need = s.ptr[0] >= 0xF0 ? 4 : s.ptr[0] >= 0xE0 ? 3 : s.ptr[0] >= 0xC2 ? 2 : 1;
    if (s.ptr[0] > 0xF4 || s.len >= need)
        return false;
    for (size_t i = 1; i < s.len; i++)
        if ((s.ptr[i] & 0xC0) != 0x80)
            return false;
    return true;
}

/* Length of the longest beginning that is whole allowed characters; sets error when what follows
 * cannot become one. */
static size_t checked_utf8(struct xml_decoder *decoder, struct span s)
{
    size_t at = 0;
    while (at < s.len) {
        while (s.len - at >= 8 && is_plain_word(s.ptr + at))
            at += 8;
        if (at >= s.len)
            break;
        uint32_t code = s.ptr[at];
        size_t n = code < 0x80 ? 1 : text_utf8(span_after(s, at), &code);
        if (n == 0 && is_cut_utf8(span_after(s, at)))
            break;
        if (n == 0 || !is_char(code)) {
            fail(decoder, n == 0 ? 0xD800 : code);
            break;
        }
        at += n;
    }
    return at;
}

/* The character whose beginning was kept gets its next byte. */
static struct span complete_carry(struct xml_decoder *decoder, struct span *bytes)
{
    while (bytes->len > 0 && decoder->n_carry < sizeof decoder->carry) {
        decoder->carry[decoder->n_carry++] = bytes->ptr[0];
        *bytes = span_after(*bytes, 1);
        struct span character = span_of(decoder->carry, decoder->n_carry);
        size_t n = checked_utf8(decoder, character);
        if (n > 0) {
            decoder->n_carry = 0;
            decoder->offset += n;
            return character;
        }
        if (decoder->error)
            break;
    }
    return (struct span){NULL, 0};
}

static struct span next_utf8(struct xml_decoder *decoder, struct span *bytes)
{
    if (decoder->n_carry > 0)
        return complete_carry(decoder, bytes);
    struct span checked = span_first(*bytes, checked_utf8(decoder, *bytes));
    decoder->offset += checked.len;
    *bytes = span_after(*bytes, checked.len);
    if (!decoder->error && bytes->len > 0 && bytes->len < sizeof decoder->carry) {
        memcpy(decoder->carry, bytes->ptr, bytes->len);
        decoder->n_carry = bytes->len;
        *bytes = (struct span){NULL, 0};
    }
    return checked;
}

static size_t encode(uint8_t *out, uint32_t code)
{
    static const uint8_t leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    if (code < 0x80) {
        out[0] = (uint8_t)code;
        return 1;
    }
    size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (uint8_t)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = (uint8_t)(leads[n] | code);
    return n;
}

/* The characters of windows-1252 that ISO-8859-1 has not: 0x80..0x9F. 0: undefined there. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static uint32_t unit_of(enum xml_encoding encoding, const uint8_t *ptr)
{
    return encoding == XML_UTF_16LE ? (uint32_t)(ptr[1] << 8 | ptr[0])
                                    : (uint32_t)(ptr[0] << 8 | ptr[1]);
}

/* Reads one character from s: its length, 0 when it is not whole. Invalid: *code is a surrogate,
 * which no text may have. */
static size_t read_character(enum xml_encoding encoding, struct span s, uint32_t *code)
{
    if (!is_utf16(encoding)) {
        *code = s.ptr[0];
        if (encoding == XML_WINDOWS_1252 && *code >= 0x80 && *code < 0xA0)
            *code = windows_1252[*code - 0x80] ? windows_1252[*code - 0x80] : 0xFFFD;
        return 1;
    }
    if (s.len < 2)
        return 0;
    *code = unit_of(encoding, s.ptr);
    if (*code < 0xD800 || *code > 0xDBFF)
        return 2;
    if (s.len < 4)
        return 0;
    uint32_t low = unit_of(encoding, s.ptr + 2);
    if (low < 0xDC00 || low > 0xDFFF)
        return 2;
    *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
    return 4;
}

/* The encodings that are written anew as UTF-8. */
static struct span next_other(struct xml_decoder *decoder, struct span *bytes)
{
    size_t n_out = 0;
    while (bytes->len > 0 && n_out + 4 <= sizeof decoder->decoded) {
        struct span s = *bytes;
        size_t n_carried = decoder->n_carry;
        if (n_carried > 0) {
            decoder->carry[decoder->n_carry++] = bytes->ptr[0];
            s = span_of(decoder->carry, decoder->n_carry);
        }
        uint32_t code = 0;
        size_t n = read_character(decoder->encoding, s, &code);
        bool is_rest = decoder->n_torn > 0 && code >= 0xDC00 && code <= 0xDFFF;
        if (n > 0 && !is_char(code) && !is_rest) {
            fail(decoder, code);
            *bytes = span_after(*bytes, n_carried > 0 ? 1 : 0); /* it is among those kept */
            break;
        }
        if (n > 0) {
            decoder->n_torn = 0;
            n_out += is_rest ? 0 : encode(decoder->decoded + n_out, code);
            decoder->offset += n;
            decoder->n_carry = 0;
        } else if (n_carried == 0) {
            memcpy(decoder->carry, s.ptr, s.len);
            decoder->n_carry = n = s.len;
        }
        *bytes = span_after(*bytes, n_carried > 0 ? 1 : n);
    }
    return span_of(decoder->decoded, n_out);
}

void xml_decoder_init(struct xml_decoder *decoder, enum xml_encoding encoding)
{
    decoder->encoding = encoding;
    decoder->n_carry = 0;
    decoder->error = NULL;
    decoder->is_character = false;
    decoder->n_torn = 0;
    decoder->offset = 0;
}

void xml_decoder_gap(struct xml_decoder *decoder, uint64_t n_bytes)
{
    decoder->offset += decoder->n_carry + n_bytes;
    decoder->n_carry = 0;
    decoder->n_torn = MAX_TORN_BYTES;
}

/* The rest of a UTF-8 character, or the odd byte of a unit of UTF-16. */
static void skip_torn(struct xml_decoder *decoder, struct span *bytes)
{
    bool is_wide = is_utf16(decoder->encoding);
    while (decoder->n_torn > 0 && bytes->len > 0 &&
           (is_wide ? decoder->offset % 2 == 1 : (bytes->ptr[0] & 0xC0) == 0x80)) {
        decoder->n_torn--;
        decoder->offset++;
        *bytes = span_after(*bytes, 1);
    }
    if (!is_wide && bytes->len > 0)
        decoder->n_torn = 0;
}

struct span xml_decoder_next(struct xml_decoder *decoder, struct span *bytes)
{
    if (decoder->error || bytes->len == 0)
        return (struct span){NULL, 0};
    if (decoder->n_torn > 0 && decoder->n_carry == 0 &&
        (decoder->encoding == XML_UTF_8 || is_utf16(decoder->encoding)))
        skip_torn(decoder, bytes);
    return decoder->encoding == XML_UTF_8 ? next_utf8(decoder, bytes) : next_other(decoder, bytes);
}

uint64_t xml_encoding_bytes(enum xml_encoding encoding, struct span text)
{
    if (encoding == XML_UTF_8)
        return text.len;
    uint64_t n_characters = 0, n_beyond = 0; /* those of four bytes are two units of UTF-16 */
    for (size_t i = 0; i < text.len; i++) {
        n_characters += (text.ptr[i] & 0xC0) != 0x80;
        n_beyond += text.ptr[i] >= 0xF0;
    }
    return is_utf16(encoding) ? 2 * (n_characters + n_beyond) : n_characters;
}
