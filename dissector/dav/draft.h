/* draft: one resource while its response element is being read: pieces in, a struct resource out.
 * Everything of it lies in one arena, given back by the next draft_begin. Knows no XML.
 *
 * Pieces beyond a limit are left out: the resource gets RESOURCE_CUT, draft.met the limit's name
 * and, when the counts of the document are wrong by it, draft.has_lost, until the caller clears
 * them. A resource that lost a status gets RESOURCE_PARTIAL. */
#pragma once

#include "dissector/base/arena.h"
#include "dissector/base/limit.h"
#include "dissector/dav/resource.h"

/* The level an error or a description speaks of. */
struct draft_conditions {
    struct list names, hrefs;
};

/* What an activelock says. */
enum lock_part { LOCK_SHARED, LOCK_DEPTH, LOCK_OWNER, LOCK_TIMEOUT, LOCK_TOKEN, LOCK_ROOT };

struct draft {
    /* fields are private, but for the last five */
    const struct limits *limits;
    struct arena arena;
    struct list hrefs, propstats, properties, locks;
    struct draft_conditions of_resource, of_propstat;
    struct propstat propstat; /* the one being read */
    struct span values[VALUE_N];
    struct span exception; /* what failed, in the words of a program: better than nothing */
    /* of the propstat */
    bool is_collection, has_type, is_folder_type, has_nested_collection;
    bool has_own_privilege; /* one that is none of RFC 3744 */
    bool is_unauthenticated, offers_sync, has_privileges, has_locks, is_lock_kept;
    uint32_t privileges;
    bool is_in_propstat;
    bool is_scheduling; /* its status is an iTIP request-status, no HTTP status line */
    uint8_t synthetic_text[24];
    struct span synthetic;
    bool is_active; /* between draft_begin and draft_end */
    bool is_nomem;
    const char *met;
    bool has_lost;
    struct resource resource;
};

void draft_init(struct draft *draft, const struct limits *limits);

void draft_begin(struct draft *draft, uint64_t ordinal, uint64_t offset);

/* All spans are copied, but for names: these must live until the resource has been used. */
void draft_href(struct draft *draft, struct span href);
void draft_status(struct draft *draft, struct span text); /* of the propstat when inside one */
void draft_request_status(struct draft *draft, struct span text);
void draft_code(struct draft *draft, uint16_t code); /* a status that is a number; 0: is none */
void draft_told(struct draft *draft, enum outcome class); /* see resource.is_told */
void draft_propstat_begin(struct draft *draft);
void draft_propstat_end(struct draft *draft);
void draft_prop(struct draft *draft);
void draft_property(struct draft *draft, const struct name *name);
void draft_condition(struct draft *draft, const struct name *name);
void draft_condition_href(struct draft *draft, struct span href);
void draft_description(struct draft *draft, struct span text);
void draft_exception(struct draft *draft, struct span name); /* when nothing is described */
void draft_location(struct draft *draft, struct span href);
void draft_uid(struct draft *draft, struct span uid);
void draft_value(struct draft *draft, enum value value, struct span text);
void draft_locks(struct draft *draft); /* lockdiscovery */
void draft_lock(struct draft *draft);  /* an activelock in it; these are its parts: */
void draft_lock_part(struct draft *draft, enum lock_part part, struct span text);
void draft_collection(struct draft *draft);
void draft_nested_status(struct draft *draft, struct span text);

/* Of the resource being read; ptr NULL when none was read so far. */
struct span draft_first_href(const struct draft *draft);

/* Bytes of the resource are missing, and no more of it comes: it gets RESOURCE_PARTIAL and loses
 * the propstat that was open. draft_end follows. */
void draft_cut(struct draft *draft);

/* The resource is whole: pointers, counts and flags of shape are set. Its propstats, to be judged,
 * in *propstats. Valid until draft_begin. */
struct resource *draft_end(struct draft *draft, uint64_t end, struct propstat **propstats);

void draft_free(struct draft *draft);
