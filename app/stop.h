/* stop: Ctrl-C and SIGTERM ask the run to end with its report. The only global of the program. */
#pragma once

#include <signal.h>
#include <stdbool.h>

/* Installs the handlers; a second signal ends the program at once. A closed pipe becomes a write
 * error instead of a signal. */
void stop_install(void);

bool stop_is_asked(void);

/* For waits that a signal must interrupt; not 0 once asked. */
const volatile sig_atomic_t *stop_flag(void);
