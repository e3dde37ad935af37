/* Measures the cells, then writes them; see columns.h. */
#include "output/columns.h"

#include "output/width.h"

#include <assert.h>

enum { INDENT = 2, SPACE = 2 };

static struct span text_of(const struct columns *columns, size_t i)
{
    struct span all = writer_span(&columns->text);
    bool is_last = i + 1 == columns->n_cells;
    size_t start = columns->cells[i].start;
    size_t end = is_last ? all.len : columns->cells[i + 1].start;
    return span_first(span_after(all, start), end - start);
}

static void measure(struct columns *columns)
{
    for (size_t i = 0; i < columns->n_cells; i++) {
        size_t *widest = &columns->widths[columns->cells[i].column];
        size_t width = width_text(text_of(columns, i));
        if (!columns->cells[i].is_note && width > *widest)
            *widest = width;
    }
}

static void shorten(struct columns *columns)
{
    size_t n_columns = strlen(columns->kinds), column = strcspn(columns->kinds, "s");
    size_t total = INDENT + SPACE * (n_columns - 1);
    for (size_t i = 0; i < n_columns; i++)
        total += columns->widths[i];
    if (column == n_columns || total <= COLUMNS_MAX_WIDTH)
        return;
    size_t *width = &columns->widths[column], excess = total - COLUMNS_MAX_WIDTH;
    size_t least = *width < COLUMNS_MIN_SHORT ? *width : COLUMNS_MIN_SHORT;
    *width = *width > least + excess ? *width - excess : least;
}

size_t columns_shorten(struct writer *out, struct span text, size_t width)
{
    if (width_text(text) <= width) {
        writer_bytes(out, text);
        return width_text(text);
    }
    struct span head = span_first(text, width_prefix(text, (width - 1) / 3));
    size_t tail_bytes = width_suffix(text, width - 1 - width_text(head));
    struct span tail = span_after(text, text.len - tail_bytes);
    writer_bytes(out, head);
    writer_text(out, "…");
    writer_bytes(out, tail);
    return width_text(head) + 1 + width_text(tail);
}

/* Writes a cell with the blanks it has before it; returns those it leaves to the next one. */
static size_t write_cell(const struct columns *columns, size_t i, size_t blanks, struct writer *out)
{
    const struct columns_cell *cell = &columns->cells[i];
    struct span text = text_of(columns, i);
    size_t width = columns->widths[cell->column];
    if (text.len == 0)
        return blanks + width + SPACE;
    bool is_right = columns->kinds[cell->column] == 'r';
    writer_repeat(out, ' ', blanks + (is_right ? width - width_text(text) : 0));
    if (cell->is_coloured)
        writer_colour(out, cell->colour);
    size_t taken = columns_shorten(out, text, width);
    if (cell->is_coloured)
        writer_plain(out);
    return SPACE + (is_right ? 0 : width - taken);
}

static void write_note(const struct columns *columns, size_t i, struct writer *out)
{
    size_t indent = INDENT + columns->widths[0] + SPACE;
    writer_repeat(out, ' ', indent);
    writer_colour(out, COLOUR_FAINT);
    (void)columns_shorten(out, text_of(columns, i), COLUMNS_MAX_WIDTH - indent);
    writer_plain(out);
}

static struct writer *add_cell(struct columns *columns, struct columns_cell cell)
{
    assert(columns->n_cells < COLUMNS_MAX_CELLS);
    cell.start = writer_span(&columns->text).len;
    cell.column = columns->next_column;
    columns->cells[columns->n_cells++] = cell;
    return &columns->text;
}

static struct writer *add_column(struct columns *columns, struct columns_cell cell)
{
    struct writer *text = add_cell(columns, cell);
    columns->next_column = (columns->next_column + 1) % strlen(columns->kinds);
    return text;
}

void columns_init(struct columns *columns, const char *kinds)
{
    assert(strlen(kinds) > 0 && strlen(kinds) <= COLUMNS_MAX);
    *columns = (struct columns){.kinds = kinds};
    writer_init_memory(&columns->text, COLUMNS_MAX_BYTES);
}

struct writer *columns_cell(struct columns *columns)
{
    return add_column(columns, (struct columns_cell){0});
}

struct writer *columns_coloured(struct columns *columns, enum colour colour)
{
    return add_column(columns, (struct columns_cell){.is_coloured = true, .colour = colour});
}

struct writer *columns_note(struct columns *columns)
{
    assert(columns->next_column == 0);
    return add_cell(columns, (struct columns_cell){.is_note = true});
}

void columns_text(struct columns *columns, const char *text)
{
    writer_text(columns_cell(columns), text);
}

void columns_finish(struct columns *columns, struct writer *out)
{
    size_t blanks = INDENT;
    measure(columns);
    shorten(columns);
    for (size_t i = 0; i < columns->n_cells; i++) {
        const struct columns_cell *cell = &columns->cells[i];
        bool ends_row = columns->kinds[cell->column + 1] == '\0';
        if (cell->is_note)
            write_note(columns, i, out);
        else
            blanks = write_cell(columns, i, blanks, out);
        if (cell->is_note || ends_row) {
            writer_text(out, "\n");
            blanks = INDENT;
        }
    }
    writer_fail(out, writer_close(&columns->text));
}
