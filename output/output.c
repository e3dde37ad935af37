/* The wiring of the room: events to records, records to the tally and to every renderer, and one
 * report at the end; see output.h. */
#include "output/output.h"

#include "output/collect.h"
#include "output/diagnosis.h"
#include "output/losses.h"
#include "output/redact.h"
#include "output/sheet.h"
#include "output/tally.h"

#include <stdlib.h>

struct output {
    struct output_config config;
    struct collect collect;
    struct diagnosis diagnosis;
    struct tally tally;
    struct losses losses; /* of the last report */
    struct redact redact; /* with config.is_redacted */
    struct sheet sheets[OUTPUT_MAX_TARGETS];
    size_t n_sheets;
    struct metrics *metrics; /* NULL: nobody asks for them */
    bool has_failed;
};

static const char *const resources_names[] = {
    [RESOURCES_ALL] = "all",
    [RESOURCES_PROBLEMS] = "problems",
    [RESOURCES_NONE] = "none",
};

static bool complain_of_renderer(const char *arg, struct error *error)
{
    struct writer names;
    writer_init_memory(&names, sizeof error->text);
    for (size_t i = 0; renderer_at(i); i++)
        writer_format(&names, "%s%s", i > 0 ? ", " : "", renderer_at(i)->name);
    struct span list = writer_span(&names);
    (void)error_set(error, "no such output: \"%s\" (there are %.*s)", arg, (int)list.len,
                    (const char *)list.ptr);
    (void)writer_close(&names);
    return false;
}

static bool is_same_place(const struct output_target *a, const struct output_target *b)
{
    if (a->path && b->path)
        return strcmp(a->path, b->path) == 0;
    return a->path == b->path && a->is_stderr == b->is_stderr;
}

static bool open_sheet(struct output *output, const struct output_target *target,
                       struct error *error)
{
    struct sheet *sheet = &output->sheets[output->n_sheets++];
    const struct output_config *config = &output->config;
    bool is_default = config->resources == RESOURCES_DEFAULT;
    *sheet = (struct sheet){
        .renderer = target->renderer, .path = target->path, .is_stderr = target->is_stderr};
    sheet->render = (struct render){
        .resources = is_default ? target->renderer->resources : config->resources,
        .sources = config->sources,
    };
    return sheet_open(sheet, config->is_live, config->is_coloured, error);
}

/* What some sheet shows; the tally always wants the problems. */
static enum resources resources_to_keep(const struct output *output)
{
    for (size_t i = 0; i < output->n_sheets; i++)
        if (output->sheets[i].render.resources == RESOURCES_ALL)
            return RESOURCES_ALL;
    return RESOURCES_PROBLEMS;
}

static void check_verdict(struct output *output, const struct record *record)
{
    output->has_failed |= output->config.fail_on >> record->end.verdict & 1;
}

static void give_notice(const struct output *output, const struct notice *notice)
{
    const struct notice_sink *sink = &output->config.notices;
    if (sink->notice)
        sink->notice(sink->ctx, notice);
}

static void render(struct output *output, const struct record *record)
{
    tally_add(&output->tally, record);
    for (size_t i = 0; i < output->n_sheets; i++)
        sheet_document(&output->sheets[i], record);
    give_notice(output, &(struct notice){.connection = record->connection,
                                         .exchange = record->exchange,
                                         .origin = record->origin,
                                         .record = record,
                                         .sightings = record->sightings});
}

bool output_is_wanted(const struct output *output)
{
    if (output->metrics)
        return true;
    for (size_t i = 0; i < output->n_sheets; i++)
        if (sheet_is_wanted(&output->sheets[i]))
            return true;
    return false;
}

/* What the exchange that just ended raised, noted as metrics and, when it is chosen, as findings.
 */
static const struct sightings *settle(struct output *output, bool is_chosen)
{
    const struct sightings *sightings = diagnosis_settle(&output->diagnosis, is_chosen);
    if (output->metrics)
        metrics_add_sightings(output->metrics, sightings);
    return sightings;
}

/* An exchange without a document. */
static void take_exchange(struct output *output, const struct event *event)
{
    const struct filter *filter = output->config.filter;
    tally_add_exchange(&output->tally, event->exchange);
    if (event->document != 0)
        return;
    bool is_chosen = !filter || filter_chooses_exchange(filter, event);
    const struct sightings *sightings = settle(output, is_chosen);
    if (is_chosen && sightings->n > 0)
        give_notice(output, &(struct notice){.connection = event->connection,
                                             .exchange = event->exchange,
                                             .origin = event->origin,
                                             .sightings = sightings});
}

/* What should have followed and did not. */
static void settle_late(struct output *output, int64_t now_ns, bool is_over)
{
    const struct late *late;
    while ((late = diagnosis_late(&output->diagnosis, now_ns, is_over))) {
        if (output->metrics)
            metrics_add_sightings(output->metrics, late->sightings);
        give_notice(output, &(struct notice){.connection = &late->connection,
                                             .exchange = &late->exchange,
                                             .origin = late->page.last,
                                             .sightings = late->sightings,
                                             .is_late = true});
    }
}

static enum feed take_event(void *ctx, const struct event *event)
{
    struct output *output = ctx;
    struct record record;
    settle_late(output, event->origin.time_ns, false);
    if (diagnosis_event(&output->diagnosis, event) == FEED_NOMEM)
        return FEED_NOMEM;
    if (output->metrics)
        metrics_add(output->metrics, event);
    if (event->kind == EVENT_EXCHANGE)
        take_exchange(output, event);
    if (event->kind == EVENT_TLS_OPAQUE)
        tally_add_opaque(&output->tally, event);
    switch (collect_event(&output->collect, event, &record)) {
    case COLLECT_MORE:
        return FEED_OK;
    case COLLECT_RECORD:
        check_verdict(output, &record);
        record.sightings = settle(output, true);
        render(output, &record);
        return output_is_wanted(output) ? FEED_OK : FEED_STOP;
    case COLLECT_OTHER_VERDICT:
        check_verdict(output, &record);
        (void)settle(output, false);
        tally_leave_out(&output->tally);
        return FEED_OK;
    case COLLECT_LEFT:
        (void)settle(output, false);
        tally_leave_out(&output->tally);
        return FEED_OK;
    default:
        return FEED_NOMEM;
    }
}

bool output_parse_target(const char *arg, struct output_target *target, struct error *error)
{
    size_t name_len = strcspn(arg, "=");
    const struct renderer *renderer = renderer_find(span_of(arg, name_len));
    if (!renderer)
        return complain_of_renderer(arg, error);
    const char *path = arg[name_len] == '=' ? arg + name_len + 1 : NULL;
    if (path && path[0] == '\0')
        return error_set(error, "no path behind \"%s\"", arg);
    bool is_standard = path && strcmp(path, "-") == 0;
    *target = (struct output_target){.renderer = renderer, .path = is_standard ? NULL : path};
    return true;
}

bool output_check_targets(const struct output_target *targets, size_t n, struct error *error)
{
    if (n > OUTPUT_MAX_TARGETS)
        return error_set(error, "more than %d outputs", OUTPUT_MAX_TARGETS);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (is_same_place(&targets[i], &targets[j]))
                return error_set(error, "%s and %s cannot share %s", targets[j].renderer->name,
                                 targets[i].renderer->name,
                                 targets[i].path ? targets[i].path
                                                 : "standard output: give one a =PATH");
    return true;
}

bool output_parse_resources(const char *arg, enum resources *resources, struct error *error)
{
    for (int i = RESOURCES_ALL; i <= RESOURCES_NONE; i++) {
        if (strcmp(arg, resources_names[i]) != 0)
            continue;
        *resources = (enum resources)i;
        return true;
    }
    return error_set(error, "no such choice: \"%s\" (there are all, problems, none)", arg);
}

struct output *output_open(const struct output_config *config, struct error *error)
{
    if (!output_check_targets(config->targets, config->n_targets, error))
        return NULL;
    struct output *output = calloc(1, sizeof *output);
    if (!output) {
        (void)error_set(error, "no memory");
        return NULL;
    }
    output->config = *config;
    if (config->has_metrics && !(output->metrics = metrics_open())) {
        (void)error_set(error, "no memory");
        free(output);
        return NULL;
    }
    for (size_t i = 0; i < config->n_targets; i++) {
        if (open_sheet(output, &config->targets[i], error))
            continue;
        output_close(output);
        return NULL;
    }
    redact_init(&output->redact, &config->redact_key, (struct event_sink){take_event, output});
    tally_init(&output->tally, &config->hash_key);
    diagnosis_init(&output->diagnosis, &config->hash_key);
    diagnosis_expect_sources(&output->diagnosis, &config->sources);
    if (config->is_redacted)
        diagnosis_expect_pseudonyms(&output->diagnosis);
    collect_init(&output->collect, config->filter, resources_to_keep(output),
                 config->max_collected_bytes);
    return output;
}

struct event_sink output_sink(struct output *output)
{
    return output->config.is_redacted ? redact_sink(&output->redact)
                                      : (struct event_sink){take_event, output};
}

void output_put_packets(struct output *output, struct span bytes)
{
    for (size_t i = 0; i < output->n_sheets; i++)
        if (output->sheets[i].renderer->is_packets)
            sheet_put(&output->sheets[i], bytes);
}

void output_end_packets(struct output *output)
{
    for (size_t i = 0; i < output->n_sheets; i++)
        if (output->sheets[i].renderer->is_packets)
            sheet_end_piece(&output->sheets[i]);
}

void output_write_metrics(const struct output *output, const struct run_facts *facts,
                          const struct metrics_build *build, struct writer *writer)
{
    metrics_write(output->metrics, facts, build, writer);
}

uint64_t output_n_documents(const struct output *output)
{
    return output->tally.total.n_documents;
}

bool output_has_failed(const struct output *output)
{
    return output->has_failed;
}

static void add_losses(struct output *output, struct report *report)
{
    losses_find(&output->losses, report->facts);
    for (size_t i = 0; i < output->losses.n; i++)
        if (!findings_sorted_add(&report->findings, &output->losses.findings[i]))
            report->n_findings_lost++;
}

/* report->findings.findings is the caller's to free. */
static void make_report(struct output *output, const struct run_facts *facts, struct report *report)
{
    const struct output_config *config = &output->config;
    struct findings *findings = &output->diagnosis.findings;
    *report = (struct report){
        .version = config->version,
        .sources = config->sources,
        .facts = facts,
        .tally = &output->tally,
        .n_findings_lost = findings->n_lost,
        .is_filtered = config->filter && filter_is_set(config->filter),
    };
    if (!findings_sort(findings, &report->findings))
        report->n_findings_lost += findings_n(findings);
    add_losses(output, report);
}

void output_report(struct output *output, const struct run_facts *facts)
{
    struct report report;
    make_report(output, facts, &report);
    for (size_t i = 0; i < output->n_sheets; i++)
        sheet_report(&output->sheets[i], &report);
    free(report.findings.findings);
}

uint64_t output_n_lost(const struct output *output)
{
    uint64_t n = 0;
    for (size_t i = 0; i < output->n_sheets; i++)
        n += sheet_n_lost(&output->sheets[i]);
    return n;
}

bool output_take_news(struct output *output, struct error *text)
{
    for (size_t i = 0; i < output->n_sheets; i++)
        if (sheet_take_news(&output->sheets[i], text))
            return true;
    return false;
}

bool output_reopen(struct output *output, struct error *error)
{
    bool is_open = true;
    for (size_t i = 0; i < output->n_sheets; i++)
        is_open &= sheet_reopen(&output->sheets[i], error);
    return is_open;
}

bool output_finish(struct output *output, const struct run_facts *facts, struct error *error)
{
    struct report report;
    bool is_written = true;
    struct error of_sheet;
    settle_late(output, facts->last_ns, true);
    make_report(output, facts, &report);
    for (size_t i = 0; i < output->n_sheets; i++) {
        if (sheet_finish(&output->sheets[i], &report, &of_sheet))
            continue;
        if (is_written)
            *error = of_sheet;
        is_written = false;
    }
    free(report.findings.findings);
    return is_written;
}

void output_close(struct output *output)
{
    if (!output)
        return;
    for (size_t i = 0; i < output->n_sheets; i++)
        sheet_close(&output->sheets[i]);
    redact_free(&output->redact);
    collect_free(&output->collect);
    tally_free(&output->tally);
    diagnosis_free(&output->diagnosis);
    metrics_close(output->metrics);
    free(output);
}
