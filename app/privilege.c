/* Users and capabilities by the system calls of Linux; see privilege.h. */
#define _GNU_SOURCE /* setresuid */
#include "app/privilege.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char default_user[] = "nobody";

static bool set_capabilities(uint32_t wanted, uint32_t *kept)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {{0}};
    if (syscall(SYS_capget, &header, sets) != 0)
        return false;
    *kept = sets[0].permitted & wanted;
    sets[0] = (struct __user_cap_data_struct){.permitted = *kept, .effective = *kept};
    sets[1] = (struct __user_cap_data_struct){0};
    return syscall(SYS_capset, &header, sets) == 0;
}

/* A process without CAP_SETPCAP cannot, and has a set that no-new-privileges makes useless. */
static void empty_bounding_set(void)
{
    for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0;
         capability++)
        (void)prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
}

/* Groups first: without the user nobody may change them. */
static bool become(const struct passwd *user)
{
    return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 &&
           initgroups(user->pw_name, user->pw_gid) == 0 &&
           setresgid(user->pw_gid, user->pw_gid, user->pw_gid) == 0 &&
           setresuid(user->pw_uid, user->pw_uid, user->pw_uid) == 0;
}

bool privilege_drop(const char *name, char text[PRIVILEGE_TEXT_BYTES], struct error *error)
{
    const uint32_t net_raw = (uint32_t)1 << CAP_NET_RAW;
    uint32_t kept = 0;
    bool is_root = geteuid() == 0;
    if (!name && is_root)
        name = default_user;
    errno = 0;
    const struct passwd *user = name ? getpwnam(name) : NULL;
    if (name && !user)
        return error_set(error, "no such user: '%s'", name);
    empty_bounding_set();
    if (user && user->pw_uid != geteuid() && !become(user))
        return error_set(error, "cannot become user '%s': %s (--user takes another)", name,
                         strerror(errno));
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (!set_capabilities(net_raw, &kept))
        return error_set(error, "cannot give up capabilities: %s", strerror(errno));
    snprintf(text, PRIVILEGE_TEXT_BYTES, "user %u, group %u, %s", (unsigned)geteuid(),
             (unsigned)getegid(), kept ? "capability net_raw alone" : "no capability");
    return true;
}
