/* href: comparing the URLs of a document with those of its request, by degrees (DOMAIN.md 1.5). RFC
 * 3986 §6, RFC 4918 §8.3.
 *
 * Two hrefs that mean the same are often written differently: by right (%7e for ~), or by a fault
 * that strict clients stumble over. A form is a path with some of these differences overlooked; two
 * hrefs are the same to that degree when their forms are equal bytes. Time is linear in the text.
 */
#pragma once

#include "dissector/base/buf.h"

/* What has to be overlooked, weakest first; bits. Names ("slash-drift") by href_drift_name. */
enum drift {
    DRIFT_SLASH = 1 << 0,          /* one slash at the end */
    DRIFT_ENCODING = 1 << 1,       /* which characters are percent-encoded, %2F apart */
    DRIFT_UNICODE = 1 << 2,        /* composed letters against decomposed ones */
    DRIFT_DOUBLE_ENCODED = 1 << 3, /* the escapes are escaped once more */
    DRIFT_DOUBLE_SLASH = 1 << 4,
    DRIFT_REWRITE = 1 << 5, /* scheme, authority or the leading part of the path */
    DRIFT_CASE = 1 << 6,    /* of ASCII letters */
    DRIFT_N = 7,
};
#define DRIFT_ANY ((UINT32_C(1) << DRIFT_N) - 1)

const char *href_drift_name(unsigned i);

/* Where a resource lies, seen from the one that was asked about. */
enum relation {
    RELATION_UNKNOWN,
    RELATION_SELF,
    RELATION_MEMBER,
    RELATION_DESCENDANT, /* deeper than a member */
    RELATION_ANCESTOR,
    RELATION_OUTSIDE,
    RELATION_N
};
const char *relation_name(enum relation relation);

/* The path of an absolute URI or path, without scheme, authority, query and fragment. An empty path
 * is "/". A relative reference is returned as it is. */
struct span href_path(struct span href);

/* The host and port in an absolute URI, without user name; ptr NULL: not one. */
struct span href_authority(struct span href);
struct span href_scheme(struct span href); /* the same */

/* Whether the scheme stands twice at its front ("https:https://host/", "http://https://host/"), as
 * where a URL was put before what is one already: then the authority is none. */
bool href_repeats_scheme(struct span href);

/* Whether two authorities are the same but for case and the default ports 80 and 443. */
bool href_same_authority(struct span a, struct span b);

/* Writes the form of href into form, with overlooked (enum drift; DRIFT_REWRITE has no say) left
 * out of account. Scheme, authority and fragment take no part; the query does. What is equal under
 * RFC 3986 §6.2.2 has the same form always. A relative reference is taken as a member of base.
 * False: no memory. */
bool href_form(struct buf *form, struct span href, struct span base, uint32_t overlooked);

/* Whether a percent sign begins no escape: programs that decode the URL give up or go elsewhere. */
bool href_has_bare_percent(struct span href);

/* Whether the escapes of an href stand for what has to be escaped, in upper-case digits, and no
 * segment is empty. Two that are spelled so mean the same only when their bytes are equal, dots
 * apart. */
bool href_is_canonical(struct span href);

/* The form of the path of an href, with a slash at its end and encoding overlooked: what things are
 * remembered by. Made in form and valid as long as that is; empty without memory, or when it is
 * longer than max_bytes. */
struct span href_path_form(struct buf *form, struct span href, size_t max_bytes);

/* From the form of a target to that of another path; both without DRIFT_SLASH at the end.
 * RELATION_OUTSIDE also when segments between them are empty. */
enum relation href_relation(struct span target_form, struct span form);

/* The same for two paths, where it can be told as they are written: href begins with target, and
 * nothing below it can mean another place (dots, empty segments, a query). RELATION_UNKNOWN: make
 * forms. Most hrefs of most listings are so. */
enum relation href_relation_as_written(struct span target, struct span href);
