/* Names to JSON; see json_names.h. */
#include "output/json_names.h"

enum { MAX_KEPT_BYTES = 16 * 1024 };

static void write_name(struct json *json, const struct name *name)
{
    struct span parts[] = {span_str("{"), name->space, span_str("}"), name->local};
    bool has_space = name->space.len > 0;
    json_string_of(json, has_space ? parts : &parts[3], has_space ? 4 : 1);
}

static void write_names(struct json *json, const struct name *names, size_t n)
{
    json_array(json);
    for (size_t i = 0; i < n; i++)
        write_name(json, &names[i]);
    json_end(json);
}

void json_put_name(struct json *json, const char *key, const struct name *name)
{
    json_key(json, key);
    write_name(json, name);
}

void json_put_names(struct json *json, const char *key, const struct name *names, size_t n)
{
    json_key(json, key);
    write_names(json, names, n);
}

void json_names_memo_init(struct json_names_memo *memo)
{
    *memo = (struct json_names_memo){0};
    writer_init_memory(&memo->text, MAX_KEPT_BYTES);
}

static void remember(struct json_names_memo *memo, const struct name *names, size_t n)
{
    struct json json;
    writer_clear(&memo->text);
    memo->text.error = 0;
    json_begin(&json, &memo->text);
    write_names(&json, names, n);
    memo->names = names;
    memo->n = n;
    memo->is_known = true;
}

void json_put_names_again(struct json *json, const char *key, struct json_names_memo *memo,
                          const struct name *names, size_t n)
{
    if (!memo->is_known || memo->names != names || memo->n != n)
        remember(memo, names, n);
    json_key(json, key);
    if (memo->text.error == 0)
        json_value(json, writer_span(&memo->text));
    else
        write_names(json, names, n);
}

void json_names_memo_free(struct json_names_memo *memo)
{
    (void)writer_close(&memo->text);
}
