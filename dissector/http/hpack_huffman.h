/* hpack_huffman: the string code of HPACK undone. RFC 7541 §5.2, Appendix B. Pure functions. */
#pragma once

#include "dissector/base/span.h"

/* Decodes coded; the first max_bytes of the text go to out (which may be NULL when max_bytes is 0),
 * and *len is the length of all of it, at most 8/5 of coded.len. False: no such code, EOS inside,
 * or padding that is longer than 7 bits or not of ones; *len is then not set. */
bool hpack_huffman_decode(struct span coded, uint8_t *out, size_t max_bytes, size_t *len);
