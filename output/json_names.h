/* json_names: names, and lists of them, in Clark notation, "{namespace}local".
 *
 * The resources of a listing mostly have the same properties, and a record then has one list for
 * all of them (resource_copy.h): a memo keeps what the last list became, so that it is written once
 * and copied from there on. */
#pragma once

#include "dissector/event.h"
#include "output/json_writer.h"

void json_put_name(struct json *json, const char *key, const struct name *name);
void json_put_names(struct json *json, const char *key, const struct name *names, size_t n);

struct json_names_memo {
    /* fields are private */
    const struct name *names;
    size_t n;
    bool is_known;
    struct writer text; /* with an error: too long to be kept */
};

void json_names_memo_init(struct json_names_memo *memo);

/* The same as json_put_names. The list must not change while the memo lives. */
void json_put_names_again(struct json *json, const char *key, struct json_names_memo *memo,
                          const struct name *names, size_t n);

void json_names_memo_free(struct json_names_memo *memo);
