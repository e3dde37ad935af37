/* escape: captured bytes made fit for one kind of output. No byte of a capture reaches an output by
 * another way, so none can steer a terminal, break a record or be run by a spreadsheet. */
#pragma once

#include "output/writer.h"

/* For terminals and plain text: valid UTF-8 that is printable (text.h) as it is; a backslash as \\;
 * \t, \n and \r so; any other byte below 0x80 and every byte that is not UTF-8 as \x1b; any other
 * character (C1 controls, bidirectional overrides, …) as \u{202e}. */
void escape_text(struct writer *writer, struct span s);

/* The inside of a JSON string (RFC 8259 §7): what is not printable as \u202e, what is not UTF-8 as
 * U+FFFD, one for each byte. */
void escape_json(struct writer *writer, struct span s);

/* One field of CSV (RFC 4180), after escape_text: quoted when it has to be, and begun with an
 * apostrophe when a spreadsheet would take it for a formula (it begins with = + - @, also in the
 * width of East Asian letters, a tab or a carriage return). */
void escape_csv(struct writer *writer, struct span s);
