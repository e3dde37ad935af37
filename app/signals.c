/* Signal handlers that set flags; see signals.h. */
#include "app/signals.h"

#include <stddef.h>

static volatile sig_atomic_t stop_asked, report_asked, reopen_asked;

static void on_signal(int number)
{
    switch (number) {
    case SIGUSR1:
        report_asked = 1;
        break;
    case SIGHUP:
        reopen_asked = 1;
        break;
    default:
        stop_asked = 1;
    }
}

/* Without SA_RESTART: a wait ends, so that the program looks at the flags. */
static void install(int number, void (*handler)(int), unsigned flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = (int)flags};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

void signals_install(void)
{
    install(SIGINT, on_signal, SA_RESETHAND);
    install(SIGTERM, on_signal, SA_RESETHAND);
    install(SIGPIPE, SIG_IGN, 0);
}

void signals_install_live(void)
{
    install(SIGUSR1, on_signal, 0);
    install(SIGHUP, on_signal, 0);
}

bool signals_stop_is_asked(void)
{
    return stop_asked != 0;
}

const volatile sig_atomic_t *signals_stop_flag(void)
{
    return &stop_asked;
}

static bool take(volatile sig_atomic_t *flag)
{
    bool was_asked = *flag != 0;
    *flag = 0;
    return was_asked;
}

bool signals_take_report(void)
{
    return take(&report_asked);
}

bool signals_take_reopen(void)
{
    return take(&reopen_asked);
}
