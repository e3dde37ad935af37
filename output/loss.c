/* A number arrives, a text leaves; see loss.h. */
#include "output/loss.h"

#include <string.h>

const char *loss_text(int loss, const char *too_slow)
{
    if (loss == LOSS_TOO_SLOW)
        return too_slow;
    return loss == LOSS_NO_THREAD ? "no thread to write it could be started" : strerror(loss);
}
