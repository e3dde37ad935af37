/* See json_name.h. */
#include "dissector/dav/json_name.h"

bool json_name_is(struct span name, const char *plain)
{
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.ptr[i];
        if (c == '_' || c == '-' || c == ' ')
            continue;
        if (c >= 'A' && c <= 'Z')
            c |= 0x20;
        if (c != (uint8_t)*plain || c == 0)
            return false;
        plain++;
    }
    return *plain == '\0';
}

size_t json_name_rank(struct span name, const char *const *names)
{
    for (size_t i = 0; names[i]; i++)
        if (json_name_is(name, names[i]))
            return i;
    return SIZE_MAX;
}

const struct json_node *json_name_member(const struct json_node *map, const char *plain)
{
    if (!map || json_tree_kind(map) != JSON_KIND_MAP)
        return NULL;
    for (struct json_walk w = {.node = map}; json_tree_next(&w);)
        if (json_name_is(w.name, plain))
            return w.value;
    return NULL;
}
