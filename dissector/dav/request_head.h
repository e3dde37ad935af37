/* request_head: a request's head as it was sent, into struct request (RFC 9110, RFC 4918 §10, RFC
 * 7240, RFC 7239). Pure; the request borrows the spans. */
#pragma once

#include "dissector/dav/request.h"

/* The header fields that have a say in what the answer means. */
enum request_field {
    REQUEST_HOST,
    REQUEST_DEPTH,
    REQUEST_DESTINATION,
    REQUEST_PREFER,
    REQUEST_BRIEF,
    REQUEST_VIA,
    REQUEST_FORWARDED,
    REQUEST_X_FORWARDED_HOST,
    REQUEST_X_FORWARDED_PROTO,
    REQUEST_X_FORWARDED_PREFIX,
    REQUEST_X_HTTP_METHOD_OVERRIDE,
    REQUEST_X_HTTP_METHOD,
    REQUEST_X_METHOD_OVERRIDE,
    REQUEST_FIELD_N
};

/* The field a name (any case) stands for; REQUEST_FIELD_N: none of these. */
enum request_field request_field_find(struct span name);

struct request_head {
    struct span method, target;
    struct span fields[REQUEST_FIELD_N]; /* ptr NULL: not there */
};

/* Sets what a head tells, operation by the method alone, and is_seen; the rest of request is as
 * good as zeroed, so this comes before everything else.
 *
 * Where only GET and POST get through, clients send POST and name the method they mean in
 * X-HTTP-Method-Override or one of its sisters. It counts when it is one of operation.h. */
void request_set_head(struct request *request, const struct request_head *head);
