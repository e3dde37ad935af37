/* interfaces: davscope -D. */
#pragma once

#include "app/run.h"

/* Prints the interfaces that can be watched, one a line, the best first, tabs between: name, flags,
 * addresses, description. */
enum status interfaces_print(void);
