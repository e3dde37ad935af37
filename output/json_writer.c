/* A stack of open objects and arrays, and a comma where one has to be; see json_writer.h. */
#include "output/json_writer.h"

#include "output/escape.h"
#include "output/time_text.h"

static bool is_in_object(const struct json *json)
{
    return json->depth > 0 && json->is_object[json->depth - 1];
}

static void write_comma(struct json *json)
{
    if (json->depth == 0)
        return;
    if (json->has_member[json->depth - 1])
        writer_text(json->writer, ",");
    json->has_member[json->depth - 1] = true;
}

/* Whether a value may stand here; writes what has to stand before it. */
static bool begin_value(struct json *json)
{
    bool has_place = is_in_object(json) ? json->has_key : json->depth > 0 || !json->has_value;
    if (!has_place)
        json->is_misused = true;
    if (json->is_misused)
        return false;
    if (!json->has_key)
        write_comma(json);
    json->has_key = false;
    json->has_value = true;
    return true;
}

static void open_level(struct json *json, bool is_object)
{
    if (json->depth == JSON_MAX_DEPTH)
        json->is_misused = true;
    if (!begin_value(json))
        return;
    writer_text(json->writer, is_object ? "{" : "[");
    json->is_object[json->depth] = is_object;
    json->has_member[json->depth] = false;
    json->depth++;
}

static void close_level(struct json *json)
{
    json->depth--;
    writer_text(json->writer, json->is_object[json->depth] ? "}" : "]");
}

void json_begin(struct json *json, struct writer *writer)
{
    *json = (struct json){.writer = writer};
}

void json_object(struct json *json)
{
    open_level(json, true);
}

void json_array(struct json *json)
{
    open_level(json, false);
}

void json_end(struct json *json)
{
    if (json->depth == 0 || json->has_key)
        json->is_misused = true;
    if (!json->is_misused)
        close_level(json);
}

/* Whether a key may stand here; writes what has to stand before it. */
static bool begin_key(struct json *json)
{
    if (!is_in_object(json) || json->has_key)
        json->is_misused = true;
    if (json->is_misused)
        return false;
    bool has_member = json->has_member[json->depth - 1];
    writer_text(json->writer, has_member ? ",\"" : "\"");
    json->has_member[json->depth - 1] = true;
    json->has_key = true;
    return true;
}

void json_key_bytes(struct json *json, struct span key)
{
    if (!begin_key(json))
        return;
    escape_json(json->writer, key);
    writer_text(json->writer, "\":");
}

void json_key(struct json *json, const char *key)
{
    if (!begin_key(json))
        return;
    writer_text(json->writer, key);
    writer_text(json->writer, "\":");
}

void json_string_of(struct json *json, const struct span *parts, size_t n)
{
    if (!begin_value(json))
        return;
    writer_text(json->writer, "\"");
    for (size_t i = 0; i < n; i++)
        escape_json(json->writer, parts[i]);
    writer_text(json->writer, "\"");
}

void json_string(struct json *json, struct span bytes)
{
    json_string_of(json, &bytes, 1);
}

void json_text(struct json *json, const char *text)
{
    json_string(json, span_str(text));
}

void json_number(struct json *json, uint64_t number)
{
    uint8_t digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (uint8_t)('0' + number % 10);
    while ((number /= 10) > 0);
    if (begin_value(json))
        writer_bytes(json->writer, span_of(digits + at, sizeof digits - at));
}

void json_value(struct json *json, struct span value)
{
    if (begin_value(json))
        writer_bytes(json->writer, value);
}

void json_bool(struct json *json, bool value)
{
    if (begin_value(json))
        writer_text(json->writer, value ? "true" : "false");
}

void json_put_text(struct json *json, const char *key, const char *text)
{
    json_put_string(json, key, span_str(text));
}

void json_put_string(struct json *json, const char *key, struct span bytes)
{
    if (!bytes.ptr)
        return;
    json_key(json, key);
    json_string(json, bytes);
}

void json_put_number(struct json *json, const char *key, uint64_t number)
{
    json_key(json, key);
    json_number(json, number);
}

void json_put_bool(struct json *json, const char *key, bool value)
{
    json_key(json, key);
    json_bool(json, value);
}

void json_put_time(struct json *json, const char *key, int64_t time_ns)
{
    char text[TIME_TEXT_BYTES];
    time_text_iso(time_ns, 9, text);
    json_put_text(json, key, text);
}

void json_put_object(struct json *json, const char *key)
{
    json_key(json, key);
    json_object(json);
}

void json_put_array(struct json *json, const char *key)
{
    json_key(json, key);
    json_array(json);
}

bool json_finish(struct json *json)
{
    bool is_valid = !json->is_misused && json->depth == 0 && json->has_value;
    if (json->has_key || !json->has_value)
        writer_text(json->writer, "null");
    while (json->depth > 0)
        close_level(json);
    writer_text(json->writer, "\n");
    return is_valid;
}
