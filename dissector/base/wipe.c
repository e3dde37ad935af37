/* Zeroing that stays: every store goes through a volatile pointer. */
#include "dissector/base/wipe.h"

void wipe(void *ptr, size_t n_bytes)
{
    volatile unsigned char *at = ptr;
    for (size_t i = 0; i < n_bytes; i++)
        at[i] = 0;
}
