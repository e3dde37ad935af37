/* condition: the catalogue of preconditions and postconditions that DAV:error elements name (RFC
 * 4918 §16, DOMAIN.md 3): what each means in plain words, and what to do about it. A constant
 * table; nothing is allocated, nothing fails. */
#pragma once

#include "dissector/dav/resource.h"

struct condition {
    const char *space;    /* namespace URI */
    const char *local;    /* local name */
    const char *source;   /* the specification, with its section where it has one for it */
    const char *statuses; /* typical HTTP statuses, "403, 409"; empty: none */
    enum retry retry;     /* whether the same request may be sent again */
    const char *meaning;  /* one or two plain sentences */
    const char *action;   /* for an operator or user; the same */
};

/* Row i in the order of the catalogue, NULL behind the last. */
const struct condition *condition_at(size_t i);

/* The row of a name: of its namespace and local name; else of the local name alone, since servers
 * get the namespace wrong (the first of several). NULL: not in the catalogue. */
const struct condition *condition_find(const struct name *name);
