/* privilege: what a process that watches interfaces gives up once they are open: the user it was
 * started as, and every capability but CAP_NET_RAW, which an interface that comes back needs. */
#pragma once

#include "output/error.h"

enum { PRIVILEGE_TEXT_BYTES = 128 };

/* user: a name, whose user and groups are taken; NULL: nobody when started as root, else as it is.
 * False: error says why; the process may not go on then. text says for people what was done. Call
 * before any thread begins. */
bool privilege_drop(const char *user, char text[PRIVILEGE_TEXT_BYTES], struct error *error);
