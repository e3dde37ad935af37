/* Pieces arrive, bytes leave by a thread; see outlet.h. The lock is never held while writing. */
#include "output/outlet.h"

#include "output/loss.h"
#include "output/quiet_thread.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { NAP_MS = 10 };

struct piece {
    struct piece *next;
    size_t len;
    uint8_t bytes[];
};

struct outlet {
    size_t max_bytes;
    bool has_thread;
    pthread_t thread;
    pthread_mutex_t lock; /* for what follows up to the next blank line */
    pthread_cond_t has_work;
    struct piece *first, **end;
    struct piece *current; /* being written; the thread's own while it lives */
    size_t queued_bytes;   /* current included */
    size_t n_queued;       /* pieces from first on */
    int next_fd;           /* to go on with behind n_before_next of them; -1: the same */
    size_t n_before_next;
    bool is_over;

    atomic_int error;
    atomic_uint_fast64_t n_lost, n_steps; /* steps: a sign of life */

    int fd; /* the thread's, as the next two */
    bool is_owned;
    bool is_torn; /* the last piece was written in part */
};

static void lose(struct outlet *outlet, int error)
{
    atomic_store(&outlet->error, error);
    atomic_fetch_add(&outlet->n_lost, 1);
}

/* An errno value. */
static int write_bytes(struct outlet *outlet, struct span s)
{
    while (s.len > 0) {
        ssize_t n = write(outlet->fd, s.ptr, s.len);
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return errno;
        if (n < 0 && errno == EAGAIN) /* a descriptor that others made non-blocking */
            (void)poll(&(struct pollfd){.fd = outlet->fd, .events = POLLOUT}, 1, -1);
        else if (n > 0)
            s = span_after(s, (size_t)n);
        atomic_fetch_add(&outlet->n_steps, 1);
    }
    return 0;
}

/* The file's end before a piece; -1 where a torn piece cannot be taken back. */
static off_t end_of_file(const struct outlet *outlet)
{
    return outlet->is_owned ? lseek(outlet->fd, 0, SEEK_END) : -1;
}

/* Pieces are lines: behind a torn one that cannot be taken back a new line begins. */
static int write_whole(struct outlet *outlet, struct span piece)
{
    off_t whole = end_of_file(outlet);
    int error = outlet->is_torn ? write_bytes(outlet, span_str("\n")) : 0;
    if (error == 0)
        error = write_bytes(outlet, piece);
    bool is_undone = error != 0 && whole >= 0 && ftruncate(outlet->fd, whole) == 0 &&
                     lseek(outlet->fd, whole, SEEK_SET) == whole;
    outlet->is_torn = error != 0 && !is_undone;
    return error;
}

static void write_current(struct outlet *outlet)
{
    int before = atomic_load(&outlet->error);
    int error = before == EPIPE
                    ? EPIPE
                    : write_whole(outlet, span_of(outlet->current->bytes, outlet->current->len));
    if (error != 0)
        lose(outlet, error);
    else if (before != LOSS_TOO_SLOW)
        atomic_compare_exchange_strong(&outlet->error, &before, 0);
}

static void switch_to(struct outlet *outlet, int fd)
{
    if (outlet->is_owned)
        (void)close(outlet->fd);
    outlet->fd = fd;
    outlet->is_owned = true;
    outlet->is_torn = false;
    atomic_store(&outlet->error, 0);
}

/* The queue's first piece becomes the current one. Behind what was queued before it the next
 * descriptor is taken over. */
static void take_first(struct outlet *outlet)
{
    outlet->current = outlet->first;
    if (outlet->current) {
        outlet->first = outlet->current->next;
        outlet->n_queued--;
    }
    if (!outlet->first)
        outlet->end = &outlet->first;
    if (outlet->next_fd >= 0 && outlet->n_before_next == 0) {
        switch_to(outlet, outlet->next_fd);
        outlet->next_fd = -1;
    }
    if (outlet->n_before_next > 0)
        outlet->n_before_next--;
}

/* Lets go of the current piece and waits for the next; false at the end. */
static bool advance(struct outlet *outlet)
{
    pthread_mutex_lock(&outlet->lock);
    outlet->queued_bytes -= outlet->current ? outlet->current->len : 0;
    free(outlet->current);
    /* The reader has caught up. */
    if (outlet->queued_bytes == 0 && atomic_load(&outlet->error) == LOSS_TOO_SLOW)
        atomic_store(&outlet->error, 0);
    while (!outlet->first && !outlet->is_over)
        pthread_cond_wait(&outlet->has_work, &outlet->lock);
    take_first(outlet);
    pthread_mutex_unlock(&outlet->lock);
    return outlet->current != NULL;
}

static void *work(void *ctx)
{
    while (advance(ctx))
        write_current(ctx);
    return NULL;
}

struct outlet *outlet_open(int fd, bool is_owned, size_t max_bytes)
{
    struct outlet *outlet = calloc(1, sizeof *outlet);
    if (!outlet)
        return NULL;
    outlet->fd = fd;
    outlet->is_owned = is_owned;
    outlet->max_bytes = max_bytes;
    outlet->next_fd = -1;
    outlet->end = &outlet->first;
    pthread_mutex_init(&outlet->lock, NULL);
    pthread_cond_init(&outlet->has_work, NULL);
    return outlet;
}

static bool has_thread(struct outlet *outlet)
{
    if (!outlet->has_thread)
        outlet->has_thread = quiet_thread_begin(&outlet->thread, work, outlet);
    return outlet->has_thread;
}

void outlet_put(struct outlet *outlet, struct span bytes)
{
    if (bytes.len == 0)
        return;
    struct piece *piece = malloc(sizeof *piece + bytes.len);
    if (!piece || !has_thread(outlet)) {
        lose(outlet, piece ? LOSS_NO_THREAD : ENOMEM);
        free(piece);
        return;
    }
    *piece = (struct piece){.len = bytes.len};
    memcpy(piece->bytes, bytes.ptr, bytes.len);
    pthread_mutex_lock(&outlet->lock);
    bool fits =
        outlet->queued_bytes == 0 || (outlet->queued_bytes <= outlet->max_bytes &&
                                      bytes.len <= outlet->max_bytes - outlet->queued_bytes);
    if (fits) {
        *outlet->end = piece;
        outlet->end = &piece->next;
        outlet->queued_bytes += bytes.len;
        outlet->n_queued++;
        pthread_cond_signal(&outlet->has_work);
    } else {
        lose(outlet, LOSS_TOO_SLOW);
    }
    pthread_mutex_unlock(&outlet->lock);
    if (!fits)
        free(piece);
}

void outlet_replace(struct outlet *outlet, int fd)
{
    pthread_mutex_lock(&outlet->lock);
    if (outlet->next_fd >= 0)
        (void)close(outlet->next_fd);
    outlet->next_fd = fd;
    outlet->n_before_next = outlet->n_queued;
    pthread_mutex_unlock(&outlet->lock);
}

int outlet_error(const struct outlet *outlet)
{
    return atomic_load(&outlet->error);
}

uint64_t outlet_n_lost(const struct outlet *outlet)
{
    return atomic_load(&outlet->n_lost);
}

static size_t queued_bytes(struct outlet *outlet)
{
    pthread_mutex_lock(&outlet->lock);
    size_t bytes = outlet->queued_bytes;
    pthread_mutex_unlock(&outlet->lock);
    return bytes;
}

/* Until the queue is empty or stuck. */
static void drain(struct outlet *outlet)
{
    uint64_t n_steps = atomic_load(&outlet->n_steps);
    for (int waited_ms = 0; waited_ms < OUTLET_PATIENCE_MS && queued_bytes(outlet) > 0;
         waited_ms += NAP_MS) {
        (void)poll(NULL, 0, NAP_MS);
        if (atomic_load(&outlet->n_steps) != n_steps)
            waited_ms = 0;
        n_steps = atomic_load(&outlet->n_steps);
    }
}

static void end_thread(struct outlet *outlet)
{
    drain(outlet);
    bool is_stuck = queued_bytes(outlet) > 0;
    pthread_mutex_lock(&outlet->lock);
    outlet->is_over = true;
    pthread_cond_signal(&outlet->has_work);
    pthread_mutex_unlock(&outlet->lock);
    /* It hangs in write, which is where it can be cancelled. */
    if (is_stuck)
        (void)pthread_cancel(outlet->thread);
    (void)pthread_join(outlet->thread, NULL);
}

/* What is left of a queue that was stuck. */
static void lose_queue(struct outlet *outlet)
{
    if (outlet->current) {
        outlet->current->next = outlet->first;
        outlet->first = outlet->current;
    }
    for (struct piece *next, *piece = outlet->first; piece; piece = next) {
        next = piece->next;
        lose(outlet, LOSS_TOO_SLOW);
        free(piece);
    }
}

int outlet_close(struct outlet *outlet, uint64_t *n_lost)
{
    if (outlet->has_thread)
        end_thread(outlet);
    if (outlet->next_fd >= 0)
        switch_to(outlet, outlet->next_fd);
    lose_queue(outlet);
    if (outlet->is_owned && close(outlet->fd) != 0)
        lose(outlet, errno);
    int error = atomic_load(&outlet->error);
    *n_lost = atomic_load(&outlet->n_lost);
    pthread_mutex_destroy(&outlet->lock);
    pthread_cond_destroy(&outlet->has_work);
    free(outlet);
    return error;
}
