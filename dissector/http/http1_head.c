/* A head's bytes in, its fields out. One walk over the lines sets what stands in one piece; values
 * that do not are put together in a second walk, which most heads never need. Copies no value that
 * stands in one piece, and none that is not allow-listed. */
#include "dissector/http/http1_head.h"

#include "dissector/http/http1_line.h"
#include "dissector/http/http1_start.h"

#include <stdlib.h>

const struct http1_note_text http1_note_texts[HTTP1_NOTE_N] = {
    [HTTP1_NOTE_BARE_LF] = {ANOMALY_BARE_LF, NULL},
    [HTTP1_NOTE_OBS_FOLD] = {ANOMALY_OBS_FOLD, NULL},
    [HTTP1_NOTE_START_CONTROL] = {ANOMALY_START_LINE, "a control character in it"},
    [HTTP1_NOTE_METHOD] = {ANOMALY_START_LINE, "the method is no token"},
    [HTTP1_NOTE_NO_FIELD] = {ANOMALY_FIELD_LINE, "no field name and colon"},
    [HTTP1_NOTE_SPACE_BEFORE_COLON] = {ANOMALY_FIELD_LINE, "white space before the colon"},
    [HTTP1_NOTE_FORBIDDEN_BYTE] = {ANOMALY_FIELD_LINE, "NUL or CR in a value"},
    [HTTP1_NOTE_LENGTHS_DIFFER] = {ANOMALY_LENGTH_CONFLICT, "Content-Length values differ"},
    [HTTP1_NOTE_LENGTH_MALFORMED] = {ANOMALY_LENGTH_CONFLICT, "Content-Length is no number"},
    [HTTP1_NOTE_LENGTH_AND_CODING] = {ANOMALY_LENGTH_CONFLICT,
                                      "Content-Length beside Transfer-Encoding"},
    [HTTP1_NOTE_CHUNKED_NOT_LAST] = {ANOMALY_LENGTH_CONFLICT,
                                     "Transfer-Encoding does not end with chunked"},
    [HTTP1_NOTE_MAX_FIELDS] = {ANOMALY_LIMIT, "max_fields"},
    [HTTP1_NOTE_MAX_FIELD_BYTES] = {ANOMALY_LIMIT, "max_field_bytes"},
};

/* One field line with its folded continuation lines, RFC 9112 §5. */
struct field_line {
    enum http_field field; /* HTTP_FIELD_N: not allow-listed */
    struct span name, value;
    bool is_field, is_folded, is_bare_lf, has_space_before_colon;
};

static struct span take_line(struct span *rest, bool *is_bare_lf)
{
    bool is_bare;
    struct span line = span_first(*rest, span_find_byte(*rest, '\n') + 1);
    *rest = span_after(*rest, line.len);
    line = http1_line_text(line, &is_bare);
    *is_bare_lf = *is_bare_lf || is_bare;
    return line;
}

static bool begins_blank(struct span s)
{
    return s.len > 0 && (s.ptr[0] == ' ' || s.ptr[0] == '\t');
}

static bool is_token(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!http1_is_token_byte(s.ptr[i]))
            return false;
    return s.len > 0;
}

/* False at the empty line that ends the head. */
static bool take_field_line(struct span *rest, struct field_line *out)
{
    *out = (struct field_line){.field = HTTP_FIELD_N};
    struct span line = take_line(rest, &out->is_bare_lf);
    if (line.len == 0)
        return false;
    bool is_orphan = begins_blank(line);
    while (begins_blank(*rest)) {
        struct span fold = take_line(rest, &out->is_bare_lf);
        line.len = (size_t)(fold.ptr - line.ptr) + fold.len;
        out->is_folded = true;
    }
    size_t colon = span_find_byte(line, ':');
    struct span name = span_first(line, colon);
    out->name = span_trim(name);
    out->has_space_before_colon = out->name.len < name.len;
    out->value = span_trim(span_after(line, colon + 1));
    bool has_name = colon < line.len && !is_orphan;
    if (has_name)
        out->field = http_field_find(out->name);
    out->is_field = out->field != HTTP_FIELD_N || (has_name && is_token(out->name));
    return true;
}

static bool frames_the_body(enum http_field field)
{
    return field == HTTP_CONTENT_LENGTH || field == HTTP_TRANSFER_ENCODING;
}

static void note_line(struct http1_head *parsed, const struct field_line *line)
{
    bool *noted = parsed->is_noted;
    noted[HTTP1_NOTE_BARE_LF] |= line->is_bare_lf;
    noted[HTTP1_NOTE_OBS_FOLD] |= line->is_folded;
    noted[HTTP1_NOTE_NO_FIELD] |= !line->is_field;
    noted[HTTP1_NOTE_SPACE_BEFORE_COLON] |= line->is_field && line->has_space_before_colon;
}

/* The fields that a head has, few of those there are. */
struct present {
    size_t n;
    uint8_t fields[HTTP_FIELD_N]; /* enum http_field, each once */
    bool is_joined[HTTP_FIELD_N]; /* by enum http_field: does not stand in one piece */
};

/* Walks the field lines; sets what stands in one piece. True: something does not. */
static bool read_fields(struct http1_head *parsed, struct span lines, size_t max_fields,
                        struct present *present)
{
    struct field_line line;
    bool any_joined = false;
    for (size_t n = 0; take_field_line(&lines, &line); n++) {
        note_line(parsed, &line);
        if (n >= max_fields)
            parsed->is_noted[HTTP1_NOTE_MAX_FIELDS] = true;
        if (line.is_field && line.field == HTTP_FIELD_N && http_is_secret(line.name))
            http_head_note_secret(&parsed->head, line.name,
                                  http_secret_fingerprint(line.name, line.value));
        if (line.field == HTTP_FIELD_N || (n >= max_fields && !frames_the_body(line.field)))
            continue;
        struct span *field = &parsed->head.fields[line.field];
        if (!field->ptr)
            present->fields[present->n++] = (uint8_t)line.field;
        present->is_joined[line.field] |= field->ptr || line.is_folded;
        any_joined |= present->is_joined[line.field];
        /* An empty value is present all the same. */
        *field = line.value.ptr ? line.value : span_of("", 0);
    }
    return any_joined;
}

/* Appends a value; each line end in it, with the white space around, becomes one space. */
static void join_value(struct http1_head *parsed, struct span value)
{
    bool is_bare_lf = false, is_first = true;
    while (value.len > 0) {
        struct span piece = span_trim(take_line(&value, &is_bare_lf));
        if (!is_first)
            parsed->joined[parsed->joined_len++] = ' ';
        if (piece.len > 0)
            memcpy(parsed->joined + parsed->joined_len, piece.ptr, piece.len);
        parsed->joined_len += piece.len;
        is_first = false;
    }
}

static void join_field(struct http1_head *parsed, struct span lines, size_t max_fields,
                       enum http_field field)
{
    struct field_line line;
    size_t start = parsed->joined_len;
    for (size_t n = 0; take_field_line(&lines, &line); n++) {
        if (line.field != field || (n >= max_fields && !frames_the_body(field)))
            continue;
        if (parsed->joined_len > start) {
            parsed->joined[parsed->joined_len++] = ',';
            parsed->joined[parsed->joined_len++] = ' ';
        }
        join_value(parsed, line.value);
    }
    parsed->head.fields[field] = span_of(parsed->joined + start, parsed->joined_len - start);
}

static bool has_forbidden_byte(struct span value)
{
    return span_find_byte(value, '\r') < value.len || span_find_byte(value, '\0') < value.len;
}

/* Framing needs the whole values, so cutting comes after it. */
static void cut_fields(struct http1_head *parsed, const struct present *present,
                       size_t max_field_bytes)
{
    for (size_t i = 0; i < present->n; i++) {
        struct span *field = &parsed->head.fields[present->fields[i]];
        parsed->is_noted[HTTP1_NOTE_FORBIDDEN_BYTE] |= has_forbidden_byte(*field);
        if (field->len <= max_field_bytes)
            continue;
        field->len = max_field_bytes;
        parsed->head.is_cut[present->fields[i]] = true;
        parsed->is_noted[HTTP1_NOTE_MAX_FIELD_BYTES] = true;
    }
}

enum feed http1_head_parse(struct http1_head *parsed, const struct limits *limits, enum dir dir,
                           struct span bytes)
{
    *parsed = (struct http1_head){.head.head_bytes = bytes.len};
    struct span lines = bytes;
    struct present present = {0};
    struct span start = take_line(&lines, &parsed->is_noted[HTTP1_NOTE_BARE_LF]);
    parsed->is_noted[HTTP1_NOTE_METHOD] = !http1_start_parse(start, dir, &parsed->head) &&
                                          http1_start_parse_unreadable(start, &parsed->head);
    parsed->is_noted[HTTP1_NOTE_START_CONTROL] = http1_start_has_control(&parsed->head);
    if (read_fields(parsed, lines, limits->max_fields, &present)) {
        /* A value with its name and colon is longer than with the ", " that joins it. */
        parsed->joined = malloc(bytes.len);
        if (!parsed->joined)
            return FEED_NOMEM;
        for (size_t i = 0; i < present.n; i++)
            if (present.is_joined[present.fields[i]])
                join_field(parsed, lines, limits->max_fields, present.fields[i]);
    }
    http1_framing(parsed, dir);
    cut_fields(parsed, &present, limits->max_field_bytes);
    return FEED_OK;
}

void http1_head_free(struct http1_head *parsed)
{
    free(parsed->joined);
    *parsed = (struct http1_head){0};
}
