/* syscalls: which system calls a sandboxed process can make (seccomp(2)), through libseccomp. */
#pragma once

#include "app/sandbox.h"

/* Whether a filter is in force; false without libseccomp. */
bool syscalls_enter(const struct sandbox *sandbox);
