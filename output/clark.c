/* Writes names; see clark.h. */
#include "output/clark.h"

#include "output/escape.h"

void clark_write_raw(struct writer *writer, const struct name *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        writer_text(writer, i > 0 ? " " : "");
        if (names[i].space.len > 0) {
            writer_text(writer, "{");
            writer_bytes(writer, names[i].space);
            writer_text(writer, "}");
        }
        writer_bytes(writer, names[i].local);
    }
}

void clark_write_short(struct writer *writer, const struct name *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        writer_text(writer, i > 0 ? " " : "");
        if (names[i].space.len > 0 && !span_equal(names[i].space, span_str("DAV:"))) {
            writer_text(writer, "{");
            escape_text(writer, names[i].space);
            writer_text(writer, "}");
        }
        escape_text(writer, names[i].local);
    }
}
