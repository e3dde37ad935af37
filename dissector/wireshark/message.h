/* SPDX-License-Identifier: GPL-2.0-or-later */
/* message: the HTTP messages of one frame, told from the fields that the host's HTTP dissectors
 * have put into the frame's tree.
 *
 * So reassembly, decryption, chunks, content codings, HTTP/1 and HTTP/2 are the host's work, and no
 * dissector of its own is replaced or kept from seeing what it sees without us. The fields have to
 * be wanted beforehand (message_wanted_fields): in a tree that is not shown others are left out. */
#pragma once

#include "dissector/dav/request_head.h"
#include "dissector/wireshark/compat.h"

/* Where a body lies; source NULL: no body was seen. */
struct message_body {
    tvbuff_t *source; /* a data source of the frame */
    int start, length;
};

/* HTTP/1: a head, with its body if it has one. HTTP/2: what one of its frames brings of either. */
struct message {
    bool is_http2, is_request, is_response; /* neither of the last two: no head */
    bool is_end;                            /* HTTP/2: END_STREAM */
    uint32_t stream;
    uint16_t status;
    struct request_head head;
    struct span content_type, content_encoding, content_length;
    struct message_body body;
};

struct message_list {
    struct message *items; /* packet memory, as are the spans */
    size_t n;
};

/* Finds the fields' numbers. Once, when all protocols are registered. */
void message_init(void);

/* For set_postdissector_wanted_hfids, which owns it. */
GArray *message_wanted_fields(void);

/* In the order of the frame; n is 0 for most frames. */
struct message_list message_list(packet_info *pinfo, proto_tree *tree);

/* Whether the host says that bytes of this connection were not captured. */
bool message_is_after_loss(proto_tree *tree);
