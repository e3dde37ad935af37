/* run_parts: what a run is made of; private to the files run*.c. run_open.c brings it into being,
 * run.c lets it live, run_say.c is its voice. */
#pragma once

#include "app/engine.h"
#include "app/intake.h"
#include "app/packets.h"
#include "app/publisher.h"
#include "app/run.h"
#include "app/secret_intake.h"
#include "app/watch.h"
#include "capture/bpf.h"
#include "output/progress.h"

enum { COMPLAINT_BYTES = CAPTURE_REASON_BYTES + 512 };

struct run {
    const struct options *options;
    struct limits limits;
    size_t max_collected_bytes;
    struct hash_key key, redact_key;
    struct intake intake;
    struct watch watch;
    struct bpf *bpf; /* files only: the system filters live traffic */
    struct output *output;
    struct packets packets;
    struct publisher publisher;
    struct engine engine;
    struct secret_intake secrets;
    struct source *sources;
    size_t n_sources;
    struct progress progress;
    struct run_facts facts;
    int64_t began_ns; /* CLOCK_MONOTONIC */
    uint64_t n_items; /* read so far */
    bool is_damaged;
};

/* One line of our own on standard error; the progress line makes room for it. */
void run_say(struct run *run, const char *text);

/* The same, of something that was lost: the exit status tells it too. */
void run_complain(struct run *run, const char *text);
void run_complain_of_capture(struct run *run, const struct capture_error *error);

/* The same, of something that is well again; not with --quiet. */
void run_note_of_capture(struct run *run, const struct capture_error *error);

/* Everything that can refuse does so here, before the first frame is read. STATUS_DONE: all is
 * open; else it was said why not, and run_close is still needed. */
enum status run_open(struct run *run);

void run_close(struct run *run);
