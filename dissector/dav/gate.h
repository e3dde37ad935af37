/* gate: which bodies are looked into at all (DOMAIN.md 1.1). Most HTTP has nothing to do with a
 * Multi-Status; what passes here may still turn out to be no document. Pure. */
#pragma once

#include "dissector/dav/operation.h"

/* Methods whose answers never are documents unless their status is 207: GET, PUT, OPTIONS and those
 * without a row in operation.c. Nothing in their requests has a say either. */
bool gate_is_plain(enum operation operation);

/* Whether a request body tells what was asked. media_type: without parameters, empty = none. */
bool gate_request_body(enum operation operation, struct span media_type);

struct gate_response {
    uint16_t http_status;
    struct span method;     /* of the request; empty: not seen */
    struct span target;     /* the same */
    bool reads_batches;     /* results in JSON or multipart are wanted whatever the status is */
    struct span media_type; /* of the response, without parameters; empty = none */
};

/* Whether a response body may be a document. */
bool gate_response_body(const struct gate_response *response);

/* Whether it holds results in JSON by what was asked: Nextcloud takes many files in one POST and
 * tells under 200 what became of each (DOMAIN.md 4.3). */
bool gate_expects_batch(const struct gate_response *response);

/* What a POST turns out to be when its answer is seen: a bulk change in its simple form has no root
 * to know it by; it is a POST of objects that is answered with 207 (DOMAIN.md 1.9). media_type is
 * that of the request. Any other operation stays what it is. */
enum operation gate_post(enum operation operation, struct span media_type, uint16_t http_status);
