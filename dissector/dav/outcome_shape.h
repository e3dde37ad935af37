/* outcome_shape: what the form of an answer tells of an operation whose request was not seen, or of
 * a REPORT whose body was not (DOMAIN.md 2.3). Nothing is allocated, nothing fails. */
#pragma once

#include "dissector/dav/outcome.h"

/* Whether the request says what was asked: a REPORT does so in its body. */
bool outcome_shape_is_told(const struct request *request);

/* Whether it names the data that a multiget or a query is for. */
bool outcome_shape_has_data(const struct propstat *propstat);

/* Adds the form of one resource to that of the document. */
void outcome_shape_add(struct outcome_tally *tally, const struct resource *resource);

/* Whether the status of resource, which tally includes, may be good or bad. 404 and 410 are a
 * failure to who asked for the resource by name (RFC 4791 §7.9), and to most writes; for who lists
 * or synchronises it is gone (RFC 6578 §3.2). Until properties are told of some resource nothing
 * says which it was. */
bool outcome_shape_leaves_open(const struct outcome_tally *tally, const struct request *request,
                               const struct resource *resource);

/* The operation whose rules hold: a batch tells of each thing that was asked for, whatever the
 * method. */
enum operation outcome_shape_ruling(const struct outcome_tally *tally,
                                    const struct request *request);
