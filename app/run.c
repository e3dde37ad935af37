/* Wires the rooms together for capture files: timeline -> dissector -> output. What goes wrong with
 * an input is said in one line on standard error and does not stop the rest. */
#include "app/run.h"

#include "app/build_info.h"
#include "app/stop.h"
#include "capture/bpf.h"
#include "capture/timeline.h"
#include "dissector/base/text.h"
#include "dissector/dissector.h"
#include "output/progress.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { COMPLAINT_BYTES = CAPTURE_REASON_BYTES + 512 };

struct run {
    const struct options *options;
    struct limits limits;
    size_t max_collected_bytes;
    struct hash_key key;
    struct timeline *timeline;
    struct bpf *bpf;
    struct output *output;
    struct dissector *dissector;
    struct source *sources;
    struct progress progress;
    struct run_facts facts;
    double began_s;
    bool is_damaged;
};

/* One line of our own on standard error; the progress line makes room for it. */
static void complain(struct run *run, const char *text)
{
    char printable[COMPLAINT_BYTES];
    text_printable(printable, sizeof printable, span_str(text));
    progress_clear(&run->progress);
    fprintf(stderr, "davscope: %s\n", printable);
    run->is_damaged = true;
}

static void complain_of_capture(struct run *run, const struct capture_error *error)
{
    char text[COMPLAINT_BYTES];
    capture_error_text(error, text, sizeof text);
    complain(run, text);
}

static bool is_coloured(const struct options *options)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    if (options->color != COLOR_AUTO)
        return options->color == COLOR_ALWAYS;
    return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

static bool open_sources(struct run *run)
{
    const struct options *options = run->options;
    run->sources = calloc(options->n_captures, sizeof *run->sources);
    for (size_t i = 0; run->sources && i < options->n_captures; i++)
        run->sources[i].file = options->captures[i];
    return run->sources != NULL;
}

static bool open_output(struct run *run, struct error *error)
{
    const struct options *options = run->options;
    struct output_config config = {
        .version = BUILD_VERSION,
        .targets = options->targets,
        .n_targets = options->n_targets,
        .sources = run->sources,
        .n_sources = options->n_captures,
        .resources = options->resources,
        .filter = &options->filter,
        .fail_on = options->fail_on,
        .is_coloured = is_coloured(options),
        .hash_key = run->key,
        .max_collected_bytes = run->max_collected_bytes,
    };
    run->output = output_open(&config, error);
    return run->output != NULL;
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat of_a, of_b;
    return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && S_ISREG(of_a.st_mode) &&
           of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

/* Opening an output empties it: a capture must never be one. */
static bool spares_captures(const struct options *options, struct error *error)
{
    for (size_t i = 0; i < options->n_targets; i++)
        for (size_t k = 0; k < options->n_captures; k++)
            if (options->targets[i].path &&
                is_same_file(options->targets[i].path, options->captures[k]))
                return error_set(error, "output '%s' is a capture to be read",
                                 options->targets[i].path);
    return true;
}

static bool open_bpf(struct run *run, struct error *error)
{
    char reason[BPF_REASON_BYTES];
    if (!run->options->bpf)
        return true;
    run->bpf = bpf_open(run->options->bpf, reason);
    return run->bpf || error_set(error, "filter '%s': %s", run->options->bpf, reason);
}

/* One ceiling for traffic on its way and for documents whose verdict is not known yet. */
static void share_memory(struct run *run)
{
    size_t limit_bytes = run->options->memory_limit_bytes ? run->options->memory_limit_bytes
                                                          : limits_default.max_memory_bytes;
    run->limits = limits_default;
    run->max_collected_bytes = limit_bytes / 4;
    run->limits.max_memory_bytes = limit_bytes - run->max_collected_bytes;
}

/* Everything that can refuse does so before the first frame is read. */
static enum status open_run(struct run *run)
{
    struct error error = {.text = "no memory"};
    enum status failure = STATUS_DAMAGED;
    share_memory(run);
    if (getrandom(&run->key, sizeof run->key, 0) != (ssize_t)sizeof run->key) {
        complain(run, "no random bytes for the hash key");
        return STATUS_DAMAGED;
    }
    if (!open_bpf(run, &error) || !spares_captures(run->options, &error)) {
        failure = STATUS_USAGE;
    } else if (open_sources(run) && open_output(run, &error)) {
        run->dissector = dissector_open(&run->limits, &run->key, output_sink(run->output));
        run->timeline =
            timeline_open(run->options->captures, run->options->n_captures, stop_flag());
        if (run->dissector && run->timeline)
            return STATUS_DONE;
    }
    complain(run, error.text);
    return failure;
}

static void count_frame(struct run_facts *facts, int64_t time_ns)
{
    if (!facts->has_frames || time_ns < facts->first_ns)
        facts->first_ns = time_ns;
    if (!facts->has_frames || time_ns > facts->last_ns)
        facts->last_ns = time_ns;
    facts->has_frames = true;
}

static enum feed take_frame(struct run *run, const struct capture_frame *frame)
{
    if (run->bpf && !bpf_matches(run->bpf, frame->linktype, frame->bytes, frame->wire_len))
        return FEED_OK;
    count_frame(&run->facts, frame->origin.time_ns);
    if (frame->origin.ordinal % PROGRESS_EVERY_FRAMES == 0) {
        struct capture_progress done = timeline_progress(run->timeline);
        progress_show(&run->progress, done.done_bytes, done.total_bytes,
                      output_n_documents(run->output));
    }
    return dissector_feed(run->dissector, frame->linktype, frame->bytes, frame->wire_len,
                          &frame->origin);
}

/* Reads until the end, a signal, or until nobody reads our output any more. */
static void read_all(struct run *run)
{
    struct capture_item item;
    enum feed fed = FEED_OK;
    while (fed == FEED_OK && !stop_is_asked()) {
        switch (timeline_next(run->timeline, &item)) {
        case CAPTURE_FRAME:
            fed = take_frame(run, &item.frame);
            break;
        case CAPTURE_DAMAGED:
            complain_of_capture(run, item.error);
            break;
        case CAPTURE_SECRETS:
        case CAPTURE_IDLE:
            break;
        case CAPTURE_END:
            return;
        case CAPTURE_NOMEM:
            fed = FEED_NOMEM;
            break;
        }
    }
    if (fed == FEED_NOMEM)
        complain(run, "no memory; what follows was not read");
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void say_effort(const struct run *run)
{
    const struct net_stats *net = &run->facts.stats.net;
    double seconds = now_s() - run->began_s;
    fprintf(stderr, "davscope: read %" PRIu64 " frames, %" PRIu64 " bytes in %.2f s\n",
            net->n_frames, net->n_bytes, seconds);
}

static void finish_run(struct run *run)
{
    struct error error = {.text = ""};
    if (dissector_finish(run->dissector) == FEED_NOMEM)
        complain(run, "no memory; the end of the capture was not analysed");
    progress_clear(&run->progress);
    struct capture_counts counts = timeline_counts(run->timeline);
    run->facts.losses = (struct capture_losses){
        .is_known = counts.is_known,
        .n_received = counts.received,
        .n_dropped = counts.dropped,
        .n_interface_dropped = counts.interface_dropped,
    };
    dissector_stats(run->dissector, &run->facts.stats);
    if (run->options->is_verbose)
        say_effort(run);
    if (!output_finish(run->output, &run->facts, &error))
        complain(run, error.text);
}

static void close_run(struct run *run)
{
    dissector_close(run->dissector);
    output_close(run->output);
    timeline_close(run->timeline);
    bpf_close(run->bpf);
    free(run->sources);
}

enum status run_files(const struct options *options)
{
    struct run run = {.options = options, .began_s = now_s()};
    progress_init(&run.progress, !options->no_progress && !options->is_quiet);
    enum status status = open_run(&run);
    if (status == STATUS_DONE) {
        read_all(&run);
        finish_run(&run);
        if (run.is_damaged)
            status = STATUS_DAMAGED;
        if (output_has_failed(run.output))
            status = STATUS_MATCHED;
    }
    close_run(&run);
    return status;
}
