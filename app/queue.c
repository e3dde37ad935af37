/* A ring under one mutex: what goes through it is large and comes seldom. See queue.h. */
#include "app/queue.h"

#include <assert.h>

void queue_init(struct queue *queue, size_t max)
{
    assert(max > 0 && max <= QUEUE_MAX);
    *queue = (struct queue){.max = max};
    (void)pthread_mutex_init(&queue->mutex, NULL);
    (void)pthread_cond_init(&queue->has_item, NULL);
    (void)pthread_cond_init(&queue->has_room, NULL);
}

bool queue_push(struct queue *queue, void *item)
{
    (void)pthread_mutex_lock(&queue->mutex);
    while (queue->n == queue->max && !queue->is_closed)
        (void)pthread_cond_wait(&queue->has_room, &queue->mutex);
    bool is_open = !queue->is_closed;
    if (is_open) {
        queue->items[(queue->first + queue->n++) % queue->max] = item;
        (void)pthread_cond_signal(&queue->has_item);
    }
    (void)pthread_mutex_unlock(&queue->mutex);
    return is_open;
}

void *queue_take(struct queue *queue)
{
    void *item = NULL;
    (void)pthread_mutex_lock(&queue->mutex);
    while (queue->n == 0 && !queue->is_closed)
        (void)pthread_cond_wait(&queue->has_item, &queue->mutex);
    if (queue->n > 0) {
        item = queue->items[queue->first];
        queue->first = (queue->first + 1) % queue->max;
        queue->n--;
        (void)pthread_cond_signal(&queue->has_room);
    }
    (void)pthread_mutex_unlock(&queue->mutex);
    return item;
}

bool queue_is_full(struct queue *queue)
{
    (void)pthread_mutex_lock(&queue->mutex);
    bool is_full = queue->n == queue->max;
    (void)pthread_mutex_unlock(&queue->mutex);
    return is_full;
}

void queue_close(struct queue *queue)
{
    (void)pthread_mutex_lock(&queue->mutex);
    queue->is_closed = true;
    (void)pthread_cond_broadcast(&queue->has_item);
    (void)pthread_cond_broadcast(&queue->has_room);
    (void)pthread_mutex_unlock(&queue->mutex);
}

void queue_free(struct queue *queue)
{
    (void)pthread_cond_destroy(&queue->has_room);
    (void)pthread_cond_destroy(&queue->has_item);
    (void)pthread_mutex_destroy(&queue->mutex);
}
