/* call_log: the calls a sink received, as lines of text that a test can compare. Bytes that come
 * one after the other under the same key stand on one line, so the text does not depend on how they
 * were cut. What is not printable ASCII, and the backslash, is shown as \xHH, line ends as \n.
 *
 * Ends the program when there is no memory. */
#pragma once

#include "dissector/base/span.h"

#include <stdio.h>

struct call_log {
    FILE *stream;
    char *text; /* valid after call_log_end */
    size_t text_len;
    char key[64]; /* of the line of bytes that is not ended; empty: none */
};

void call_log_begin(struct call_log *log);

/* One line, as printf would make it. */
void call_log_line(struct call_log *log, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Bytes under a key: a line "KEY BYTES". */
void call_log_bytes(struct call_log *log, const char *key, struct span bytes);

/* The text, owned by the log. */
const char *call_log_end(struct call_log *log);

void call_log_free(struct call_log *log);
