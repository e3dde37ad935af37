/* top: which texts occur most, out of any number of them, in bounded memory. Space-saving
 * (Metwally, Agrawal, El Abbadi 2005): a text that makes up more than one in TOP_MAX of what was
 * added is among them, and its n is too high by no more than that share. While there were no more
 * than TOP_MAX different texts, all of them are here and their n are exact. */
#pragma once

#include "dissector/base/span.h"

enum {
    TOP_MAX = 10,          /* examples for people; more are not read */
    TOP_TEXT_BYTES = 512,  /* a longer text is cut, and ends with "…" */
    TOP_COMMON_BYTES = 256 /* of the folder that all paths share */
};

struct top_entry {
    uint8_t *text; /* captured bytes */
    size_t len;
    uint64_t n;
};

struct top {
    struct top_entry entries[TOP_MAX]; /* in no order; see top_sort */
    size_t n;
    bool is_overflown; /* there were more than TOP_MAX different ones */
    bool has_common;
    uint8_t common[TOP_COMMON_BYTES]; /* what all texts begin with, up to its last slash */
    size_t common_len;
};

/* Adds n occurrences. Without memory a text that is new is not kept, and is_overflown says so. */
void top_add(struct top *top, struct span text, uint64_t n);

/* Adds what another one holds. */
void top_merge(struct top *top, const struct top *more);

/* Most often first; equal ones by their bytes. */
void top_sort(struct top *top);

static inline struct span top_text(const struct top_entry *entry)
{
    return span_of(entry->text, entry->len);
}

/* The common beginning; empty when there is none. */
struct span top_common(const struct top *top);

void top_free(struct top *top);
