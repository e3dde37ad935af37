/* property_check: which of the properties that a request names the resources of its answer do not
 * speak of (DOMAIN.md 2.7). Each resource has to say of each of them what it is, or that it has
 * none (RFC 4918 §9.1, §9.2; RFC 3253 §3.6): one that stands in no propstat at all was left out.
 *
 * Nothing is said where that may rightly be so: return=minimal and Brief leave out what is absent
 * (RFC 8144 §2.1), allprop and propname name nothing, a resource in the status form has no
 * properties, and one that lists none at all but says so of a status other than 2xx (a placeholder,
 * what does not exist) has its own flags. Nor where names were cut, are outside their namespace, or
 * the request was not wholly seen before its answer. Linear in the names; 24 bytes for each that
 * was asked for. */
#pragma once

#include "dissector/base/sink.h"
#include "dissector/dav/request.h"

struct left_out {
    struct name property; /* borrowed from the request */
    uint64_t n_resources; /* that do not speak of it */
};

struct property_check {
    /* fields are private, but for the last three */
    const struct request *request;
    struct property_spoken *spoken; /* by the number of the property */
    size_t latest;                  /* the property spoken of last */
    bool is_early;                  /* an answer came before the request was wholly seen */
    uint64_t n_resources;           /* that had to speak of all; 0: nothing is known */
    struct left_out *left_out;      /* once property_check_finish was called */
    size_t n_left_out;
};

void property_check_init(struct property_check *check, const struct request *request);

/* FEED_NOMEM. */
enum feed property_check_resource(struct property_check *check, const struct resource *resource);

/* FEED_NOMEM. */
enum feed property_check_finish(struct property_check *check);

size_t property_check_bytes(const struct property_check *check);
void property_check_free(struct property_check *check);
