/* json_name: names of members in JSON. Every API writes them otherwise: they are compared without
 * case, '_', '-' and spaces. Names to compare with are in lower case and without these. */
#pragma once

#include "dissector/dav/json_tree.h"

bool json_name_is(struct span name, const char *plain);

/* The place of name among names, which end with NULL; SIZE_MAX: it is none of them. */
size_t json_name_rank(struct span name, const char *const *names);

static inline bool json_name_is_one_of(struct span name, const char *const *names)
{
    return json_name_rank(name, names) != SIZE_MAX;
}

/* The member of that name, or NULL; also where map is none, or NULL. */
const struct json_node *json_name_member(const struct json_node *map, const char *plain);
