/* A list of what is allowed; everything else fails with EPERM. See syscalls.h. */
#define _GNU_SOURCE /* CLONE_THREAD */
#include "app/syscalls.h"

#ifdef HAVE_SECCOMP

#include <errno.h>
#include <sched.h>
#include <seccomp.h>

/* Names that an architecture does not have are passed over. */
static const char *const always[] = {
    /* files and pipes that are open, or that Landlock lets open */
    "read",
    "readv",
    "pread64",
    "write",
    "writev",
    "pwrite64",
    "lseek",
    "_llseek",
    "close",
    "fstat",
    "fstat64",
    "newfstatat",
    "fstatat64",
    "statx",
    "stat",
    "stat64",
    "lstat",
    "lstat64",
    "statfs",
    "fstatfs",
    "open",
    "openat",
    "fcntl",
    "fcntl64",
    "ftruncate",
    "ftruncate64",
    "fsync",
    "fdatasync",
    "access",
    "faccessat",
    "faccessat2",
    "readlink",
    "readlinkat",
    "getdents64",
    "getcwd",
    "unlink",
    "unlinkat",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "flock",
    "fadvise64",
    "dup",
    "dup2",
    "dup3",
    "pipe2",
    "ioctl",
    "umask",
    "fchmod",
    "fchown",
    /* memory */
    "mmap",
    "mmap2",
    "munmap",
    "mremap",
    "mprotect",
    "madvise",
    "brk",
    /* waiting, time, signals */
    "poll",
    "ppoll",
    "ppoll_time64",
    "select",
    "_newselect",
    "pselect6",
    "epoll_create1",
    "epoll_ctl",
    "epoll_wait",
    "epoll_pwait",
    "eventfd2",
    "clock_gettime",
    "clock_gettime64",
    "clock_getres",
    "clock_nanosleep",
    "clock_nanosleep_time64",
    "nanosleep",
    "gettimeofday",
    "time",
    "restart_syscall",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "sigreturn",
    "sigaltstack",
    "tgkill",
    "pause",
    /* threads, the process itself */
    "futex",
    "futex_time64",
    "set_robust_list",
    "rseq",
    "membarrier",
    "sched_yield",
    "sched_getaffinity",
    "sched_getparam",
    "sched_getscheduler",
    "getcpu",
    "getpid",
    "gettid",
    "getppid",
    "getuid",
    "geteuid",
    "getgid",
    "getegid",
    "prlimit64",
    "getrlimit",
    "getrusage",
    "sysinfo",
    "uname",
    "getrandom",
    "prctl",
    "arch_prctl",
    "exit",
    "exit_group",
    /* sockets that are open: an endpoint's, an interface's counters */
    "getsockopt",
    "setsockopt",
    "getsockname",
    "accept",
    "accept4",
    "sendto",
    "sendmsg",
    "recvfrom",
    "recvmsg",
    "shutdown",
};

/* libpcap opens an interface again with these. */
static const char *const of_live[] = {"socket", "bind"};

static const char *const of_names[] = {"socket", "bind", "connect", "sendmmsg", "recvmmsg"};

static bool allow(scmp_filter_ctx filter, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int number = seccomp_syscall_resolve_name(names[i]);
        if (number == __NR_SCMP_ERROR)
            continue;
        int result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0);
        if (result != 0 && result != -EEXIST && result != -EDOM)
            return false;
    }
    return true;
}

/* clone makes threads only; clone3, whose arguments no filter can see, is as if it did not exist,
 * which makes the C library use clone. */
static bool allow_threads(scmp_filter_ctx filter)
{
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                            SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
}

bool syscalls_enter(const struct sandbox *sandbox)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return false;
    bool is_ready = allow(filter, always, sizeof always / sizeof *always) && allow_threads(filter);
    if (is_ready && sandbox->is_live)
        is_ready = allow(filter, of_live, sizeof of_live / sizeof *of_live);
    if (is_ready && sandbox->has_names)
        is_ready = allow(filter, of_names, sizeof of_names / sizeof *of_names);
    /* Threads that have begun are held to it too; they also get no new privileges. */
    bool is_in_force = is_ready && seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
                       seccomp_load(filter) == 0;
    seccomp_release(filter);
    return is_in_force;
}

#else

bool syscalls_enter(const struct sandbox *sandbox)
{
    (void)sandbox;
    return false;
}

#endif
