/* Options, time and signals arrive, duties leave; see watch.h. */
#include "app/watch.h"

#include "app/signals.h"
#include "capture/now.h"

void watch_begin(struct watch *watch, const struct options *options)
{
    int64_t time_ns = now_ns(CLOCK_MONOTONIC);
    *watch = (struct watch){
        .is_live = options->n_interfaces > 0,
        .frames_left = options->max_frames > 0 ? options->max_frames : UINT64_MAX,
        .interval_ns = options->interval_s * (uint64_t)SECOND_NS,
        .end_ns = INT64_MAX,
        .report_ns = INT64_MAX,
        .secrets_ns = options->keylog ? time_ns : INT64_MAX,
    };
    if (options->duration_s > 0)
        watch->end_ns = time_ns + (int64_t)options->duration_s * SECOND_NS;
    if (options->interval_s > 0)
        watch->report_ns = time_ns + (int64_t)watch->interval_ns;
}

void watch_count(struct watch *watch)
{
    watch->frames_left--;
}

enum duty watch_next(struct watch *watch)
{
    if (signals_stop_is_asked() || watch->frames_left == 0)
        return DUTY_END;
    if (!watch->is_live)
        return DUTY_NONE;
    if (signals_take_reopen())
        return DUTY_REOPEN;
    int64_t time_ns = now_ns(CLOCK_MONOTONIC);
    if (time_ns >= watch->end_ns)
        return DUTY_END;
    if (time_ns >= watch->secrets_ns) {
        watch->secrets_ns = time_ns + SECOND_NS;
        return DUTY_SECRETS;
    }
    bool is_due = time_ns >= watch->report_ns;
    /* After a stall the missed ones are not made up for. */
    while (time_ns >= watch->report_ns)
        watch->report_ns += (int64_t)watch->interval_ns;
    return is_due || signals_take_report() ? DUTY_REPORT : DUTY_NONE;
}
