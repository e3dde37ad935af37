/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tree_resource: one resource of a document in the tree; see tree.h. */
#pragma once

#include "dissector/wireshark/fields.h"
#include "dissector/wireshark/tree.h"

void tree_resource_add(const struct tree_params *params, proto_tree *tree,
                       const struct resource *resource);

/* A captured text as a field. ptr NULL: nothing is added. tvb may be NULL, the item is then without
 * bytes. */
struct tree_place {
    tvbuff_t *tvb;
    int start, length;
};
proto_item *tree_text(proto_tree *tree, enum field field, const struct tree_place *place,
                      struct span text);
