/* Captures arrive, one sequence of items leaves; see timeline.h.
 *
 * A heap of captures by the time of their waiting frame. Regular files are looked into once for
 * their first time, closed, and opened again when it is their turn; what can be read only once
 * (pipes) and what has no frame comes first. Nothing is sorted inside a capture. */
#include "capture/timeline.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct part {
    const char *path;
    struct capture *capture;  /* NULL until its turn; kept afterwards for its counts and names */
    struct capture_item item; /* its waiting frame, when has_frame */
    bool has_frame;
    uint32_t index;
    int64_t time_ns; /* of the waiting frame, or of the first one of a file not yet opened */
    bool is_regular;
    uint64_t size_bytes; /* when is_regular */
};

struct timeline {
    const volatile sig_atomic_t *stop;
    uint64_t n_frames;
    size_t n_parts;
    struct part *parts;
    struct part **heap; /* the parts not at their end, the earliest at the root */
    size_t n_heap;
};

static bool is_before(const struct part *a, const struct part *b)
{
    return a->time_ns != b->time_ns ? a->time_ns < b->time_ns : a->index < b->index;
}

/* Moves the part at this place of the heap down to where it belongs. */
static void sift_down(struct timeline *t, size_t at)
{
    struct part *moved = t->heap[at];
    for (size_t child = 2 * at + 1; child < t->n_heap; child = 2 * at + 1) {
        if (child + 1 < t->n_heap && is_before(t->heap[child + 1], t->heap[child]))
            child++;
        if (!is_before(t->heap[child], moved))
            break;
        t->heap[at] = t->heap[child];
        at = child;
    }
    t->heap[at] = moved;
}

/* Looks for the first time of a file that can be read again. False without memory. */
static bool look_into(struct timeline *t, struct part *part)
{
    struct stat about;
    if (stat(part->path, &about) != 0 || !S_ISREG(about.st_mode))
        return true;
    part->is_regular = true;
    part->size_bytes = (uint64_t)about.st_size;
    struct capture *c = capture_open(part->path, t->stop);
    if (!c)
        return false;
    enum capture_result result;
    do {
        result = capture_next(c, &part->item);
    } while (result != CAPTURE_FRAME && result != CAPTURE_END && result != CAPTURE_NOMEM);
    if (result == CAPTURE_FRAME)
        part->time_ns = part->item.frame.origin.time_ns;
    capture_close(c);
    return result != CAPTURE_NOMEM;
}

static bool add_part(struct timeline *t, const char *path)
{
    struct part *part = &t->parts[t->n_heap];
    *part = (struct part){.path = path, .index = (uint32_t)t->n_heap, .time_ns = INT64_MIN};
    t->heap[t->n_heap++] = part;
    bool can_read_twice = strcmp(path, "-") != 0;
    return t->n_parts == 1 || !can_read_twice || look_into(t, part);
}

struct timeline *timeline_open(const char *const *paths, size_t n_paths,
                               const volatile sig_atomic_t *stop)
{
    struct timeline *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->stop = stop;
    t->n_parts = n_paths;
    t->parts = calloc(n_paths + 1, sizeof *t->parts);
    t->heap = calloc(n_paths + 1, sizeof(struct part *));
    bool is_ready = t->parts && t->heap;
    for (size_t i = 0; i < n_paths && is_ready; i++)
        is_ready = add_part(t, paths[i]);
    if (!is_ready) {
        timeline_close(t);
        return NULL;
    }
    for (size_t i = n_paths; i > 0; i--)
        sift_down(t, i - 1);
    return t;
}

/* Lets the earliest part read on; its item is *item for all but frames. */
static enum capture_result advance(struct timeline *t, struct capture_item *item)
{
    struct part *part = t->heap[0];
    if (!part->capture)
        part->capture = capture_open(part->path, t->stop);
    if (!part->capture)
        return CAPTURE_NOMEM;
    enum capture_result result = capture_next(part->capture, &part->item);
    if (result == CAPTURE_END) {
        t->heap[0] = t->heap[--t->n_heap];
    } else if (result == CAPTURE_FRAME) {
        part->has_frame = true;
        part->time_ns = part->item.frame.origin.time_ns;
    } else {
        *item = part->item;
        item->frame.origin.source = part->index;
    }
    if (t->n_heap > 0)
        sift_down(t, 0);
    return result;
}

static void give_frame(struct timeline *t, struct part *part, struct capture_item *item)
{
    part->has_frame = false;
    *item = part->item;
    item->frame.origin.source = part->index;
    item->frame.origin.ordinal = ++t->n_frames;
}

enum capture_result timeline_next(struct timeline *t, struct capture_item *item)
{
    while (t->n_heap > 0) {
        if (t->heap[0]->has_frame) {
            give_frame(t, t->heap[0], item);
            return CAPTURE_FRAME;
        }
        enum capture_result result = advance(t, item);
        if (result != CAPTURE_FRAME && result != CAPTURE_END)
            return result;
    }
    return CAPTURE_END;
}

struct capture_counts timeline_counts(const struct timeline *t)
{
    struct capture_counts sum = {0};
    for (size_t i = 0; i < t->n_parts; i++) {
        const struct part *part = &t->parts[i];
        struct capture_counts of_part =
            part->capture ? capture_counts(part->capture) : (struct capture_counts){0};
        sum.is_known |= of_part.is_known;
        sum.received += of_part.received;
        sum.dropped += of_part.dropped;
        sum.interface_dropped += of_part.interface_dropped;
    }
    return sum;
}

struct capture_progress timeline_progress(const struct timeline *t)
{
    struct capture_progress sum = {.is_total_known = true};
    for (size_t i = 0; i < t->n_parts; i++) {
        const struct part *part = &t->parts[i];
        struct capture_progress of_part = {0, part->size_bytes, part->is_regular};
        if (part->capture)
            of_part = capture_progress(part->capture);
        sum.done_bytes += of_part.done_bytes;
        sum.total_bytes += of_part.total_bytes;
        sum.is_total_known &= of_part.is_total_known;
    }
    return sum;
}

void timeline_close(struct timeline *t)
{
    if (!t)
        return;
    for (size_t i = 0; t->parts && i < t->n_parts; i++)
        capture_close(t->parts[i].capture);
    free(t->parts);
    free(t->heap);
    free(t);
}
