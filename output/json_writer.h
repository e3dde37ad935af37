/* json_writer: JSON text (RFC 8259) that is valid by construction. One value of any shape a
 * json_begin .. json_finish, on one line.
 *
 * A call that does not fit (a value where a key has to stand, a key outside an object, more than
 * JSON_MAX_DEPTH levels) and everything after it is ignored; json_finish closes what is open and
 * says that it happened. The put functions leave a member out when its value is unknown. */
#pragma once

#include "output/writer.h"

enum { JSON_MAX_DEPTH = 16 };

struct json {
    /* fields are private */
    struct writer *writer;
    unsigned depth;
    bool is_object[JSON_MAX_DEPTH], has_member[JSON_MAX_DEPTH];
    bool has_key, has_value, is_misused;
};

void json_begin(struct json *json, struct writer *writer);

void json_object(struct json *json);
void json_array(struct json *json);
void json_end(struct json *json); /* of the innermost object or array */

void json_key(struct json *json, const char *key);       /* of ours: needs no escapes */
void json_key_bytes(struct json *json, struct span key); /* captured bytes */

void json_string(struct json *json, struct span bytes);                     /* captured bytes */
void json_string_of(struct json *json, const struct span *parts, size_t n); /* one after another */
void json_text(struct json *json, const char *text);
void json_number(struct json *json, uint64_t number);
void json_bool(struct json *json, bool value);
void json_value(struct json *json, struct span value); /* JSON already: written as it is */

/* Key (of ours) and value in one. Left out: a NULL text, a span whose ptr is NULL. */
void json_put_text(struct json *json, const char *key, const char *text);
void json_put_string(struct json *json, const char *key, struct span bytes);
void json_put_number(struct json *json, const char *key, uint64_t number);
void json_put_bool(struct json *json, const char *key, bool value);
void json_put_time(struct json *json, const char *key, int64_t time_ns); /* with nanoseconds */
void json_put_object(struct json *json, const char *key);                /* to be ended */
void json_put_array(struct json *json, const char *key);                 /* to be ended */

/* Ends the line. False: some call did not fit, or the value was not complete. */
bool json_finish(struct json *json);
