/* no_thread: makes the machine refuse every thread, or give them again. */
#pragma once

#include <stdbool.h>

void no_thread(bool is_refused);
