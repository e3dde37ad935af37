/* SPDX-License-Identifier: GPL-2.0-or-later */
/* message: the HTTP messages of one frame, told from the fields that the host's HTTP dissectors
 * have put into the frame's tree.
 *
 * So reassembly, decryption, chunks, content codings, HTTP/1, HTTP/2 and QUIC are the host's work,
 * and no dissector of its own is replaced or kept from seeing what it sees without us. The fields
 * have to be wanted beforehand (message_wanted_fields): in a tree that is not shown others are left
 * out. */
#pragma once

#include "dissector/dav/request_head.h"
#include "dissector/http/quic_join.h"
#include "dissector/wireshark/compat.h"

/* Where a body lies; source NULL: no body was seen. */
struct message_body {
    tvbuff_t *source; /* a data source of the frame */
    int start, length;
};

/* HTTP/1: a head, with its body if it has one. HTTP/2: what one of its frames brings of either.
 * QUIC: a piece of a stream, of which http3.h makes a head or the end of a message. */
struct message {
    bool is_http2, is_piece, is_request, is_response; /* neither of the last two: no head */
    bool is_end;                                      /* HTTP/2: END_STREAM */
    uint32_t stream;
    uint64_t stream_id; /* of QUIC */
    struct quic_piece piece;
    uint16_t status;
    struct request_head head;
    struct span content_type, content_encoding, content_length;
    struct message_body body;
    struct span joined;     /* HTTP/3: the body instead; decoded */
    const char *cut_reason; /* HTTP/3: why it is not whole, document_finish_params */
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

/* Takes in a field of a head of HTTP/2 or 3, pseudo-headers included. The spans are borrowed. */
void message_add_field(struct message *message, struct span name, struct span value);

/* Whether that would have use of the field's value. Credentials never have. */
bool message_keeps_field(struct span name);

/* Bytes of this connection that were not captured, as the host says with a frame. */
struct message_loss {
    bool is_before;   /* of its sender, before it */
    bool is_of_other; /* of its receiver, which it acknowledges; also those of which others told */
};
struct message_loss message_loss(proto_tree *tree);
