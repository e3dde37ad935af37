/* landlock: which files a sandboxed process can open (landlock(7)); by system call, for the C
 * library has no functions of it. */
#pragma once

#include "app/sandbox.h"

/* The version of Landlock in force; 0: none, the kernel or this build has none. */
int landlock_enter(const struct sandbox *sandbox);
