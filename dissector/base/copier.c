/* Copies of any struct, piece by piece; see copier.h. */
#include "dissector/base/copier.h"

void *copier_items(struct copier *copier, const void *from, size_t n, size_t item_bytes)
{
    if (n == 0)
        return NULL;
    void *copy = n <= SIZE_MAX / item_bytes ? arena_take(copier->arena, n * item_bytes) : NULL;
    if (copy)
        memcpy(copy, from, n * item_bytes);
    copier->has_failed |= !copy;
    return copy;
}

void copier_text(struct copier *copier, unsigned role, struct span *text)
{
    if (text->ptr)
        copier->has_failed |= !copier->text(copier, role, text);
}

const struct span *copier_texts(struct copier *copier, unsigned role, const struct span *texts,
                                size_t n)
{
    struct span *copy = copier_items(copier, texts, n, sizeof *copy);
    for (size_t i = 0; copy && i < n; i++)
        copier_text(copier, role, &copy[i]);
    return copy;
}

const char *copier_string(struct copier *copier, unsigned role, const char *string)
{
    struct span text = string ? span_str(string) : (struct span){NULL, 0};
    copier_text(copier, role, &text);
    if (!text.ptr)
        return NULL;
    char *copy = arena_take(copier->arena, text.len + 1);
    if (copy && text.len > 0)
        memcpy(copy, text.ptr, text.len);
    copier->has_failed |= !copy;
    return copy;
}

bool copier_keep(struct copier *copier, unsigned role, struct span *text)
{
    (void)role;
    *text = arena_copy(copier->arena, *text);
    return text->ptr != NULL;
}
