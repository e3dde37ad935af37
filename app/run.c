/* Wires the rooms together: intake (files or interfaces) -> engine -> output. What goes wrong
 * with an input is said in one line on standard error and does not stop the rest. */
#include "app/run.h"

#include "app/build_info.h"
#include "app/engine.h"
#include "app/intake.h"
#include "app/packets.h"
#include "app/privilege.h"
#include "app/publisher.h"
#include "app/sandbox.h"
#include "app/secret_intake.h"
#include "app/watch.h"
#include "capture/bpf.h"
#include "capture/now.h"
#include "dissector/base/text.h"
#include "output/progress.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* A live run ends with its report in less than a second. */
#define REST_NS INT64_C(400000000)

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
    bool is_damaged;
};

/* One line of our own on standard error; the progress line makes room for it. */
static void say(struct run *run, const char *text)
{
    char printable[COMPLAINT_BYTES];
    text_printable(printable, sizeof printable, span_str(text));
    progress_clear(&run->progress);
    fprintf(stderr, "davscope: %s\n", printable);
}

static void complain(struct run *run, const char *text)
{
    say(run, text);
    run->is_damaged = true;
}

static void complain_of_capture(struct run *run, const struct capture_error *error)
{
    char text[COMPLAINT_BYTES];
    capture_error_text(error, text, sizeof text);
    complain(run, text);
}

static void note_of_capture(struct run *run, const struct capture_error *error)
{
    char text[COMPLAINT_BYTES];
    capture_error_text(error, text, sizeof text);
    if (!run->options->is_quiet)
        say(run, text);
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
    run->n_sources = options->n_captures + options->n_interfaces;
    run->sources = calloc(run->n_sources, sizeof *run->sources);
    for (size_t i = 0; run->sources && i < options->n_captures; i++)
        run->sources[i].file = options->captures[i];
    for (size_t i = 0; run->sources && i < options->n_interfaces; i++)
        run->sources[i].interface = options->interfaces[i];
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
        .n_sources = run->n_sources,
        .resources = options->resources,
        .filter = &options->filter,
        .fail_on = options->fail_on,
        .is_coloured = is_coloured(options),
        .is_live = options->n_interfaces > 0,
        .has_metrics = options->metrics_place != NULL,
        .hash_key = run->key,
        .is_redacted = options->is_redacted,
        .redact_key = run->redact_key,
        .notices = packets_notices(&run->packets),
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

/* Packets on a terminal are of no use to anybody. */
static bool spares_terminal(const struct options *options, struct error *error)
{
    for (size_t i = 0; i < options->n_targets; i++)
        if (options->targets[i].renderer->is_packets && !options->targets[i].path &&
            isatty(STDOUT_FILENO))
            return error_set(error, "packets are not for a terminal: -o pcapng=PATH");
    return true;
}

static bool open_bpf(struct run *run, struct error *error)
{
    char reason[BPF_REASON_BYTES];
    if (!run->options->bpf || run->options->n_interfaces > 0)
        return true;
    run->bpf = bpf_open(run->options->bpf, reason);
    return run->bpf || error_set(error, "filter '%s': %s", run->options->bpf, reason);
}

/* One ceiling for traffic on its way and for documents whose verdict is not known yet. In live
 * traffic somebody waits for what stands behind a hole. */
static void set_limits(struct run *run)
{
    size_t limit_bytes = run->options->memory_limit_bytes ? run->options->memory_limit_bytes
                                                          : limits_default.max_memory_bytes;
    run->limits = limits_default;
    run->max_collected_bytes = limit_bytes / 4;
    run->limits.max_memory_bytes = limit_bytes - run->max_collected_bytes;
    if (run->options->n_interfaces > 0)
        run->limits.reorder_quiet_ns = run->limits.reorder_ns;
}

/* Gives up what is not needed to read, analyse and write. Live outputs are written by name again
 * when they are opened anew. */
static bool give_up_privileges(struct run *run, struct error *error)
{
    const struct options *options = run->options;
    bool is_live = options->n_interfaces > 0;
    const char *outputs[OUTPUT_MAX_TARGETS];
    char privileges[PRIVILEGE_TEXT_BYTES] = "", applied[SANDBOX_TEXT_BYTES], text[COMPLAINT_BYTES];
    struct sandbox sandbox = {
        .readable = options->captures,
        .n_readable = options->n_captures,
        .writable = outputs,
        .is_live = is_live,
        .has_names = run->bpf != NULL,
    };
    for (size_t i = 0; i < options->n_targets; i++)
        if (options->targets[i].path)
            outputs[sandbox.n_writable++] = options->targets[i].path;
    if (options->record_folder)
        sandbox.folder = options->record_folder;
    if ((is_live || options->user) && !privilege_drop(options->user, privileges, error))
        return false;
    sandbox_enter_files(&sandbox);
    /* The endpoint's thread begins without privileges, and listens before nothing can any more. */
    if (!publisher_open(&run->publisher, options->metrics_place, error))
        return false;
    sandbox_enter_calls(&sandbox, applied);
    snprintf(text, sizeof text, "%s%s%s", privileges, privileges[0] ? ", " : "", applied);
    if (options->is_verbose)
        say(run, text);
    return true;
}

/* Interfaces are opened with all privileges, files without any: looking into them for their first
 * time is parsing already. */
static enum intake_opened open_places(struct run *run, struct error *error)
{
    bool is_live = run->options->n_interfaces > 0;
    enum intake_opened opened = INTAKE_OPEN;
    if (!open_bpf(run, error) || !spares_captures(run->options, error) ||
        !spares_terminal(run->options, error))
        return INTAKE_USAGE;
    if (is_live)
        opened = intake_open(&run->intake, run->options, error);
    if (opened != INTAKE_OPEN)
        return opened;
    if (!open_sources(run) || !secret_intake_open(&run->secrets, run->options, error) ||
        !packets_open(&run->packets, run->options, error) || !open_output(run, error) ||
        !give_up_privileges(run, error) ||
        !packets_begin(&run->packets, run->options, run->output, error))
        return INTAKE_FAILED;
    return is_live ? INTAKE_OPEN : intake_open(&run->intake, run->options, error);
}

/* Its threads begin without privileges. Which connection a frame is of is known at once on one lane
 * alone. */
static bool open_engine(struct run *run, struct error *error)
{
    struct frame_sink frames = packets_frames(&run->packets);
    const struct lanes_config config = {
        .n = frames.frame ? 1 : run->options->n_lanes,
        .is_live = run->options->n_interfaces > 0,
        .limits = &run->limits,
        .key = run->key,
        .sink = output_sink(run->output),
    };
    if (!engine_open(&run->engine, &config, error))
        return false;
    engine_tell_frames(&run->engine, frames);
    if (run->options->reads_batches)
        engine_read_batches(&run->engine);
    secret_intake_tell(&run->secrets, packets_secrets(&run->packets));
    return secret_intake_begin(&run->secrets, &run->engine, error);
}

/* Everything that can refuse does so before the first frame is read. */
static enum status open_run(struct run *run)
{
    struct error error = {.text = "no memory"};
    set_limits(run);
    if (getrandom(&run->key, sizeof run->key, 0) != (ssize_t)sizeof run->key ||
        getrandom(&run->redact_key, sizeof run->redact_key, 0) != (ssize_t)sizeof run->redact_key) {
        complain(run, "no random bytes for the hash key");
        return STATUS_DAMAGED;
    }
    enum intake_opened opened = open_places(run, &error);
    if (opened == INTAKE_OPEN && open_engine(run, &error))
        return STATUS_DONE;
    complain(run, error.text);
    return opened == INTAKE_USAGE ? STATUS_USAGE : STATUS_DAMAGED;
}

/* So that a person knows that nothing to see means nothing to tell. */
static void say_ready(struct run *run)
{
    const struct options *options = run->options;
    if (options->n_interfaces == 0 || options->is_quiet)
        return;
    char text[COMPLAINT_BYTES] = "capturing on";
    size_t len = strlen(text);
    for (size_t i = 0; i < options->n_interfaces && len < sizeof text; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s %s", i > 0 ? "," : "",
                                options->interfaces[i]);
    say(run, text);
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
    watch_count(&run->watch);
    if (frame->origin.ordinal % PROGRESS_EVERY_FRAMES == 0) {
        struct capture_progress done = intake_progress(&run->intake);
        progress_show(&run->progress, done.done_bytes, done.total_bytes,
                      output_n_documents(run->output));
    }
    packets_frame(&run->packets, frame);
    return engine_feed(&run->engine, frame->linktype, frame->bytes, frame->wire_len,
                       &frame->origin);
}

/* What connections lack is looked for at once: then they wait no longer than for one frame. */
static enum feed supply_secrets(struct run *run, enum feed fed)
{
    struct error error;
    if (fed != FEED_OK)
        return fed;
    fed = secret_intake_supply(&run->secrets, &run->engine, &error);
    if (fed == FEED_STOP)
        complain(run, error.text);
    return fed == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
}

/* Fills in what is known of the run so far. */
static void collect_facts(struct run *run)
{
    struct capture_counts counts = intake_counts(&run->intake);
    struct engine_counts of_engine;
    engine_count(&run->engine, &of_engine);
    run->facts.losses = (struct capture_losses){
        .is_known = counts.is_known,
        .n_received = counts.received,
        .n_dropped = counts.dropped,
        .n_interface_dropped = counts.interface_dropped,
        .n_lane_dropped = of_engine.n_dropped,
    };
    run->facts.n_records_lost = output_n_lost(run->output);
    run->facts.stats = of_engine.stats;
    run->facts.n_open_connections = of_engine.n_connections;
    run->facts.buffered_bytes = of_engine.buffered_bytes;
}

static void publish_when_due(struct run *run)
{
    if (!publisher_is_due(&run->publisher))
        return;
    collect_facts(run);
    publisher_publish(&run->publisher, run->output, &run->facts);
}

static void tell_packets(struct run *run)
{
    struct error news;
    bool is_complaint;
    while (packets_take_news(&run->packets, &news, &is_complaint)) {
        run->is_damaged |= is_complaint;
        say(run, news.text);
    }
}

/* Tells once when an output begins to lose records, and when it goes on. */
static void tell_news(struct run *run)
{
    struct error news;
    while (output_take_news(run->output, &news))
        complain(run, news.text);
    tell_packets(run);
}

static void reopen_output(struct run *run)
{
    struct error error;
    bool is_open = output_reopen(run->output, &error);
    packets_begin_section(&run->packets);
    if (!is_open)
        complain(run, error.text);
    else if (run->options->is_verbose)
        say(run, "output files opened anew");
}

static void read_more_secrets(struct run *run, bool is_last)
{
    struct error error;
    if (!secret_intake_read_on(&run->secrets, &run->engine, is_last, &error))
        complain(run, error.text);
}

/* Whether to go on. */
static bool do_duties(struct run *run)
{
    if (!output_is_wanted(run->output))
        return false;
    tell_news(run);
    publish_when_due(run);
    for (;;) {
        switch (watch_next(&run->watch)) {
        case DUTY_NONE:
            return true;
        case DUTY_REPORT:
            collect_facts(run);
            output_report(run->output, &run->facts);
            break;
        case DUTY_REOPEN:
            reopen_output(run);
            break;
        case DUTY_SECRETS:
            read_more_secrets(run, false);
            break;
        case DUTY_END:
            return false;
        }
    }
}

/* FEED_STOP: nothing more comes. */
static enum feed take_item(struct run *run, enum capture_result result, struct capture_item *item)
{
    switch (result) {
    case CAPTURE_FRAME:
        return supply_secrets(run, take_frame(run, &item->frame));
    case CAPTURE_IDLE:
        return engine_tick(&run->engine, &item->frame.origin);
    case CAPTURE_DAMAGED:
        complain_of_capture(run, item->error);
        return FEED_OK;
    case CAPTURE_NOTICE:
        note_of_capture(run, item->error);
        return FEED_OK;
    case CAPTURE_SECRETS:
        return secret_intake_take(&run->secrets, item, &run->engine);
    case CAPTURE_NOMEM:
        return FEED_NOMEM;
    case CAPTURE_END:
        break;
    }
    return FEED_STOP;
}

/* What the system holds already when a live run is ended, but not for long: traffic goes on. */
static enum feed read_rest(struct run *run)
{
    struct capture_item item;
    enum feed fed = FEED_OK;
    int64_t end_ns = now_ns(CLOCK_MONOTONIC) + REST_NS;
    while (fed == FEED_OK && run->watch.frames_left > 0 && now_ns(CLOCK_MONOTONIC) < end_ns) {
        enum capture_result result = intake_next(&run->intake, &item);
        if (result == CAPTURE_IDLE)
            break;
        fed = take_item(run, result, &item);
    }
    return fed;
}

/* Reads until the end, a signal, or until nobody reads our output any more. */
static void read_all(struct run *run)
{
    struct capture_item item;
    enum feed fed = FEED_OK;
    watch_begin(&run->watch, run->options);
    say_ready(run);
    while (fed == FEED_OK && do_duties(run)) {
        enum capture_result result = intake_next(&run->intake, &item);
        fed = take_item(run, result, &item);
    }
    if (fed == FEED_OK && run->options->n_interfaces > 0 && output_is_wanted(run->output))
        fed = read_rest(run);
    if (fed == FEED_NOMEM)
        complain(run, "no memory; what follows was not read");
}

static void say_effort(const struct run *run)
{
    const struct net_stats *net = &run->facts.stats.net;
    double seconds = (double)(now_ns(CLOCK_MONOTONIC) - run->began_ns) / 1e9;
    fprintf(stderr, "davscope: read %" PRIu64 " frames, %" PRIu64 " bytes in %.2f s\n",
            net->n_frames, net->n_bytes, seconds);
    const struct dissector_stats *stats = &run->facts.stats;
    if (stats->n_secrets > 0 || stats->n_malformed_secrets > 0)
        fprintf(stderr,
                "davscope: %" PRIu64 " TLS secrets; %" PRIu64 " lines of key logs are none\n",
                stats->n_secrets, stats->n_malformed_secrets);
}

/* What was lost is said in any case. */
static void say_packets(struct run *run)
{
    struct error text;
    bool is_complaint;
    packets_finish(&run->packets);
    tell_packets(run);
    for (size_t i = 0; packets_sum_up(&run->packets, i, &text, &is_complaint); i++)
        if (text.text[0] != '\0' && (is_complaint || !run->options->is_quiet))
            say(run, text.text);
}

static void finish_run(struct run *run)
{
    struct error error = {.text = ""};
    read_more_secrets(run, true);
    if (engine_finish(&run->engine) == FEED_NOMEM)
        complain(run, "no memory; the end of the capture was not analysed");
    progress_clear(&run->progress);
    collect_facts(run);
    if (run->options->is_verbose)
        say_effort(run);
    /* What did not follow is known now, and may be recorded yet. */
    if (!output_finish(run->output, &run->facts, &error))
        complain(run, error.text);
    say_packets(run);
}

static void close_run(struct run *run)
{
    engine_close(&run->engine);
    secret_intake_close(&run->secrets);
    publisher_close(&run->publisher);
    packets_close(&run->packets);
    output_close(run->output);
    intake_close(&run->intake);
    bpf_close(run->bpf);
    free(run->sources);
}

enum status run_analysis(const struct options *options)
{
    struct run run = {.options = options, .began_ns = now_ns(CLOCK_MONOTONIC)};
    bool has_end = options->n_interfaces == 0;
    progress_init(&run.progress, has_end && !options->no_progress && !options->is_quiet);
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
