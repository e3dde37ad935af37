/* Notices arrive, files leave; see recorder.h. */
#include "app/recorder.h"

#include "app/build_info.h"
#include "capture/pcapng_writer.h"
#include "dissector/base/wipe.h"
#include "output/detector.h"
#include "output/loss.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Packets, what stands around each, and the secrets. */
#define MAX_CONTENT_BYTES (4 * RECORDER_MAX_FILE_BYTES)

const struct recorder_triggers recorder_default = {
    .verdicts = 1u << VERDICT_MIXED | 1u << VERDICT_ALL_FAILED | 1u << VERDICT_UNDECODABLE,
};

/* Findings about the run itself concern no connection. */
static bool has_packets(const struct rule *rule)
{
    for (size_t i = 0; detector_at(i); i++)
        if (strcmp(detector_at(i)->rule, rule->id) == 0)
            return !detector_at(i)->unseen;
    return false;
}

static bool parse_item(const char *item, struct recorder_triggers *triggers, struct error *error)
{
    const struct rule *rule = rule_find(item);
    struct error ignored;
    if (rule && !has_packets(rule))
        return error_set(error, "%s is about the run, not about a connection: it has no packets",
                         item);
    if (rule)
        triggers->rules[rule_index(rule)] = true;
    return rule || filter_parse_verdicts(item, &triggers->verdicts, &ignored) ||
           error_set(error, "no such verdict or finding: \"%s\"", item);
}

bool recorder_parse(const char *list, struct recorder_triggers *triggers, struct error *error)
{
    char item[64];
    *triggers = (struct recorder_triggers){0};
    for (const char *rest = list; rest; rest = strchr(rest, ',')) {
        rest += rest != list;
        size_t len = strcspn(rest, ",");
        if (len >= sizeof item)
            return error_set(error, "no such verdict or finding: \"%s\"", rest);
        memcpy(item, rest, len);
        item[len] = '\0';
        if (len > 0 && !parse_item(item, triggers, error))
            return false;
    }
    return true;
}

bool recorder_open(struct recorder *recorder, const struct recorder_config *config,
                   struct error *error)
{
    const char *folder = config->folder;
    recorder->config = *config;
    recorder->secrets_end = &recorder->secrets;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return error_set(error, "%s: %s", folder, strerror(errno));
    (void)close(fd);
    if (access(folder, W_OK | X_OK) != 0)
        return error_set(error, "%s: %s", folder, strerror(errno));
    recorder->archive = archive_open(folder, config->waits_for_disk);
    return recorder->archive || error_set(error, "no memory");
}

bool recorder_secrets(struct recorder *recorder, const struct capture_secrets *secrets)
{
    size_t len = secrets->bytes.len;
    if (len > CAPTURE_MAX_BLOCK_BYTES - recorder->secrets_bytes)
        return false;
    struct recorder_secrets *copy = malloc(sizeof *copy + len);
    if (!copy)
        return false;
    if (len > 0)
        memcpy(copy + 1, secrets->bytes.ptr, len);
    copy->secrets = (struct capture_secrets){secrets->type, span_of(copy + 1, len)};
    copy->next = NULL;
    *recorder->secrets_end = copy;
    recorder->secrets_end = &copy->next;
    recorder->secrets_bytes += len;
    return true;
}

/* ---- what is worth a file ---- */

/* What it is to be called after, or NULL. */
static const char *trigger_of(const struct recorder *recorder, const struct notice *notice)
{
    const struct sightings *sightings = notice->sightings;
    if (notice->record && recorder->config.triggers.verdicts >> notice->record->end.verdict & 1)
        return verdict_name(notice->record->end.verdict);
    for (size_t i = 0; sightings && i < sightings->n; i++)
        if (recorder->config.triggers.rules[rule_index(sightings->items[i]->rule)])
            return sightings->items[i]->rule->id;
    return NULL;
}

static void name_of(const struct notice *notice, const char *why, char name[ARCHIVE_NAME_BYTES])
{
    char date[32] = "00000000T000000";
    struct tm utc;
    int64_t time_ns = notice->origin.time_ns;
    time_t seconds = (time_t)(time_ns / SECOND_NS - (time_ns % SECOND_NS < 0));
    if (gmtime_r(&seconds, &utc))
        (void)strftime(date, sizeof date, "%Y%m%dT%H%M%S", &utc);
    snprintf(name, ARCHIVE_NAME_BYTES, "davscope-%s-c%" PRIu64 "-%s", date,
             notice->connection->number, why);
}

/* ---- its content ---- */

struct content {
    struct buf bytes;
    struct pcapng_writer writer;
    uint64_t n_frames;
    bool is_short; /* of memory */
};

static void keep_blocks(void *ctx, struct span blocks)
{
    struct content *content = ctx;
    content->is_short |= buf_append_secret(&content->bytes, blocks) != BUF_OK;
}

static void keep_frame(void *ctx, const struct capture_frame *frame)
{
    struct content *content = ctx;
    bool is_written = pcapng_writer_frame(&content->writer, frame);
    content->n_frames += is_written;
    content->is_short |= !is_written;
}

/* An errno value. */
static int gather(struct recorder *recorder, struct frame_ring *ring, const struct notice *notice,
                  struct content *content)
{
    const struct frame_wish wish = {
        .connection = notice->connection->number,
        .last = UINT64_MAX,
        .max_bytes = RECORDER_MAX_FILE_BYTES,
    };
    content->is_short = !pcapng_writer_begin(&content->writer, "davscope " BUILD_VERSION);
    for (const struct recorder_secrets *s = recorder->secrets; s; s = s->next)
        content->is_short |= !pcapng_writer_secrets(&content->writer, &s->secrets);
    size_t n_left_out = frame_ring_give(ring, &wish, (struct frame_taker){keep_frame, content});
    bool is_cut = n_left_out > 0 || wish.connection < frame_ring_oldest(ring);
    if (content->is_short)
        return ENOMEM;
    if (content->n_frames == 0)
        return ENODATA;
    recorder->n_cut += is_cut;
    return 0;
}

void recorder_notice(struct recorder *recorder, struct frame_ring *ring,
                     const struct notice *notice)
{
    char name[ARCHIVE_NAME_BYTES];
    const char *why = trigger_of(recorder, notice);
    if (!why)
        return;
    const struct archive_state state = archive_state(recorder->archive);
    if (state.n_written + state.n_waiting >= recorder->config.max_files) {
        recorder->n_beyond++;
        return;
    }
    struct content content = {.n_frames = 0};
    buf_init(&content.bytes, MAX_CONTENT_BYTES);
    pcapng_writer_init(&content.writer, (struct pcapng_sink){keep_blocks, &content});
    name_of(notice, why, name);
    int failure = gather(recorder, ring, notice, &content);
    if (failure == 0)
        archive_put(recorder->archive, name, &content.bytes);
    else
        archive_lose(recorder->archive, failure);
    buf_wipe_and_free(&content.bytes);
    pcapng_writer_free(&content.writer);
}

static const char *reason_text(int failure)
{
    if (failure == ENODATA)
        return "packets of a connection were gone already";
    return loss_text(failure, "its disk is too slow");
}

/* Whether there is something to tell of the limit. */
static bool take_limit(struct recorder *recorder, struct error *text)
{
    if (recorder->n_beyond == 0 || recorder->was_limit_told)
        return false;
    recorder->was_limit_told = true;
    (void)error_set(text,
                    "%s: --record-files allows no more than %" PRIu64
                    " recordings; those beyond are counted",
                    recorder->config.folder, recorder->config.max_files);
    return true;
}

bool recorder_take_news(struct recorder *recorder, struct error *text, bool *is_complaint)
{
    *is_complaint = false;
    if (take_limit(recorder, text))
        return true;
    const struct archive_state state = archive_state(recorder->archive);
    if (state.failure == recorder->told_failure)
        return false;
    *is_complaint = true;
    if (state.failure == 0)
        (void)error_set(text, "%s: going on; %" PRIu64 " recordings were lost",
                        recorder->config.folder, state.n_lost - recorder->told_lost);
    else
        (void)error_set(text, "%s: %s; recordings are being lost", recorder->config.folder,
                        reason_text(state.failure));
    if (state.failure == 0)
        recorder->told_lost = state.n_lost;
    recorder->told_failure = state.failure;
    return true;
}

void recorder_finish(struct recorder *recorder)
{
    archive_finish(recorder->archive);
}

void recorder_sum_up(const struct recorder *recorder, struct error *text)
{
    const struct archive_state state = archive_state(recorder->archive);
    (void)error_set(text,
                    "%s: %" PRIu64 " recordings (%" PRIu64 " without their first packets), %" PRIu64
                    " lost, %" PRIu64 " beyond --record-files",
                    recorder->config.folder, state.n_written, recorder->n_cut, state.n_lost,
                    recorder->n_beyond);
}

void recorder_close(struct recorder *recorder)
{
    archive_close(recorder->archive);
    recorder->archive = NULL;
    while (recorder->secrets) {
        struct recorder_secrets *first = recorder->secrets;
        recorder->secrets = first->next;
        wipe(first + 1, first->secrets.bytes.len);
        free(first);
    }
}
