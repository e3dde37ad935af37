/* json_tree: a JSON text as a tree (RFC 8259). The one place that knows the parser, jansson; a
 * build without it says so.
 *
 * Numbers are given as their texts: none is too large, and identifiers keep all their digits. A
 * name that occurs twice in a map has its last value. Texts are valid UTF-8. jansson seeds its hash
 * by itself, from the system's source of randomness. */
#pragma once

#include "dissector/base/span.h"

enum json_kind {
    JSON_KIND_NULL,
    JSON_KIND_FALSE,
    JSON_KIND_TRUE,
    JSON_KIND_TEXT, /* a string, or a number */
    JSON_KIND_LIST,
    JSON_KIND_MAP,
};

bool json_tree_is_built_in(void);

enum json_tree_result {
    JSON_TREE_OK,
    JSON_TREE_DAMAGED,
    JSON_TREE_UNAVAILABLE, /* not built in */
    JSON_TREE_NOMEM,
};

struct json_node; /* opaque; borrowed from its tree */

/* text: one object or list, its size and depth checked (json_scan). *root is NULL unless
 * JSON_TREE_OK; *damaged_at: the byte in text after which it is damaged. */
enum json_tree_result json_tree_load(struct span text, struct json_node **root, size_t *damaged_at);

/* What that takes at most beside what json_scan counts: the texts in the tree, and for its time a
 * copy of text. */
static inline size_t json_tree_text_bytes(size_t text_len)
{
    return 3 * text_len;
}

void json_tree_free(struct json_node *root); /* NULL is fine */

enum json_kind json_tree_kind(const struct json_node *node);

/* Of a JSON_KIND_TEXT; empty for anything else. */
struct span json_tree_text(const struct json_node *node);

/* Goes through a list or map in the order of the text:
 *     for (struct json_walk w = {.node = node}; json_tree_next(&w);) use w.value
 * Any other node has nothing to go through. */
struct json_walk {
    const struct json_node *node;
    struct span name; /* of the member; empty in a list */
    const struct json_node *value;
    size_t i;   /* of the next; from 0 */
    void *next; /* private */
};
bool json_tree_next(struct json_walk *walk);
