/* options: the command line, read into plain data. The table in options.c is the parser and the
 * source of --help alike; the filter options and output formats come from the tables of output/. */
#pragma once

#include "app/recorder.h"
#include "capture/live.h"
#include "output/output.h"

#include <stdio.h>

enum { OPTIONS_MAX_PRIVATE_KEYS = 8 };

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct options {
    struct output_target targets[OUTPUT_MAX_TARGETS]; /* at least one after options_parse */
    size_t n_targets;
    const char *bpf;    /* NULL: every frame */
    const char *keylog; /* NULL, or a file of TLS secrets */
    const char *private_keys[OPTIONS_MAX_PRIVATE_KEYS];
    size_t n_private_keys;
    struct filter filter;
    enum resources resources;
    uint32_t fail_on;          /* bits 1 << enum verdict */
    size_t memory_limit_bytes; /* 0: the default */
    size_t n_lanes;            /* -T; 1: no thread but that which reads */
    enum color color;
    bool reads_batches; /* also under 200 */
    bool is_redacted;
    bool no_progress, is_quiet, is_verbose;
    bool wants_help, wants_version;
    const char *explain;         /* NULL, or the name to explain */
    const char *const *captures; /* either files */
    size_t n_captures;
    const char *interfaces[LIVE_MAX_INTERFACES]; /* or interfaces */
    size_t n_interfaces;
    int snaplen_bytes, buffer_bytes;
    bool no_promiscuous, wants_interfaces;
    const char *user;    /* NULL: nobody when started as root */
    uint64_t max_frames; /* -c; 0: no limit, as in the next two */
    uint64_t duration_s, interval_s;
    const char *metrics_place;     /* NULL, or where to listen */
    const char *record_folder;     /* NULL: no recordings */
    const char *record_refinement; /* an option that has no meaning without them; or NULL */
    struct recorder_triggers record_on;
    size_t record_bytes; /* of packets kept in memory for them and for -o pcapng; */
    bool sizes_record;   /* named, not the default */
    uint64_t record_files;
};

/* Reads argv. The options borrow from argv. False: error says in one line what is wrong. argv may
 * be reordered (options and captures may be mixed). */
bool options_parse(struct options *options, int argc, char **argv, struct error *error);

/* The text of --help. */
void options_print_help(FILE *out);
