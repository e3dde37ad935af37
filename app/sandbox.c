/* Which parts of the sandbox there are, and in which order; see sandbox.h. */
#include "app/sandbox.h"

#include "app/landlock.h"
#include "app/syscalls.h"

#include <stdio.h>
#include <sys/prctl.h>

/* The calls that make these would be forbidden by seccomp. */
void sandbox_enter_files(struct sandbox *sandbox)
{
    sandbox->has_no_new = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    sandbox->landlock_version = landlock_enter(sandbox);
}

void sandbox_enter_calls(struct sandbox *sandbox, char text[SANDBOX_TEXT_BYTES])
{
    bool has_seccomp = syscalls_enter(sandbox);
    char landlock[32] = "no Landlock";
    if (sandbox->landlock_version > 0)
        snprintf(landlock, sizeof landlock, "Landlock %d", sandbox->landlock_version);
    snprintf(text, SANDBOX_TEXT_BYTES, "%s, %s, %s",
             sandbox->has_no_new ? "no new privileges" : "new privileges possible", landlock,
             has_seccomp ? "seccomp" : "no seccomp");
}
