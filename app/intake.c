/* Files or interfaces; see intake.h. */
#include "app/intake.h"

#include "app/signals.h"

static enum intake_opened open_interfaces(struct intake *intake, const struct options *options,
                                          struct error *error)
{
    struct live_refusal refusal;
    struct live_config config = {
        .interfaces = options->interfaces,
        .n_interfaces = options->n_interfaces,
        .filter = options->bpf,
        .snaplen_bytes = options->snaplen_bytes,
        .buffer_bytes = options->buffer_bytes,
        .is_promiscuous = !options->no_promiscuous,
    };
    intake->live = live_open(&config, &refusal);
    if (intake->live)
        return INTAKE_OPEN;
    (void)error_set(error, "%s", refusal.text);
    return refusal.is_filter ? INTAKE_USAGE : INTAKE_FAILED;
}

enum intake_opened intake_open(struct intake *intake, const struct options *options,
                               struct error *error)
{
    *intake = (struct intake){0};
    if (options->n_interfaces > 0)
        return open_interfaces(intake, options, error);
    intake->timeline = timeline_open(options->captures, options->n_captures, signals_stop_flag());
    if (intake->timeline)
        return INTAKE_OPEN;
    (void)error_set(error, "no memory");
    return INTAKE_FAILED;
}

enum capture_result intake_next(struct intake *intake, struct capture_item *item)
{
    return intake->live ? live_next(intake->live, item) : timeline_next(intake->timeline, item);
}

struct capture_counts intake_counts(const struct intake *intake)
{
    return intake->live ? live_counts(intake->live) : timeline_counts(intake->timeline);
}

struct capture_progress intake_progress(const struct intake *intake)
{
    return intake->live ? (struct capture_progress){0} : timeline_progress(intake->timeline);
}

void intake_close(struct intake *intake)
{
    live_close(intake->live);
    timeline_close(intake->timeline);
    *intake = (struct intake){0};
}
