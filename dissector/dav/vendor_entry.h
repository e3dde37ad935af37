/* vendor_entry: results in XML that is no WebDAV, under a root whose name ends in "multistatus"
 * (DOMAIN.md 1.7, 4.3): one element a result, in which single elements say what it is about, how it
 * went and why. Element names and depths in, the meaning of texts out; knows no XML parser.
 *
 * A result is the innermost element around the first of its elements that says something of it. */
#pragma once

#include "dissector/dav/resource.h"

enum vendor_role {
    VENDOR_NOTHING,
    VENDOR_ID,
    VENDOR_STATUS,
    VENDOR_REASON,
};

struct vendor_entry {
    /* fields are private; zeroed: nothing seen */
    size_t depth;     /* of the result's element; 0: none is open */
    bool has_said;    /* something of it was said */
    size_t opened_at; /* depth of the element that opened last */
    enum vendor_role role;
};

bool vendor_is_root(struct span local);

/* An element opens at this depth, the root's being 1. True: its parent may be a result, and begins
 * anew as one. */
bool vendor_open(struct vendor_entry *entry, size_t depth, struct span local);

/* An element closes: what its text says. VENDOR_NOTHING of one that held others. */
enum vendor_role vendor_close(struct vendor_entry *entry, size_t depth);

/* Whether, with the element at this depth, the result is whole. */
bool vendor_ends(struct vendor_entry *entry, size_t depth);

/* "404", "HTTP/1.1 404 Not Found", "failed": a code, or 0 and a class by the words of json_item.h.
 */
uint16_t vendor_status(struct span text, enum outcome *class);
