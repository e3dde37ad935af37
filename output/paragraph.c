/* Breaks lines greedily; see paragraph.h. */
#include "output/paragraph.h"

#include "output/width.h"

void paragraph(struct writer *writer, struct span text, size_t indent)
{
    size_t column = indent;
    bool is_first = true;
    while (text.len > 0) {
        struct span word = span_first(text, span_find_byte(text, ' '));
        size_t width = width_text(word);
        text = span_after(text, word.len + 1);
        if (word.len == 0)
            continue;
        if (!is_first && column + 1 + width > PARAGRAPH_MAX_WIDTH) {
            writer_text(writer, "\n");
            writer_repeat(writer, ' ', indent);
            column = indent;
        } else if (!is_first) {
            writer_text(writer, " ");
            column++;
        }
        writer_bytes(writer, word);
        column += width;
        is_first = false;
    }
    writer_text(writer, "\n");
}
