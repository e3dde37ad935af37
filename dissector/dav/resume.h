/* resume: whether a text begins with a response of a Multi-Status, at which a listing with a hole
 * in it can be taken up again: the start tag of a response with an href in it, of the same prefix
 * and first in it as RFC 4918 §14.24 has it, but for a status, comments and processing
 * instructions. Knows no namespaces but those the tag declares. */
#pragma once

#include "dissector/dav/xml.h"

/* No start of a response is longer; one that is is not taken for one. */
enum { RESUME_MAX_BYTES = 8192 };

struct resume {
    struct span prefix; /* empty: none */
    struct span uri;    /* of the prefix, where the tag declares it; ptr NULL: it does not */
};

/* is_strict: a status, a propstat or another href has to follow the href. Text that goes on behind
 * XML_MATCH_MORE may come to anything; the other answers are final. */
enum xml_match resume_match(struct resume *resume, struct span text, bool is_strict);

/* What start tags, the innermost last, declare a prefix to be; ptr NULL: nothing. */
struct span resume_uri(struct span tags, struct span prefix);
