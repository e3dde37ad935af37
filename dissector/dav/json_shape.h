/* json_shape: where in a JSON text the results stand (DOMAIN.md 4.2, 4.3), and what it says of all
 * of them together. */
#pragma once

#include "dissector/dav/json_item.h"

/* What a list says of its elements by its name. */
enum json_list_kind {
    JSON_LIST_PLAIN, /* each says for itself */
    JSON_LIST_GOOD,
    JSON_LIST_BAD,
};

/* Takes the results. */
struct json_results {
    /* False: no more is wanted. */
    bool (*take)(void *ctx, const struct json_item *item, enum json_list_kind list);
    void *ctx;
};

struct json_shape {
    bool has_list; /* results have a place in it, be it that there are none */
    uint64_t n_results;
    uint64_t n_bad;        /* that surely failed: a 404 may be what was asked for */
    bool is_plain;         /* every result says for itself, in a way that no other data does */
    bool is_one_by_one;    /* one list, a result for each thing */
    bool is_failures_only; /* no place for what went well */
    bool is_rolled_back;   /* then nothing holds of what went well */
    bool is_contradiction; /* what it says of the whole is not what its results say */
    struct span message;   /* of the whole; ptr NULL: none */
};

/* Goes through the results of a text in their order. results NULL: only looks. */
struct json_shape json_shape_read(const struct json_node *root, const struct json_results *results);
