/* href: comparing the URLs of a document with those of its request. RFC 4918 §8.3, RFC 3986 §6.
 * Pure functions on borrowed text; nothing is allocated. */
#pragma once

#include "dissector/base/span.h"

/* The path of an absolute URI or path, without scheme, authority, query and fragment. An empty path
 * is
 * "/". A relative reference is returned as it is. */
struct span href_path(struct span href);

/* Whether both name the same resource as far as their paths tell: percent-escapes decoded, one
 * slash at the end ignored. Queries take no part. An empty href is the same as nothing. */
bool href_same_path(struct span a, struct span b);
