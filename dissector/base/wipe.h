/* wipe: forgets secrets. A plain memset before free may be left out by the compiler; this is not.
 */
#pragma once

#include <stddef.h>

/* Makes n_bytes at ptr zero. ptr may be NULL when n_bytes is 0. */
void wipe(void *ptr, size_t n_bytes);
