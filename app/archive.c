/* Contents arrive, files leave by a thread; see archive.h. The lock is never held while writing. */
#include "app/archive.h"

#include "app/whole_file.h"
#include "capture/now.h"
#include "output/loss.h"
#include "output/quiet_thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define MS INT64_C(1000000)

struct file {
    struct file *next;
    struct buf content;
    char name[ARCHIVE_NAME_BYTES];
};

struct archive {
    const char *folder;
    bool waits_for_disk, has_thread;
    pthread_t thread;
    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t has_work, has_done;
    struct file *first, **end;
    struct archive_state state; /* n_waiting: with the one that is being written */
    size_t waiting_bytes;
    bool is_over;  /* nothing more is put */
    bool is_stuck; /* nobody waits for the thread any more, or counts what it does */
};

static void discard(struct file *file)
{
    buf_wipe_and_free(&file->content);
    free(file);
}

/* Locked. While others wait a slow disk has not caught up. */
static void note_done(struct archive *archive, int failure)
{
    archive->state.n_written += failure == 0;
    archive->state.n_lost += failure != 0;
    if (failure != 0 || archive->state.failure != LOSS_TOO_SLOW || archive->state.n_waiting == 0)
        archive->state.failure = failure;
}

static struct file *take(struct archive *archive)
{
    while (!archive->first && !archive->is_over)
        pthread_cond_wait(&archive->has_work, &archive->lock);
    struct file *file = archive->first;
    if (file)
        archive->first = file->next;
    if (!archive->first)
        archive->end = &archive->first;
    return file;
}

/* Locked, but while it writes and wipes. */
static void keep(struct archive *archive, struct file *file)
{
    size_t len = file->content.len;
    pthread_mutex_unlock(&archive->lock);
    int failure = whole_file_save(archive->folder, file->name, buf_span(&file->content));
    pthread_mutex_lock(&archive->lock);
    if (!archive->is_stuck) {
        archive->state.n_waiting--;
        archive->waiting_bytes -= len;
        note_done(archive, failure);
        pthread_cond_signal(&archive->has_done);
    }
    pthread_mutex_unlock(&archive->lock);
    discard(file);
    pthread_mutex_lock(&archive->lock);
}

static void *work(void *ctx)
{
    struct archive *archive = ctx;
    struct file *file;
    pthread_mutex_lock(&archive->lock);
    while ((file = take(archive)))
        keep(archive, file);
    pthread_mutex_unlock(&archive->lock);
    return NULL;
}

struct archive *archive_open(const char *folder, bool waits_for_disk)
{
    struct archive *archive = calloc(1, sizeof *archive);
    if (!archive)
        return NULL;
    archive->folder = folder;
    archive->waits_for_disk = waits_for_disk;
    archive->end = &archive->first;
    pthread_mutex_init(&archive->lock, NULL);
    pthread_cond_init(&archive->has_work, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&archive->has_done, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return archive;
}

static bool has_thread(struct archive *archive)
{
    if (!archive->has_thread)
        archive->has_thread = quiet_thread_begin(&archive->thread, work, archive);
    return archive->has_thread;
}

/* Locked. */
static bool has_room(const struct archive *archive, size_t len)
{
    return archive->state.n_waiting == 0 || (archive->waiting_bytes <= ARCHIVE_MAX_BYTES &&
                                             len <= ARCHIVE_MAX_BYTES - archive->waiting_bytes);
}

/* Why it is lost (loss.h); the file is the queue's when it is not. */
static int enqueue(struct archive *archive, struct file *file)
{
    if (!has_thread(archive))
        return LOSS_NO_THREAD;
    pthread_mutex_lock(&archive->lock);
    bool is_taken = !archive->is_over && has_room(archive, file->content.len);
    if (is_taken) {
        *archive->end = file;
        archive->end = &file->next;
        archive->state.n_waiting++;
        archive->waiting_bytes += file->content.len;
        pthread_cond_signal(&archive->has_work);
    }
    pthread_mutex_unlock(&archive->lock);
    return is_taken ? 0 : LOSS_TOO_SLOW;
}

void archive_lose(struct archive *archive, int failure)
{
    pthread_mutex_lock(&archive->lock);
    note_done(archive, failure);
    pthread_mutex_unlock(&archive->lock);
}

void archive_put(struct archive *archive, const char *name, struct buf *content)
{
    if (archive->waits_for_disk) {
        note_done(archive, whole_file_save(archive->folder, name, buf_span(content)));
        buf_wipe_and_free(content);
        return;
    }
    struct file *file = calloc(1, sizeof *file);
    if (!file) {
        buf_wipe_and_free(content);
        archive_lose(archive, ENOMEM);
        return;
    }
    file->content = *content;
    *content = (struct buf){.max_bytes = content->max_bytes};
    (void)snprintf(file->name, sizeof file->name, "%s", name);
    int failure = enqueue(archive, file);
    if (failure == 0)
        return;
    discard(file);
    archive_lose(archive, failure);
}

struct archive_state archive_state(struct archive *archive)
{
    pthread_mutex_lock(&archive->lock);
    struct archive_state state = archive->state;
    pthread_mutex_unlock(&archive->lock);
    return state;
}

/* Locked. Until some file is done; false: none was until end_ns of the clock that only passes. */
static bool wait_until(struct archive *archive, int64_t end_ns)
{
    const struct timespec end = {.tv_sec = end_ns / SECOND_NS, .tv_nsec = end_ns % SECOND_NS};
    return pthread_cond_timedwait(&archive->has_done, &archive->lock, &end) != ETIMEDOUT;
}

/* Locked. What hangs is not ours any more: it may still be written one day. */
static void lose_rest(struct archive *archive)
{
    while (archive->first) {
        struct file *next = archive->first->next;
        discard(archive->first);
        archive->first = next;
    }
    archive->end = &archive->first;
    for (; archive->state.n_waiting > 0; archive->state.n_waiting--)
        note_done(archive, LOSS_TOO_SLOW);
}

void archive_finish(struct archive *archive)
{
    pthread_mutex_lock(&archive->lock);
    archive->is_over = true;
    pthread_cond_signal(&archive->has_work);
    const int64_t last_ns = now_ns(CLOCK_MONOTONIC) + ARCHIVE_MAX_WAIT_MS * MS;
    while (archive->state.n_waiting > 0 && !archive->is_stuck) {
        int64_t end_ns = now_ns(CLOCK_MONOTONIC) + ARCHIVE_PATIENCE_MS * MS;
        archive->is_stuck = !wait_until(archive, end_ns < last_ns ? end_ns : last_ns);
    }
    if (archive->is_stuck)
        lose_rest(archive);
    pthread_mutex_unlock(&archive->lock);
}

void archive_close(struct archive *archive)
{
    if (!archive)
        return;
    archive_finish(archive);
    if (archive->is_stuck) {
        (void)pthread_detach(archive->thread);
        return;
    }
    if (archive->has_thread)
        (void)pthread_join(archive->thread, NULL);
    pthread_mutex_destroy(&archive->lock);
    pthread_cond_destroy(&archive->has_work);
    pthread_cond_destroy(&archive->has_done);
    free(archive);
}
