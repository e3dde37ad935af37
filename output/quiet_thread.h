/* quiet_thread: a thread that no signal reaches: signals are for the thread that reads, whose waits
 * they end. */
#pragma once

#include <pthread.h>
#include <stdbool.h>

/* work runs with ctx; the thread is the caller's to join. False: there is none. */
bool quiet_thread_begin(pthread_t *thread, void *(*work)(void *ctx), void *ctx);
