/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tree: a decoded document as a tree of the host: the verdict with the counts, the request, what is
 * missing, then a node a resource with the bytes it is made of. */
#pragma once

#include "dissector/wireshark/decoding.h"

struct tree_params {
    packet_info *pinfo;
    proto_tree *tree; /* of the frame */
    tvbuff_t *body;   /* of the answer; NULL: none */
    const struct answer *answer;
    const struct decoding *decoding;
    bool shows_properties; /* false: property names are left out */
    int protocol;
};

/* May leave by an exception of the host. */
void tree_add(const struct tree_params *params);

/* What there is to tell of a stream of HTTP/3, beside the other trees of the frame, which is tvb.
 */
void tree_add_note(packet_info *pinfo, proto_tree *tree, tvbuff_t *tvb,
                   const struct http3_note *note);

/* "mixed, 3 failed of 120"; packet memory. */
const char *tree_title(packet_info *pinfo, const struct summary *summary);
