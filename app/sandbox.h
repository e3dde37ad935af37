/* sandbox: what the process may still do while it reads bytes that others have written. Entered
 * when everything is open and before the first of these bytes is parsed; there is no way back.
 *
 * No new privileges, always. Landlock, where the kernel has it: files to read are the captures and
 * what the C library may load later (/etc, /usr, /lib), files to write are those beside the
 * outputs. seccomp, where built in: no new process, no tracing, no connection; a forbidden call
 * fails with EPERM; this binds threads that have begun too, Landlock those that begin: what needs a
 * thread before calls are forbidden begins it between the two steps. Each is applied as far as
 * there is one; none of it is an error. A build with sanitizers or coverage has neither Landlock
 * nor seccomp, for these need more than the program. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct sandbox {
    const char *const *readable; /* files */
    size_t n_readable;
    const char *const *writable; /* files; what stands in the same folders can be written too */
    size_t n_writable;
    bool is_live;       /* interfaces are opened again */
    bool has_names;     /* names of hosts may be looked up */
    const char *folder; /* files can be made in it; or NULL */
    bool has_no_new;    /* private, as the next */
    int landlock_version;
};

enum { SANDBOX_TEXT_BYTES = 128 };

/* First no new privileges and Landlock; then seccomp. text says for people what is in force. */
void sandbox_enter_files(struct sandbox *sandbox);
void sandbox_enter_calls(struct sandbox *sandbox, char text[SANDBOX_TEXT_BYTES]);
