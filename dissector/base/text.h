/* text: captured bytes made fit for people: valid UTF-8 without control characters. */
#pragma once

#include "dissector/base/span.h"

/* Length in bytes (1..4) of the UTF-8 character at the start of s, and its code point in
 * *code_point; 0 when s is empty or does not begin with a valid one (RFC 3629: no overlong forms,
 * no surrogates, at most U+10FFFF). */
size_t text_utf8(struct span s, uint32_t *code_point);

/* As much of s from its start as fits max_bytes, cut at a UTF-8 character. */
struct span text_first(struct span s, size_t max_bytes);

/* Copies as much of s into kept[size], cut so, and ends it with NUL; size > 0. */
void text_keep(char *kept, size_t size, struct span s);

/* Whether a code point may go to a terminal, page or log as it is: no C0/C1 control, DEL, line or
 * paragraph separator, bidirectional override or isolate, byte order mark or noncharacter. */
bool text_is_printable(uint32_t code_point);

/* Writes s to out as printable, NUL-terminated UTF-8: what is not printable becomes '?'. What does
 * not fit is cut at a character and ends with "…". size_bytes >= 4. */
void text_printable(char *out, size_t size_bytes, struct span s);
