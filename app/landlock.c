/* Paths arrive, a ruleset leaves; see landlock.h. What is open already stays usable. */
#define _GNU_SOURCE /* O_PATH */
#include "app/landlock.h"

#ifndef SANDBOX_NONE

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of version 1, which every kernel with Landlock has. */
static const uint64_t all_rights = LANDLOCK_ACCESS_FS_MAKE_SYM * 2 - 1;
static const uint64_t read_file = LANDLOCK_ACCESS_FS_READ_FILE;
static const uint64_t read_below = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t write_below = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                    LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                                    LANDLOCK_ACCESS_FS_READ_DIR;

/* Parts of the C library load late; counters of interfaces are in /sys, names of ports and hosts
 * in /etc. */
static const char *const always_readable[] = {"/etc", "/usr", "/lib", "/lib64", "/sys", "/proc"};

static void allow(int ruleset, const char *path, uint64_t rights)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = rights};
    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return;
    (void)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    (void)close(rule.parent_fd);
}

static void allow_folder_of(int ruleset, const char *path)
{
    char folder[4096] = ".";
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 0;
    if (len >= sizeof folder)
        return;
    if (slash == path)
        len = 1;
    if (slash) {
        memcpy(folder, path, len);
        folder[len] = '\0';
    }
    allow(ruleset, folder, write_below);
}

static void allow_all(int ruleset, const struct sandbox *sandbox)
{
    for (size_t i = 0; i < sizeof always_readable / sizeof *always_readable; i++)
        allow(ruleset, always_readable[i], read_below | LANDLOCK_ACCESS_FS_EXECUTE);
    for (size_t i = 0; i < sandbox->n_readable; i++) {
        allow(ruleset, sandbox->readable[i], read_file);
        /* A rule that files do not take; of a folder the reader can then say what it is. */
        allow(ruleset, sandbox->readable[i], LANDLOCK_ACCESS_FS_READ_DIR);
    }
    for (size_t i = 0; i < sandbox->n_writable; i++)
        allow_folder_of(ruleset, sandbox->writable[i]);
    if (sandbox->folder)
        allow(ruleset, sandbox->folder, write_below);
}

int landlock_enter(const struct sandbox *sandbox)
{
    struct landlock_ruleset_attr attributes = {.handled_access_fs = all_rights};
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version <= 0)
        return 0;
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (ruleset < 0)
        return 0;
    allow_all(ruleset, sandbox);
    bool is_in_force = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    (void)close(ruleset);
    return is_in_force ? (int)version : 0;
}

#else

int landlock_enter(const struct sandbox *sandbox)
{
    (void)sandbox;
    return 0;
}

#endif
