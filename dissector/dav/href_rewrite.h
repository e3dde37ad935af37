/* href_rewrite: a leading part of paths that came back as another: behind a proxy that hides or
 * changes it, when the server does not know (DOMAIN.md 1.5 level 6). Works on forms with
 * DRIFT_LOOSE overlooked; "/" counts as empty. */
#pragma once

#include "dissector/base/buf.h"

struct href_rewrite {
    bool is_known;
    struct buf asked, answered; /* the leading part in the request, and what stood for it */
};

/* How many bytes at the end the two have in common, from a slash on; 0 when that tells nothing:
 * when it is neither all of one of them nor more than one segment. */
size_t href_rewrite_tail(struct span asked, struct span answered);

/* Takes it that all but n_tail bytes at the end of asked was rewritten. False: no memory. */
bool href_rewrite_set(struct href_rewrite *rewrite, struct span asked, struct span answered,
                      size_t n_tail);

/* Whether the rewriting is known and form begins as it says. */
bool href_rewrite_fits(const struct href_rewrite *rewrite, struct span form);

/* Writes a form that fits as it would be without the rewriting into undone. False: no memory. */
bool href_rewrite_undo(const struct href_rewrite *rewrite, struct span form, struct buf *undone);

size_t href_rewrite_bytes(const struct href_rewrite *rewrite);
void href_rewrite_free(struct href_rewrite *rewrite);
