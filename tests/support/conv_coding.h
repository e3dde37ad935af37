/* conv_coding: readable bodies encoded as servers encode them, for conversations. */
#pragma once

#include "dissector/base/buf.h"

/* Appends body to *out (initialised) as the words say, in order: "gzip chunked 7" compresses and
 * then chunks. Words, in the table of the .c: codings, chunkings, character encodings. False with
 * the word not understood in *bad. No memory ends the program. */
bool conv_encode(struct span body, struct span words, struct buf *out, struct span *bad);

/* Takes the next word (without spaces) from *words; empty at the end. */
struct span conv_word(struct span *words);

/* Appends, ending the program when there is no memory or the buffer's maximum is met. */
void conv_append(struct buf *out, struct span bytes);
