/* The table of renderers; see renderer.h. */
#include "output/renderer.h"

static const struct renderer *const renderers[] = {
    &render_summary, &render_lines, &render_json, &render_csv, &render_pcapng,
};

const struct renderer *renderer_at(size_t i)
{
    return i < sizeof renderers / sizeof *renderers ? renderers[i] : NULL;
}

const struct renderer *renderer_find(struct span name)
{
    for (size_t i = 0; i < sizeof renderers / sizeof *renderers; i++)
        if (span_equal(span_str(renderers[i]->name), name))
            return renderers[i];
    return NULL;
}
