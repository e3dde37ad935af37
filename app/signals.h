/* signals: what the user asks of a running program. Ctrl-C and SIGTERM: end with the report;
 * SIGUSR1: print the report now; SIGHUP: open the output files anew. The only global of the
 * program. */
#pragma once

#include <signal.h>
#include <stdbool.h>

/* Installs the handlers for the end; a second signal ends the program at once. A closed pipe
 * becomes a write error instead of a signal. */
void signals_install(void);

/* Installs those of SIGUSR1 and SIGHUP, which otherwise end the program. */
void signals_install_live(void);

bool signals_stop_is_asked(void);

/* For waits that a signal must interrupt; not 0 once the end is asked for. */
const volatile sig_atomic_t *signals_stop_flag(void);

/* Whether it was asked for since the last call. */
bool signals_take_report(void);
bool signals_take_reopen(void);
