/* url: the request's URL, put together from the connection, Host and the target, with credentials
 * masked. RFC 9112 §3.2 (forms of the target), §3.3 (the URI of a request). */
#pragma once

#include "dissector/base/arena.h"
#include "dissector/base/buf.h"
#include "output/record.h"

/* Fills in what is known, in memory of the arena. False: no memory. scratch as secret.h has it. */
bool url_build(struct record_url *url, const struct event *event, struct arena *arena,
               struct buf *scratch);

/* The host of an authority, without userinfo, port and brackets; ptr NULL: none. */
struct span url_domain(struct span authority);

/* Whether a Link field (RFC 8288) names a next page. */
bool url_link_has_next(struct span link);

/* A masked copy in the arena; ptr NULL when text.ptr is NULL or without memory. */
struct span url_masked_copy(struct span text, struct arena *arena, struct buf *scratch);
