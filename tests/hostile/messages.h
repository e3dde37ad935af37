/* messages: exchanges whose coding or framing wants to cost more than it is worth. */
#pragma once

#include "tests/bench/script.h"

struct hostile_message {
    const char *name;
    void (*say)(struct script *script, size_t n); /* fills both messages of an emptied script */
    size_t n;                                     /* of the full size */
    size_t max_segment_bytes;                     /* 0 = as any sender does */
    bool is_series;                               /* n exchanges, say gets 0 .. n - 1 */
};

extern const struct hostile_message hostile_messages[];
extern const size_t n_hostile_messages;

/* A PROPFIND of target, as any client sends it. */
void message_request(struct script *script, const char *target);

/* The 207 to it with this body. */
void message_answer(struct script *script, struct span body, bool is_gzip);
