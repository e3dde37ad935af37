/* output_run: the room output/ at work in a test: one output into a file of its own, whose text the
 * test reads at the end. */
#pragma once

#include "output/output.h"
#include "tests/support/event_build.h"

struct output_run {
    struct output_config config; /* may be changed before output_run_open */
    struct run_facts facts;      /* may be changed before output_run_finish */
    struct output_target target;
    struct source source;
    struct output *output;
    char path[64];
    char *text; /* after output_run_finish */
};

/* Prepares a run of this renderer, which reads "a.pcap". */
void output_run_init(struct output_run *run, const char *renderer);

/* A failure ends the test program. */
void output_run_open(struct output_run *run);

/* Ends the run; the text is there then. */
const char *output_run_finish(struct output_run *run);

/* What the file holds now. */
const char *output_run_text(struct output_run *run);

void output_run_free(struct output_run *run);
