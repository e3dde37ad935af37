/* Captured bytes to terminal text, JSON and CSV; see escape.h. Stateless. */
#include "output/escape.h"

#include "dissector/base/text.h"

#define NOT_UTF8 UINT32_MAX

/* Writes what may not stand as it is: a quote, a backslash, a character that is not printable, or
 * (code NOT_UTF8) a byte. */
typedef void write_special(struct writer *writer, uint32_t code, uint8_t byte);

static bool is_plain_ascii(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

/* Bytes at the start of s that may stand in every kind of output. */
static size_t plain_bytes(struct span s)
{
    size_t n = 0;
    while (n < s.len) {
        if (is_plain_ascii(s.ptr[n])) {
            n++;
            continue;
        }
        uint8_t byte = s.ptr[n];
        uint32_t code = byte;
        size_t len = byte < 0x80 ? 1 : text_utf8(span_after(s, n), &code);
        if (len == 0 || !text_is_printable(code) || code == '"' || code == '\\')
            break;
        n += len;
    }
    return n;
}

static void escape(struct writer *writer, struct span s, write_special *write)
{
    for (;;) {
        size_t n = plain_bytes(s);
        writer_bytes(writer, span_first(s, n));
        s = span_after(s, n);
        if (s.len == 0)
            return;
        uint32_t code = NOT_UTF8;
        size_t len = text_utf8(s, &code);
        write(writer, code, s.ptr[0]);
        s = span_after(s, len > 0 ? len : 1);
    }
}

static void write_text(struct writer *writer, uint32_t code, uint8_t byte)
{
    switch (code) {
    case '"':
        writer_text(writer, "\"");
        break;
    case '\\':
        writer_text(writer, "\\\\");
        break;
    case '\t':
        writer_text(writer, "\\t");
        break;
    case '\n':
        writer_text(writer, "\\n");
        break;
    case '\r':
        writer_text(writer, "\\r");
        break;
    default:
        if (code < 0x80 || code == NOT_UTF8)
            writer_format(writer, "\\x%02x", byte);
        else
            writer_format(writer, "\\u{%x}", (unsigned)code);
    }
}

static void write_json(struct writer *writer, uint32_t code, uint8_t byte)
{
    (void)byte;
    switch (code) {
    case '"':
        writer_text(writer, "\\\"");
        break;
    case '\\':
        writer_text(writer, "\\\\");
        break;
    case '\t':
        writer_text(writer, "\\t");
        break;
    case '\n':
        writer_text(writer, "\\n");
        break;
    case '\r':
        writer_text(writer, "\\r");
        break;
    case NOT_UTF8:
        writer_text(writer, "\xEF\xBF\xBD");
        break;
    default:
        if (code < 0x10000)
            writer_format(writer, "\\u%04x", (unsigned)code);
        else /* RFC 8259 §7: a surrogate pair */
            writer_format(writer, "\\u%04x\\u%04x", (unsigned)(0xD7C0 + (code >> 10)),
                          (unsigned)(0xDC00 + (code & 0x3FF)));
    }
}

static void write_quoted(struct writer *writer, uint32_t code, uint8_t byte)
{
    if (code == '"')
        writer_text(writer, "\"\"");
    else
        write_text(writer, code, byte);
}

/* Separators of any country's spreadsheets, and space that a reader might trim. */
static bool needs_quotes(struct span s)
{
    if (span_find_any(s, "\",;") < s.len)
        return true;
    return s.len > 0 && (s.ptr[0] == ' ' || s.ptr[s.len - 1] == ' ');
}

void escape_text(struct writer *writer, struct span s)
{
    escape(writer, s, write_text);
}

void escape_json(struct writer *writer, struct span s)
{
    escape(writer, s, write_json);
}

/* Where people write with wide letters, a formula may begin with a wide sign. */
static bool begins_as_formula(struct span s)
{
    static const char signs[] = "=+-@\t\r";
    static const char *const wide[] = {"＝", "＋", "－", "＠"};
    if (s.len == 0)
        return false;
    if (s.ptr[0] < 0x80)
        return memchr(signs, s.ptr[0], sizeof signs - 1) != NULL;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (span_starts(s, span_str(wide[i])))
            return true;
    return false;
}

void escape_csv(struct writer *writer, struct span s)
{
    const char *quote = needs_quotes(s) ? "\"" : "";
    writer_text(writer, quote);
    if (begins_as_formula(s))
        writer_text(writer, "'");
    escape(writer, s, write_quoted);
    writer_text(writer, quote);
}
