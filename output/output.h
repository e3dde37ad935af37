/* output: the room's door, used by app/. Events in; files and terminal text out.
 *
 *     struct output *output = output_open(&config, &error);
 *     ... dissector_open(..., output_sink(output)) ... feed ... dissector_finish ...
 *     output_finish(output, &facts, &error);
 *     output_close(output);
 *
 * Every document becomes one record when its EVENT_DOCUMENT_END comes (collect.h); records that the
 * filter chooses are counted (tally.h) and given to every renderer, in the order of the events. The
 * exchange is read at that event, so it should come when the exchange ended. One owner thread. */
#pragma once

#include "dissector/base/hash.h"
#include "output/error.h"
#include "output/filter.h"
#include "output/metrics.h"
#include "output/notice.h"
#include "output/renderer.h"

/* One -o FORMAT[=PATH]. */
struct output_target {
    const struct renderer *renderer;
    const char *path; /* NULL: standard output, or standard error */
    bool is_stderr;
};

enum { OUTPUT_MAX_TARGETS = 8 };

struct output_config {
    const char *version;
    const struct output_target *targets;
    size_t n_targets;
    struct sources sources;
    enum resources resources;    /* --resources, RESOURCES_DEFAULT when not given */
    const struct filter *filter; /* NULL: everything */
    uint32_t fail_on;            /* bits 1 << enum verdict */
    bool is_coloured;            /* standard output only; files never are */
    bool is_live;                /* never waits for readers or disks: loses records instead */
    bool has_metrics;            /* count for output_write_metrics */
    struct hash_key hash_key;
    struct notice_sink notices;
    bool is_redacted; /* names and addresses are replaced by hashes with redact_key */
    struct hash_key redact_key;
    size_t max_collected_bytes; /* of open documents together; 0 = COLLECT_MAX_BYTES */
};

struct output;

/* Reads "FORMAT" or "FORMAT=PATH" ("-": standard output); arg must outlive the target. False: error
 * says why. */
bool output_parse_target(const char *arg, struct output_target *target, struct error *error);

/* Whether the targets can be used together: no two share a place. False: error says why.
 * output_open refuses them as well; asked before, it is wrong usage. */
bool output_check_targets(const struct output_target *targets, size_t n, struct error *error);

/* "all", "problems" or "none". */
bool output_parse_resources(const char *arg, enum resources *resources, struct error *error);

/* Opens the files and lets the renderers begin. The config's pointers must outlive it. NULL: error
 * says why (a file cannot be created, two formats on standard output, no memory). */
struct output *output_open(const struct output_config *config, struct error *error);

/* FEED_STOP when nobody reads any output any more; FEED_NOMEM without memory. */
struct event_sink output_sink(struct output *output);

/* Appends to the outputs whose renderer is_packets. output_end_packets ends the piece that is
 * begun: of a live run it is written whole or not at all. */
void output_put_packets(struct output *output, struct span bytes);
void output_end_packets(struct output *output);

/* The metrics of the moment; only with config.has_metrics. */
void output_write_metrics(const struct output *output, const struct run_facts *facts,
                          const struct metrics_build *build, struct writer *writer);

/* Chosen documents so far, for the progress line. */
uint64_t output_n_documents(const struct output *output);

/* Whether a document had a verdict of config.fail_on; of the filter all counts but the verdict. */
bool output_has_failed(const struct output *output);

/* Writes a report of the run so far to the outputs that can take several (renderer.h). */
void output_report(struct output *output, const struct run_facts *facts);

/* Whether somebody may still read any output. */
bool output_is_wanted(const struct output *output);

/* Records lost so far because they could not be written in time, or at all (live runs). */
uint64_t output_n_lost(const struct output *output);

/* Whether some output began to lose records, or ceased to, since it was asked last; the text says
 * it. Ask until false. */
bool output_take_news(struct output *output, struct error *text);

/* Opens the files of a live run anew, for log rotation. False: error says which could not be, and
 * why; it is written on as before. */
bool output_reopen(struct output *output, struct error *error);

/* Writes the reports and closes the files. False: some output could not be written, and error says
 * which and why. A reader that went away is no failure. */
bool output_finish(struct output *output, const struct run_facts *facts, struct error *error);

void output_close(struct output *output); /* NULL is fine */
