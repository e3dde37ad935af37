/* The libraries do not say how long what they give back was, so each allocation begins with that.
 */
#include "dissector/http/coding_memory.h"

#include <stdint.h>
#include <stdlib.h>

union head {
    size_t len;
    max_align_t alignment;
};

void *coding_memory_take(size_t *held_bytes, size_t len)
{
    union head *made = len <= SIZE_MAX - sizeof *made ? malloc(sizeof *made + len) : NULL;
    if (!made)
        return NULL;
    made->len = len;
    *held_bytes += len;
    return made + 1;
}

void coding_memory_release(size_t *held_bytes, void *memory)
{
    if (!memory)
        return;
    union head *made = (union head *)memory - 1;
    *held_bytes -= made->len;
    free(made);
}
