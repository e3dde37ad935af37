/* A thread inherits who is deaf to what: the one that begins it is deaf meanwhile; see
 * quiet_thread.h. */
#include "output/quiet_thread.h"

#include <signal.h>

bool quiet_thread_begin(pthread_t *thread, void *(*work)(void *ctx), void *ctx)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    bool has_begun = pthread_create(thread, NULL, work, ctx) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return has_begun;
}
