/* tls_search: TLS in a stream of which the beginning was not seen. Record headers tell: each says
 * where the next one stands. Nothing is kept but a header, and no header alone decides. One owner
 * thread.
 */
#pragma once

#include "dissector/tls/record.h"

struct tls_search {
    /* fields are private */
    uint8_t header[RECORD_HEADER_BYTES];
    uint8_t n_header_bytes;
    uint32_t left_bytes; /* of the body behind the last header */
    unsigned n_headers;  /* in a row, each where the one before says */
};

/* Bytes of a stream that tell a hello: its record, its type and length, and the version. */
enum { TLS_HELLO_HEAD_BYTES = 11 };

enum tls_hello {
    TLS_HELLO_NONE,
    TLS_HELLO_MORE, /* too few bytes to say */
    TLS_HELLO_CLIENT,
    TLS_HELLO_SERVER,
};

/* Whose hello bytes begin with. */
enum tls_hello tls_hello_of(struct span bytes);

enum tls_found {
    TLS_FOUND_NOTHING,
    TLS_FOUND_HELLO,   /* the segment begins with the hello of a client or server */
    TLS_FOUND_RECORDS, /* three headers in a row, or records that fill the segment */
};

/* The next bytes, as one segment brought them. A zeroed search has seen nothing. */
enum tls_found tls_search_feed(struct tls_search *search, struct span segment);

/* Bytes are missing. */
void tls_search_reset(struct tls_search *search);
