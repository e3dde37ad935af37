/* Options arrive, everything they ask for is open, and no privilege is left; see run_parts.h. The
 * order matters: what needs privileges first, what parses foreign bytes or begins a thread last. */
#include "app/run_parts.h"

#include "app/build_info.h"
#include "app/privilege.h"
#include "app/sandbox.h"

#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

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
        .sources = {run->sources, run->n_sources},
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
        run_say(run, text);
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

enum status run_open(struct run *run)
{
    struct error error = {.text = "no memory"};
    set_limits(run);
    if (getrandom(&run->key, sizeof run->key, 0) != (ssize_t)sizeof run->key ||
        getrandom(&run->redact_key, sizeof run->redact_key, 0) != (ssize_t)sizeof run->redact_key) {
        run_complain(run, "no random bytes for the hash key");
        return STATUS_DAMAGED;
    }
    enum intake_opened opened = open_places(run, &error);
    if (opened == INTAKE_OPEN && open_engine(run, &error))
        return STATUS_DONE;
    run_complain(run, error.text);
    return opened == INTAKE_USAGE ? STATUS_USAGE : STATUS_DAMAGED;
}

void run_close(struct run *run)
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
