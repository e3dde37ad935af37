/* loss: why records or files are being lost: an errno value, or one of those below. 0: they are
 * not. */
#pragma once

enum {
    LOSS_TOO_SLOW = -1,  /* who takes them has not caught up */
    LOSS_NO_THREAD = -2, /* there is nobody to write them */
};

/* For people; too_slow: what is to be told of LOSS_TOO_SLOW. Valid until the next call. */
const char *loss_text(int loss, const char *too_slow);
