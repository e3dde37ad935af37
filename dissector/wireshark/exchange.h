/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exchange: a request and its response, made of the heads and bodies of messages; which of the
 * frames' messages belong together is pairing's affair. Texts are copied. All are on one list, for
 * they live until they are given back or the host closes the capture file. */
#pragma once

#include "dissector/dav/document.h"
#include "dissector/wireshark/message.h"

/* A request with its response, as far as they were seen. */
struct exchange {
    struct request request;
    struct span request_type; /* its media type, without parameters */
    uint32_t request_frame;   /* 0: not seen */
    uint16_t status;          /* 0: no response yet */
    struct span media_type, charset, boundary, content_encoding;
    uint64_t content_length;
    bool has_content_length;
    bool expects_batch; /* document_params */
    bool has_pieces;    /* HTTP/2: something of the response's body was seen */
    /* of pairing */
    uint32_t client_port;
    struct exchange *pending; /* the next request of the connection without an answer */
    /* private */
    bool is_request_over;
    struct arena arena;               /* of the texts */
    struct exchange *before, *behind; /* of all */
};

/* Nothing is seen of it yet. */
struct exchange *exchange_new(void);
void exchange_free(struct exchange *exchange);
void exchange_free_all(void);

/* The first head is that of the request; others on its stream promise requests (PUSH_PROMISE), or
 * are none. */
void exchange_take_request_head(struct exchange *exchange, const struct message *message,
                                packet_info *pinfo);

/* What was seen of the body, when the request is over; it is so once. */
void exchange_take_request_body(struct exchange *exchange, const struct message *message);

/* Whether something can be learnt of the request's body. */
bool exchange_wants_request_body(const struct exchange *exchange);

void exchange_take_response_head(struct exchange *exchange, const struct message *message);

/* Whether the response's body may be a document; sets expects_batch. */
bool exchange_may_be_document(struct exchange *exchange);
