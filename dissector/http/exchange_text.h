/* exchange_text: copies captured texts, leaving out the userinfo ("user:password@") of every URI in
 * them (RFC 3986 §3.2.1), so that no credential that stands in a URI outlives the feed. */
#pragma once

#include "dissector/base/span.h"

enum exchange_text_kind {
    EXCHANGE_TEXT_PLAIN,     /* no URI can stand in it */
    EXCHANGE_TEXT_TARGET,    /* a request target: "//" at its start is a path */
    EXCHANGE_TEXT_REFERENCE, /* a URI reference, or text with some in it */
    EXCHANGE_TEXT_AUTHORITY, /* host and port: what precedes the last '@' is left out */
    EXCHANGE_TEXT_WITHHELD,  /* nothing is kept when there is a '@' in it */
};

struct exchange_text {
    enum exchange_text_kind kind;
    struct span bytes; /* as captured */
    bool is_cut;       /* bytes is the beginning of a longer text */
};

/* Copies at most max_bytes of what is kept of *text to out; returns how many bytes that are, never
 * more than text->bytes.len. When that is not all, text->is_cut becomes true. */
size_t exchange_text_copy(struct exchange_text *text, uint8_t *out, size_t max_bytes);
