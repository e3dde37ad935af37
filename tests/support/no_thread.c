/* A thread whose stack finds no room cannot begin; see no_thread.h. */
#define _GNU_SOURCE /* pthread_setattr_default_np */
#include "tests/support/no_thread.h"

#include <pthread.h>
#include <stdint.h>

/* More than any process can address; and enough for what tests do. */
enum { STACK_BYTES = 1 << 20 };
#define TOO_LARGE_BYTES (SIZE_MAX / 2 - STACK_BYTES)

void no_thread(bool is_refused)
{
    pthread_attr_t attributes;
    (void)pthread_attr_init(&attributes);
    (void)pthread_attr_setstacksize(&attributes, is_refused ? TOO_LARGE_BYTES : STACK_BYTES);
    (void)pthread_setattr_default_np(&attributes);
    (void)pthread_attr_destroy(&attributes);
}
