/* What a Depth header says, and giving back what the body left; see request.h. */
#include "dissector/dav/request.h"

static bool is(struct span value, const char *text)
{
    return span_equal_nocase(span_trim(value), span_str(text));
}

void request_set_depth(struct request *request, struct span value)
{
    size_t comma = span_find_byte(value, ',');
    struct span depth = span_first(value, comma), rest = span_after(value, comma + 1);
    request->depth = DEPTH_UNKNOWN;
    request->is_noroot = false;
    if (rest.len > 0 && !is(rest, "noroot"))
        return;
    if (is(depth, "0"))
        request->depth = DEPTH_0;
    else if (is(depth, "1"))
        request->depth = DEPTH_1;
    else if (is(depth, "infinity"))
        request->depth = DEPTH_INFINITY;
    request->is_noroot = rest.len > 0 && request->depth != DEPTH_UNKNOWN;
}

struct span request_method(const struct request *request, struct span sent)
{
    return request->is_method_overridden ? request->method : sent;
}

size_t request_bytes(const struct request *request)
{
    return request->arena.held_bytes + request_hrefs_bytes(&request->hrefs) +
           href_index_bytes(&request->property_index);
}

void request_free(struct request *request)
{
    request_hrefs_free(&request->hrefs);
    href_index_free(&request->property_index);
    request->property_list = (struct list){0};
    arena_free(&request->arena);
    request->properties = NULL;
    request->n_properties = 0;
    request->sync_token = (struct span){NULL, 0};
    request->lock_owner = (struct span){NULL, 0};
}
