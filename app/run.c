/* Wires the rooms together: intake (files or interfaces) -> engine -> output. What goes wrong
 * with an input is said in one line on standard error and does not stop the rest. */
#include "app/run_parts.h"

#include "capture/now.h"

#include <inttypes.h>

/* A live run ends with its report in less than a second. */
#define REST_NS INT64_C(400000000)

enum { DUTIES_EVERY_ITEMS = 64 };

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
    run_say(run, text);
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
        run_complain(run, error.text);
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
        if (is_complaint || !run->options->is_quiet)
            run_say(run, news.text);
    }
}

/* Tells once when an output begins to lose records, and when it goes on. */
static void tell_news(struct run *run)
{
    struct error news;
    while (output_take_news(run->output, &news))
        run_complain(run, news.text);
    tell_packets(run);
}

static void reopen_output(struct run *run)
{
    struct error error;
    bool is_open = output_reopen(run->output, &error);
    packets_begin_section(&run->packets);
    if (!is_open)
        run_complain(run, error.text);
    else if (run->options->is_verbose)
        run_say(run, "output files opened anew");
}

static void read_more_secrets(struct run *run, bool is_last)
{
    struct error error;
    if (!secret_intake_read_on(&run->secrets, &run->engine, is_last, &error))
        run_complain(run, error.text);
}

/* What comes next from an interface or a pipe may be long in coming; of a file, many items come in
 * a time that nobody notices. */
static bool is_duty_due(struct run *run)
{
    bool may_wait = run->options->n_interfaces > 0 || run->secrets.has_pipe;
    return run->n_items++ % DUTIES_EVERY_ITEMS == 0 || may_wait || run->watch.frames_left == 0;
}

/* Whether to go on. */
static bool do_duties(struct run *run)
{
    if (!is_duty_due(run))
        return true;
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
        run_complain_of_capture(run, item->error);
        return FEED_OK;
    case CAPTURE_NOTICE:
        run_note_of_capture(run, item->error);
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

/* What the system holds already when a live run is ended: up to the first frame that came later, or
 * until there is none; and not for long, for a clock may be wrong. */
static enum feed read_rest(struct run *run)
{
    struct capture_item item;
    enum feed fed = FEED_OK;
    bool is_over = false;
    const int64_t asked_ns = now_ns(CLOCK_REALTIME), end_ns = now_ns(CLOCK_MONOTONIC) + REST_NS;
    while (fed == FEED_OK && !is_over && run->watch.frames_left > 0) {
        enum capture_result result = intake_next(&run->intake, &item);
        if (result == CAPTURE_IDLE)
            break;
        bool is_later = result == CAPTURE_FRAME && item.frame.origin.time_ns > asked_ns;
        is_over = is_later || now_ns(CLOCK_MONOTONIC) >= end_ns;
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
        run_complain(run, "no memory; what follows was not read");
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
            run_say(run, text.text);
}

static void finish_run(struct run *run)
{
    struct error error = {.text = ""};
    read_more_secrets(run, true);
    if (engine_finish(&run->engine) == FEED_NOMEM)
        run_complain(run, "no memory; the end of the capture was not analysed");
    progress_clear(&run->progress);
    collect_facts(run);
    if (run->options->is_verbose)
        say_effort(run);
    /* What did not follow is known now, and may be recorded yet. */
    if (!output_finish(run->output, &run->facts, &error))
        run_complain(run, error.text);
    say_packets(run);
}

enum status run_analysis(const struct options *options)
{
    struct run run = {.options = options, .began_ns = now_ns(CLOCK_MONOTONIC)};
    bool has_end = options->n_interfaces == 0;
    progress_init(&run.progress, has_end && !options->no_progress && !options->is_quiet);
    enum status status = run_open(&run);
    if (status == STATUS_DONE) {
        read_all(&run);
        finish_run(&run);
        if (run.is_damaged)
            status = STATUS_DAMAGED;
        if (output_has_failed(run.output))
            status = STATUS_MATCHED;
    }
    run_close(&run);
    return status;
}
