/* json_parts: what several JSON records share. */
#pragma once

#include "output/counts.h"
#include "output/json_writer.h"
#include "output/record.h"
#include "output/source.h"

/* Members "by_verdict", "by_class", "by_status": objects with one number for each that occurs. */
void json_put_by_verdict(struct json *json, const uint64_t by_verdict[VERDICT_N]);
void json_put_by_class(struct json *json, const uint64_t by_class[OUTCOME_N]);
void json_put_by_status(struct json *json, const uint64_t by_status[STATUS_N]); /* 0 has none */

/* Members "documents", "resources" and the first two. */
void json_put_counts(struct json *json, const struct counts *counts);

/* Member "frames", the first of each place, and, of several captures, "captures", which they are
 * in. */
void json_put_places(struct json *json, const struct place *places, size_t n,
                     const struct sources *sources);

/* "ip" and "port" as members; and an object of them as the member's value. */
void json_put_address(struct json *json, const struct endpoint *endpoint);
void json_put_endpoint(struct json *json, const char *key, const struct endpoint *endpoint);
