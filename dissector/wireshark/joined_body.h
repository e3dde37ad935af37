/* SPDX-License-Identifier: GPL-2.0-or-later */
/* joined_body: a body of HTTP/3, joined from its pieces, without its content codings. The host has
 * neither the whole of it nor undone codings, so both are ours here, by http/content and inside its
 * limits. */
#pragma once

#include "dissector/base/buf.h"

/* The largest body that is joined, coded and decoded: what a document may have unless the user says
 * otherwise. */
enum { JOINED_BODY_MAX_BYTES = 64 << 20 };

struct joined_body {
    struct buf content;     /* decoded */
    const char *cut_reason; /* of document_finish_params; NULL: it is whole */
};

/* Decodes raw; encoding is the Content-Encoding value. */
void joined_body_init(struct joined_body *body, struct span raw, struct span encoding);
void joined_body_free(struct joined_body *body);
