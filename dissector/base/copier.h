/* copier: deep copies in the memory of an arena, on whose way texts may become others. Whoever owns
 * a struct lists its texts once, with what each may tell; whoever wants a copy says what becomes of
 * them. No step need ask whether the one before failed: has_failed says it at the end, and what was
 * taken stays taken. */
#pragma once

#include "dissector/base/arena.h"

/* What a text is. */
enum role {
    ROLE_NAME,                       /* of a method, property or condition: no text of people */
    ROLE_URL,                        /* a target, an href, a URL */
    ROLE_HOST,                       /* a name or an address, with a port or without */
    ROLE_REASON,                     /* behind the code of a status line */
    ROLE_TIME,                       /* a date or a timeout, or whatever stands in its place */
    ROLE_TEXT,                       /* anything that people or programs may have written */
    ROLE_FIELDS,                     /* and above: + enum http_field, a header field's value */
    ROLE_VALUES = ROLE_FIELDS + 256, /* and above: + enum value, a property's value */
};

struct copier {
    struct arena *arena;
    /* What a text, whose ptr is not NULL, becomes: ptr NULL leaves it out. False: no memory. */
    bool (*text)(struct copier *copier, unsigned role, struct span *text);
    void *ctx; /* for text */
    bool has_failed;
};

/* A copy of n items of one size; NULL: there are none, or no memory. */
void *copier_items(struct copier *copier, const void *from, size_t n, size_t item_bytes);

/* Makes *text what it becomes; ptr NULL stays. */
void copier_text(struct copier *copier, unsigned role, struct span *text);

/* A copy of n texts of one role; NULL as above. */
const struct span *copier_texts(struct copier *copier, unsigned role, const struct span *texts,
                                size_t n);

/* The same for a text that ends with a NUL; NULL for NULL, or when it is left out. */
const char *copier_string(struct copier *copier, unsigned role, const char *string);

/* For text: a copy as it is. */
bool copier_keep(struct copier *copier, unsigned role, struct span *text);
