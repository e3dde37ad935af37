/* Names in the order of the bits; see privilege.h. */
#include "dissector/dav/privilege.h"

static const char *const names[PRIVILEGE_N] = {
    "read",
    "write",
    "write-properties",
    "write-content",
    "unlock",
    "read-acl",
    "read-current-user-privilege-set",
    "write-acl",
    "bind",
    "unbind",
    "all",
};

uint32_t privilege_find(struct span local)
{
    for (unsigned i = 0; i < PRIVILEGE_N; i++)
        if (span_equal(local, span_str(names[i])))
            return UINT32_C(1) << i;
    return 0;
}

const char *privilege_name(unsigned i)
{
    return names[i];
}

/* Servers mostly list the parts beside the whole; what the whole holds, RFC 3744 §3.2 and §3.11
 * say. */
bool privilege_is_granted(uint32_t set, enum privilege privilege)
{
    const uint32_t parts_of_write =
        PRIVILEGE_WRITE_PROPERTIES | PRIVILEGE_WRITE_CONTENT | PRIVILEGE_BIND | PRIVILEGE_UNBIND;
    uint32_t holders = (uint32_t)privilege | PRIVILEGE_ALL;
    if ((uint32_t)privilege & parts_of_write)
        holders |= PRIVILEGE_WRITE;
    return set & holders;
}
