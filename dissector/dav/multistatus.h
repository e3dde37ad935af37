/* multistatus: the grammar of XML Multi-Status documents and their relatives (DOMAIN.md 1.2, 1.3,
 * 1.7, 2.8). Bytes of XML in; the root, then the resources one by one as they close, out.
 *
 * Any order of children; what is not in the grammar is passed over with all that is in it, so that
 * extensions cannot hurt (RFC 4918 §17). Only direct children of the root are resources. A
 * mkcol-response, mkcalendar-response or error is one resource: the request's target. */
#pragma once

#include "dissector/dav/body.h"

extern const struct body_reader multistatus_reader;
