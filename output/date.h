/* date: dates as servers write them in properties and header fields. */
#pragma once

#include "dissector/base/span.h"

/* Reads an HTTP date, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7, the one form that may be
 * sent), as seconds since 1970. False: it is not in this form. The day of the week has no say. */
bool date_read_http(struct span text, int64_t *seconds);

/* Whether it is a date as mail has it, "Sun, 06 Nov 1994 08:49:37 +0000" (RFC 5322 §3.3). */
bool date_is_mail(struct span text);

/* Reads an Internet date, "1994-11-06T08:49:37Z" or with an offset instead of Z (RFC 3339 §5.6), as
 * whole seconds since 1970; the time may have a fraction. False: it is none. */
bool date_read_internet(struct span text, int64_t *seconds);
