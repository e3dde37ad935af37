/* multipart: results as the parts of a multipart body (RFC 2046 §5.1), each a whole HTTP response
 * (application/http, RFC 9112 §10.2): the batches of OData and of Google's services
 * (DOMAIN.md 4.1). A part that is itself multipart is a change set, and its parts count.
 *
 * Bytes in; ROOT_BATCH with the first part that is a response, then a resource for each, out. Its
 * href is the Content-ID without the angle brackets and "response-" around it; its status is that
 * of the response. Lines may end with LF alone. Without the last boundary the body is incomplete.
 * A multipart body without such a part is none of ours. */
#pragma once

#include "dissector/dav/body.h"

extern const struct body_reader multipart_reader;
