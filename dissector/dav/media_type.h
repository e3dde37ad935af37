/* media_type: reading the Content-Type, Prefer and Forwarded fields. RFC 9110 §8.3, RFC 7240 §2.
 * Pure functions on borrowed text; the answers lie in what was given. */
#pragma once

#include "dissector/base/span.h"

/* "type/subtype" without parameters and white space; empty when there is none. */
struct span media_type_of(struct span content_type);

/* The value of a parameter (name in lower case), without quotes; empty when absent. */
struct span media_parameter(struct span content_type, struct span name);

/* The same in a list of nothing but pairs, as an element of Forwarded is (RFC 7239 §4). */
struct span media_pair(struct span pairs, struct span name);

/* application/xml, text/xml or any type that ends in +xml (RFC 7303). */
bool media_type_is_xml(struct span media_type);

/* application/json or any type that ends in +json (RFC 6839 §3.1). */
bool media_type_is_json(struct span media_type);

/* Whether a list field has this element, white space around "=" and case aside. */
bool media_has_token(struct span list, struct span token);
