/* queue: a bounded queue of pointers between threads. What is pushed is seen whole by who takes it.
 * Whoever finds it full, or empty, waits. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum { QUEUE_MAX = 16 };

struct queue {
    /* fields are private */
    pthread_mutex_t mutex;
    pthread_cond_t has_item, has_room;
    void *items[QUEUE_MAX];
    size_t first, n, max;
    bool is_closed;
};

/* max: at most QUEUE_MAX. */
void queue_init(struct queue *queue, size_t max);

/* Waits for room. item is not NULL. False: the queue is closed, and item still the caller's. */
bool queue_push(struct queue *queue, void *item);

/* The oldest, waiting for one. NULL: the queue is closed and empty. */
void *queue_take(struct queue *queue);

bool queue_is_full(struct queue *queue);

/* Nothing more is pushed. Whoever waits goes on. */
void queue_close(struct queue *queue);

/* Nobody uses it any more; it should be empty. */
void queue_free(struct queue *queue);
