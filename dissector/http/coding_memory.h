/* coding_memory: memory for decompression libraries that let us allocate for them, counted exactly.
 * For coding_*.c only. */
#pragma once

#include <stddef.h>

/* len bytes, not zeroed; adds them to *held_bytes. NULL when there is no memory. */
void *coding_memory_take(size_t *held_bytes, size_t len);

/* Gives back what coding_memory_take returned, and takes it off *held_bytes. NULL is allowed. */
void coding_memory_release(size_t *held_bytes, void *memory);
