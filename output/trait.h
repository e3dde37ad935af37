/* trait: what of a resource may interest a rule, as bits that are found once for each resource. A
 * rule's row names those it looks for, and is asked about no other resource: nearly all are healthy
 * and have few. A trait only lets a rule look; what it makes of it, it finds out itself. */
#pragma once

#include "output/detection.h"

enum trait {
    TRAIT_FAILED = 1 << 0,    /* class failed */
    TRAIT_NOT_OK = 1 << 1,    /* any class but ok */
    TRAIT_FLAGGED = 1 << 2,   /* has some flag */
    TRAIT_CONDITION = 1 << 3, /* what decided its class holds conditions */
    TRAIT_REFUSED = 1 << 4,   /* the exchange's own status is no success */
    TRAIT_CHANGED = 1 << 5,   /* the request is a write */
    TRAIT_BY_NAME = 1 << 6,   /* the request is a multiget */
    TRAIT_SELF = 1 << 7,      /* it is what was asked about */
    TRAIT_HREF_ODD = 1 << 8,  /* no absolute path; or one of "?#&\\" or white space in it */
    TRAIT_HREF_ESCAPE = 1 << 9,
    TRAIT_HREF_SLASH = 1 << 10, /* ends in one */
    TRAIT_WORDS = 1 << 11,      /* a description, or displayname */
    TRAIT_DATE = 1 << 12,
    TRAIT_COLLECTION = 1 << 13,
    TRAIT_TYPE_ODD = 1 << 14, /* resourcetype holds text, or what only collections hold */
    TRAIT_MARK = 1 << 15,     /* getctag or sync-token */
    TRAIT_QUOTA = 1 << 16,
    TRAIT_RIGHTS = 1 << 17,
    TRAIT_PRINCIPAL = 1 << 18,
    TRAIT_OFFERS_SYNC = 1 << 19,
    TRAIT_LOCK = 1 << 20,
    TRAIT_ANY = 1 << 21, /* every resource has it */
};

/* Of the resource that the detection looks at: enum trait. */
uint32_t trait_find(const struct detection *detection);
