/* paragraph: text broken into lines between words, for terminals. */
#pragma once

#include "output/writer.h"

enum { PARAGRAPH_MAX_WIDTH = 98 };

/* Writes the words of text, and a line feed behind them. The first line goes on where the writer
 * stands, indent columns from the margin; the others are indented so. text is printable already
 * (escape.h); a word that is longer than a line stays whole. */
void paragraph(struct writer *writer, struct span text, size_t indent);
