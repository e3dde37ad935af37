/* webdav: whether an exchange is one of WebDAV. PUT and DELETE are of other interfaces too, which
 * have rules of their own, and let clients wait for news on purpose; there the exchange has to show
 * it, or an earlier one with the same server and name. */
#pragma once

#include "output/detection.h"

/* Whether it is a request that only WebDAV has, or a PUT or DELETE of which it is known. */
bool webdav_is_spoken(const struct detection *detection);

/* The same, but for any PUT or DELETE. */
bool webdav_may_be(const struct detection *detection);

/* Whether it is a PUT, DELETE, request with a method that davscope does not know (PATCH), or
 * refusal of one that was not captured, of which nothing shows yet that it is WebDAV. What rules
 * say of it is worth knowing only, until its server shows that it speaks WebDAV: then it becomes
 * what it would have been (findings_confirm). */
bool webdav_is_in_doubt(const struct detection *detection);

/* Whether this answer, or an earlier one of the server, is one of WebDAV. */
bool webdav_has_answered(const struct detection *detection);

/* A number of the server, under the name that the client uses. */
uint64_t webdav_server(const struct detection *detection);

/* Keeps in mind what the exchange that ended showed. Returns webdav_server when it was not known
 * to speak WebDAV before, 0 otherwise. */
uint64_t webdav_note(struct detection *detection);
