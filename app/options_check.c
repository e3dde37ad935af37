/* Options arrive as they were read; what contradicts itself or means nothing is refused; see
 * options_check.h. */
#include "app/options_check.h"

/* What to read: files or interfaces. */
static bool check_inputs(const struct options *options, struct error *error)
{
    if (options->n_interfaces > 0 && options->n_captures > 0)
        return error_set(error, "capture '%s' and interface '%s': one of them only",
                         options->captures[0], options->interfaces[0]);
    if (options->n_interfaces > 0)
        return true;
    if (options->duration_s > 0 || options->interval_s > 0)
        return error_set(error, "--duration and --interval need an interface to watch (-i)");
    if (options->metrics_place)
        return error_set(error, "--metrics needs an interface to watch (-i)");
    return options->n_captures > 0 ||
           error_set(error, "no capture file and no interface (-i) given");
}

static bool has_report(const struct options *options)
{
    for (size_t i = 0; i < options->n_targets; i++)
        if (options->targets[i].renderer->report)
            return true;
    return false;
}

bool options_have_packets(const struct options *options)
{
    for (size_t i = 0; i < options->n_targets; i++)
        if (options->targets[i].renderer->is_packets)
            return true;
    return false;
}

static bool check_record(const struct options *options, struct error *error)
{
    if (options->record_folder)
        return true;
    if (options->record_refinement)
        return error_set(error, "%s needs a folder to write to (--record)",
                         options->record_refinement);
    return !options->sizes_record || options_have_packets(options) ||
           error_set(error, "--record-size needs packets to write (--record or -o pcapng)");
}

/* Files are for reading afterwards, interfaces for watching. A watch whose outputs have no report
 * leaves one on standard error, as ping does. */
static bool complete_outputs(struct options *options, struct error *error)
{
    bool is_live = options->n_interfaces > 0;
    if (options->n_targets == 0)
        options->targets[options->n_targets++] =
            (struct output_target){.renderer = is_live ? &render_lines : &render_summary};
    if (!output_check_targets(options->targets, options->n_targets, error))
        return false;
    bool is_wanted = is_live && !options->is_quiet && !has_report(options);
    if (is_wanted && options->n_targets < OUTPUT_MAX_TARGETS)
        options->targets[options->n_targets++] =
            (struct output_target){.renderer = &render_summary, .is_stderr = true};
    return true;
}

/* Packets hold what --redact hides; and what is hidden cannot be chosen by. */
static bool check_redact(const struct options *options, struct error *error)
{
    if (!options->is_redacted)
        return true;
    if (options->record_folder)
        return error_set(error, "--redact and --record: packets cannot be redacted");
    if (options_have_packets(options))
        return error_set(error, "--redact and -o pcapng: packets cannot be redacted");
    if (filter_names_places(&options->filter))
        return error_set(error, "--redact hides what --host, --client and --href choose by");
    return true;
}

bool options_check(struct options *options, struct error *error)
{
    return check_inputs(options, error) && check_record(options, error) &&
           complete_outputs(options, error) && check_redact(options, error);
}
