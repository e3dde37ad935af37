#include "tests/support/written.h"

#include <assert.h>

void written_begin(struct written *written)
{
    writer_init_memory(&written->writer, sizeof written->text - 1);
}

const char *written_text(struct written *written)
{
    struct span span = writer_span(&written->writer);
    assert(span.len < sizeof written->text && written->writer.error == 0);
    if (span.len > 0)
        memcpy(written->text, span.ptr, span.len);
    written->text[span.len] = '\0';
    (void)writer_close(&written->writer);
    written_begin(written);
    return written->text;
}
