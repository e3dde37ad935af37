/* request_properties: the names of the properties a request is about, each once, however often it
 * names them: a bulk change repeats them for each item, a PROPPATCH may remove what it has set.
 * They stand in struct request; found by a hash. */
#pragma once

#include "dissector/base/limit.h"
#include "dissector/base/sink.h"
#include "dissector/dav/request.h"

/* Adds name, which is copied, unless it is there. What finds no room is counted. FEED_NOMEM. */
enum feed request_properties_add(struct request *request, const struct limits *limits,
                                 const struct name *name);

/* The number of the property among request->properties; n_properties: it is none of them. */
size_t request_properties_find(const struct request *request, const struct name *name);
