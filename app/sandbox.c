/* Which parts of the sandbox there are, and in which order; see sandbox.h. */
#include "app/sandbox.h"

#include "app/landlock.h"
#include "app/syscalls.h"

#include <stdio.h>
#include <sys/prctl.h>

void sandbox_enter(const struct sandbox *sandbox, char text[SANDBOX_TEXT_BYTES])
{
    bool has_no_new = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    /* The calls that make the one would be forbidden by the other. */
    int landlock_version = landlock_enter(sandbox);
    bool has_seccomp = syscalls_enter(sandbox);
    char landlock[32] = "no Landlock";
    if (landlock_version > 0)
        snprintf(landlock, sizeof landlock, "Landlock %d", landlock_version);
    snprintf(text, SANDBOX_TEXT_BYTES, "%s, %s, %s",
             has_no_new ? "no new privileges" : "new privileges possible", landlock,
             has_seccomp ? "seccomp" : "no seccomp");
}
