/* secret: credentials inside URLs never reach an output. Masked as *** are
 *
 * - userinfo, the user:password of http://user:password@host/, also in a URL inside a URL and
 *   behind a leading "//"; an "@" in a path ends none and stays. What stands for host and port
 *   is masked, too, where the port is none: the "@" behind a password may have been cut away;
 * - the values of parameters, in the query, the fragment or behind a ";" in the path
 *   (";jsessionid="), whose names say that they are credentials (secret.c has the table). Names
 *   compare without case, "-", "_" and ".", and percent-decoded.
 *
 * Of a URL in a query all of it may be percent-encoded, once. Otherwise a path is passed on as it
 * is: a secret that a server hides there cannot be recognised. */
#pragma once

#include "dissector/base/buf.h"

/* url itself when nothing in it has to be masked, else the masked text, held in scratch until its
 * next change. Without memory everything is masked. scratch must have no limit below 4 times the
 * length of url. */
struct span secret_mask(struct span url, struct buf *scratch);
