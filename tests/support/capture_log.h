/* capture_log: what a capture gives, as lines of text that a test can compare:
 *
 *     frame 2 link 1 at 1.000000500 len 4/60 if 0 eth0: abcd
 *     secrets 544c534b: CLIENT_RANDOM ...
 *     damaged at 48: REASON                  ("damaged: REASON" without offset)
 *     counts 10 1 2                          received, dropped, by interface; when known
 *
 * Packets of at most 40 bytes are shown with what is not printable as '?'. Ends the program when it
 * cannot work. */
#pragma once

#include "capture/capture.h"

/* Reads all of the capture at path. The caller frees. */
char *capture_log_path(const char *path);

/* The same for these bytes as the content of a regular file. */
char *capture_log_bytes(struct span bytes);

/* One item as such a line. */
void capture_log_item(enum capture_result result, const struct capture_item *item, char *out,
                      size_t size_bytes);

/* Writes a file of its own for these bytes into path_out (40 bytes); the caller unlinks it. */
void capture_log_file(struct span bytes, char *path_out);
