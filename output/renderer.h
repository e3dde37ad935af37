/* renderer: one way to say the results. A renderer is one file render_NAME.c and one row in
 * renderer.c; the table is also the source of --help.
 *
 * begin is called once, document for each record in their order, report at the end of the run
 * and, where is_report_repeatable, also before. Each may be NULL. They write to render->writer; its
 * error is sticky and looked at by output.c. A renderer keeps no state between the calls. */
#pragma once

#include "output/record.h"
#include "output/report.h"
#include "output/writer.h"

struct render {
    struct writer *writer;
    enum resources resources; /* what to show; never RESOURCES_DEFAULT */
    struct sources sources;
    bool is_repeated; /* a report was written before */
};

struct renderer {
    const char *name; /* -o NAME */
    const char *help; /* one line */
    enum resources resources;
    bool is_live;              /* what document wrote is flushed at once */
    bool is_report_repeatable; /* report may be called several times, while the run goes on */
    bool is_packets;           /* what is written is handed over by output_put_packets */
    void (*begin)(struct render *render);
    void (*document)(struct render *render, const struct record *record);
    void (*report)(struct render *render, const struct report *report);
};

extern const struct renderer render_summary, render_lines, render_json, render_csv, render_pcapng;

/* Row i of the table, NULL behind the last; and the row of a name, or NULL. */
const struct renderer *renderer_at(size_t i);
const struct renderer *renderer_find(struct span name);
