/* Notices arrive, files leave; see recorder.h. */
#define _GNU_SOURCE /* renameat2 */
#include "app/recorder.h"

#include "app/build_info.h"
#include "capture/pcapng_writer.h"
#include "dissector/base/wipe.h"
#include "output/detector.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, NAME_BYTES_MAX = 128, MAX_NAMESAKES = 999 };

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

bool recorder_open(struct recorder *recorder, const char *folder, struct error *error)
{
    recorder->folder = folder;
    recorder->secrets_end = &recorder->secrets;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return error_set(error, "%s: %s", folder, strerror(errno));
    (void)close(fd);
    return access(folder, W_OK | X_OK) == 0 || error_set(error, "%s: %s", folder, strerror(errno));
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
    if (notice->record && recorder->triggers.verdicts >> notice->record->end.verdict & 1)
        return verdict_name(notice->record->end.verdict);
    for (size_t i = 0; sightings && i < sightings->n; i++)
        if (recorder->triggers.rules[rule_index(sightings->items[i]->rule)])
            return sightings->items[i]->rule->id;
    return NULL;
}

static void name_of(const struct notice *notice, const char *why, char name[NAME_BYTES_MAX])
{
    char date[32] = "00000000T000000";
    struct tm utc;
    int64_t time_ns = notice->origin.time_ns;
    time_t seconds = (time_t)(time_ns / 1000000000 - (time_ns % 1000000000 < 0));
    if (gmtime_r(&seconds, &utc))
        (void)strftime(date, sizeof date, "%Y%m%dT%H%M%S", &utc);
    snprintf(name, NAME_BYTES_MAX, "davscope-%s-c%" PRIu64 "-%s", date, notice->connection->number,
             why);
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

/* ---- the file ---- */

static int write_bytes(int fd, struct span s)
{
    while (s.len > 0) {
        ssize_t n = write(fd, s.ptr, s.len);
        if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0)
            s = span_after(s, (size_t)n);
    }
    return 0;
}

/* A file that nobody else has: whoever shares the folder may have our process number too. */
static int open_part(const char *folder, char path[PATH_BYTES], int *fd)
{
    int failure = EEXIST;
    for (int i = 0; failure == EEXIST && i < MAX_NAMESAKES; i++) {
        uint64_t random;
        if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
            return EIO;
        if (snprintf(path, PATH_BYTES, "%s/.davscope-%016" PRIx64 ".part", folder, random) >=
            PATH_BYTES)
            return ENAMETOOLONG;
        *fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        failure = *fd < 0 ? errno : 0;
    }
    return failure;
}

/* Where the file system cannot rename so, a second name is as good: it replaces nothing either. */
static int move(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    if (link(from, to) != 0)
        return errno;
    (void)unlink(from);
    return 0;
}

/* Under a name that nobody has. */
static int publish(const char *part, const char *folder, const char *name)
{
    char path[PATH_BYTES];
    int failure = EEXIST;
    for (int i = 1; failure == EEXIST && i <= MAX_NAMESAKES; i++) {
        char suffix[8] = "";
        if (i > 1)
            snprintf(suffix, sizeof suffix, "-%d", i);
        if (snprintf(path, PATH_BYTES, "%s/%s%s.pcapng", folder, name, suffix) >= PATH_BYTES)
            return ENAMETOOLONG;
        failure = move(part, path);
    }
    return failure;
}

static int save(const char *folder, const char *name, struct span bytes)
{
    char part[PATH_BYTES];
    int fd, failure = open_part(folder, part, &fd);
    if (failure != 0)
        return failure;
    failure = write_bytes(fd, bytes);
    if (close(fd) != 0 && failure == 0)
        failure = errno;
    if (failure == 0)
        failure = publish(part, folder, name);
    if (failure != 0)
        (void)unlink(part);
    return failure;
}

void recorder_notice(struct recorder *recorder, struct frame_ring *ring,
                     const struct notice *notice)
{
    char name[NAME_BYTES_MAX];
    const char *why = trigger_of(recorder, notice);
    if (!why)
        return;
    if (recorder->n_files >= recorder->max_files) {
        recorder->n_beyond++;
        return;
    }
    struct content content = {.n_frames = 0};
    buf_init(&content.bytes, MAX_CONTENT_BYTES);
    pcapng_writer_init(&content.writer, (struct pcapng_sink){keep_blocks, &content});
    name_of(notice, why, name);
    recorder->failure = gather(recorder, ring, notice, &content);
    if (recorder->failure == 0)
        recorder->failure = save(recorder->folder, name, buf_span(&content.bytes));
    recorder->n_files += recorder->failure == 0;
    recorder->n_lost += recorder->failure != 0;
    buf_wipe_and_free(&content.bytes);
    pcapng_writer_free(&content.writer);
}

bool recorder_take_news(struct recorder *recorder, struct error *text)
{
    if (recorder->n_beyond > 0 && !recorder->was_limit_told) {
        recorder->was_limit_told = true;
        (void)error_set(text,
                        "%s: %" PRIu64 " recordings were written; --record-files allows no more",
                        recorder->folder, recorder->n_files);
        return true;
    }
    if (recorder->failure == recorder->told_failure)
        return false;
    if (recorder->failure == 0)
        (void)error_set(text, "%s: going on; %" PRIu64 " recordings were lost", recorder->folder,
                        recorder->n_lost - recorder->told_lost);
    else
        (void)error_set(text, "%s: %s; recordings are being lost", recorder->folder,
                        recorder->failure == ENODATA ? "packets of a connection were gone already"
                                                     : strerror(recorder->failure));
    if (recorder->failure == 0)
        recorder->told_lost = recorder->n_lost;
    recorder->told_failure = recorder->failure;
    return true;
}

void recorder_sum_up(const struct recorder *recorder, struct error *text)
{
    (void)error_set(text,
                    "%s: %" PRIu64 " recordings (%" PRIu64 " without their first packets), %" PRIu64
                    " lost, %" PRIu64 " beyond --record-files",
                    recorder->folder, recorder->n_files, recorder->n_cut, recorder->n_lost,
                    recorder->n_beyond);
}

void recorder_close(struct recorder *recorder)
{
    while (recorder->secrets) {
        struct recorder_secrets *first = recorder->secrets;
        recorder->secrets = first->next;
        wipe(first + 1, first->secrets.bytes.len);
        free(first);
    }
}
