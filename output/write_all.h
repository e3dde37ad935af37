/* write_all: bytes to a descriptor that waits. */
#pragma once

#include "dissector/base/span.h"

/* Everything, going on after EINTR. Returns an errno value; 0: all is written. */
int write_all(int fd, struct span bytes);
