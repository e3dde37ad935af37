/* columns: rows of cells, aligned on a terminal, wide and combining characters counted right
 * (width.h). Cells are filled left to right, row after row; then everything is written at once.
 *
 * kinds has a letter a column: l left, r right, s left and shortened in the middle ("…") when the
 * row would be wider than COLUMNS_MAX_WIDTH. At most one s. */
#pragma once

#include "output/writer.h"

enum {
    COLUMNS_MAX_WIDTH = 100,
    COLUMNS_MAX = 12,
    COLUMNS_MAX_CELLS = 512, /* tables for people are short; whoever fills one keeps it so */
    COLUMNS_MAX_BYTES = 16 * 1024 * 1024,
    COLUMNS_MIN_SHORT = 20, /* a shortened column stays at least so wide */
};

struct columns_cell {
    size_t start; /* in text; its end is the next one's start */
    size_t column;
    enum colour colour;
    bool is_coloured, is_note;
};

struct columns {
    /* fields are private */
    const char *kinds;
    struct writer text;
    struct columns_cell cells[COLUMNS_MAX_CELLS];
    size_t n_cells, next_column, widths[COLUMNS_MAX];
};

void columns_init(struct columns *columns, const char *kinds);

/* Begins the next cell; its text, escaped already, goes to the writer. */
struct writer *columns_cell(struct columns *columns);

/* The same, in a colour. */
struct writer *columns_coloured(struct columns *columns, enum colour colour);

/* After the last cell of a row: a faint line below it, behind the first column, shortened if need
 * be. */
struct writer *columns_note(struct columns *columns);

/* A cell with this text. */
void columns_text(struct columns *columns, const char *text);

/* Writes the rows, each after two spaces, and frees everything. Want of memory becomes the error of
 * out. */
void columns_finish(struct columns *columns, struct writer *out);

/* Writes the text, at most so wide: shortened in the middle, where a path says least. Returns its
 * width. */
size_t columns_shorten(struct writer *out, struct span text, size_t width);
