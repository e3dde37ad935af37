/* privilege: the rights of RFC 3744 §3 by name, as bits of a set. What is not among them (servers
 * have rights of their own) has no bit. A constant table; nothing fails. */
#pragma once

#include "dissector/base/span.h"

enum privilege {
    PRIVILEGE_READ = 1 << 0,
    PRIVILEGE_WRITE = 1 << 1,
    PRIVILEGE_WRITE_PROPERTIES = 1 << 2,
    PRIVILEGE_WRITE_CONTENT = 1 << 3,
    PRIVILEGE_UNLOCK = 1 << 4,
    PRIVILEGE_READ_ACL = 1 << 5,
    PRIVILEGE_READ_OWN = 1 << 6, /* read-current-user-privilege-set */
    PRIVILEGE_WRITE_ACL = 1 << 7,
    PRIVILEGE_BIND = 1 << 8,
    PRIVILEGE_UNBIND = 1 << 9,
    PRIVILEGE_ALL = 1 << 10,
    PRIVILEGE_N = 11,
};

/* The bit of a local name ("write-content"), 0: none of these. */
uint32_t privilege_find(struct span local);

/* Name of bit i (0..PRIVILEGE_N-1). */
const char *privilege_name(unsigned i);

/* Whether a set grants it: by itself, as part of write, or of all. */
bool privilege_is_granted(uint32_t set, enum privilege privilege);
