/* Each question is asked in a process of its own, for there is no way back. */
#include "app/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/davscope-sandbox-XXXXXX";
static char readable[64], writable[64], other[64], beside[64];
static char text[SANDBOX_TEXT_BYTES];

static void touch(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    (void)close(fd);
}

static int make_files(void **state)
{
    (void)state;
    char below[48];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(below, sizeof below, "%s/out", folder);
    assert_int_equal(mkdir(below, 0700), 0);
    (void)snprintf(readable, sizeof readable, "%s/capture", folder);
    (void)snprintf(other, sizeof other, "%s/other", folder);
    (void)snprintf(writable, sizeof writable, "%s/log", below);
    (void)snprintf(beside, sizeof beside, "%s/log.1", below);
    touch(readable);
    touch(other);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    (void)unlink(readable);
    (void)unlink(other);
    (void)unlink(writable);
    (void)unlink(beside);
    *strrchr(writable, '/') = '\0';
    return rmdir(writable) == 0 ? rmdir(folder) : -1;
}

static void enter(bool is_live)
{
    const char *reads[] = {readable}, *writes[] = {writable};
    struct sandbox sandbox = {
        .readable = reads,
        .n_readable = 1,
        .writable = writes,
        .n_writable = 1,
        .is_live = is_live,
    };
    sandbox_enter_files(&sandbox);
    sandbox_enter_calls(&sandbox, text);
}

/* What question says in the sandbox: 0 or an errno value. */
static int ask(int (*question)(void), bool is_live)
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        enter(is_live);
        _exit(question());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int try_open(const char *path, int flags)
{
    return open(path, flags | O_CLOEXEC, 0600) >= 0 ? 0 : errno;
}

static int read_capture(void)
{
    return try_open(readable, O_RDONLY);
}

static int read_other(void)
{
    return try_open(other, O_RDONLY);
}

static int write_capture(void)
{
    return try_open(readable, O_WRONLY);
}

static int write_output(void)
{
    return try_open(writable, O_WRONLY | O_CREAT);
}

static int write_beside(void)
{
    return try_open(beside, O_WRONLY | O_CREAT);
}

static int read_encodings(void)
{
    return try_open("/usr/lib", O_RDONLY);
}

static int make_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0 ? 0 : errno;
}

static int connect_somewhere(void)
{
    return connect(-1, NULL, 0) == 0 ? 0 : errno;
}

static int make_process(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    return child > 0 ? 0 : errno;
}

static int run_program(void)
{
    char *argv[] = {"true", NULL}, *none[] = {NULL};
    (void)execve("/bin/true", argv, none);
    return errno;
}

static void *nothing(void *ctx)
{
    return ctx;
}

static int make_thread(void)
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, nothing, NULL);
    return error != 0 ? error : pthread_join(thread, NULL);
}

static int no_landlock(void)
{
    return strstr(text, "no Landlock") != NULL;
}

static int no_seccomp(void)
{
    return strstr(text, "no seccomp") != NULL;
}

static void what_the_program_does_goes_on_working(void **state)
{
    (void)state;
    assert_int_equal(ask(read_capture, false), 0);
    assert_int_equal(ask(write_output, false), 0);
    assert_int_equal(ask(write_beside, false), 0);
    assert_int_equal(ask(read_encodings, false), 0);
    assert_int_equal(ask(make_thread, false), 0);
    assert_int_equal(ask(make_socket, true), 0);
}

static void other_files_cannot_be_opened(void **state)
{
    (void)state;
    if (ask(no_landlock, false))
        skip();
    assert_int_equal(ask(read_other, false), EACCES);
    assert_int_equal(ask(write_capture, false), EACCES);
}

static void neither_processes_nor_connections_can_be_made(void **state)
{
    (void)state;
    if (ask(no_seccomp, false))
        skip();
    assert_int_equal(ask(make_process, false), EPERM);
    assert_int_equal(ask(run_program, false), EPERM);
    assert_int_equal(ask(make_socket, false), EPERM);
    assert_int_equal(ask(connect_somewhere, true), EPERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_program_does_goes_on_working),
        cmocka_unit_test(other_files_cannot_be_opened),
        cmocka_unit_test(neither_processes_nor_connections_can_be_made),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
