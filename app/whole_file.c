/* Bytes and a name arrive, a file is there; see whole_file.h. */
#define _GNU_SOURCE /* renameat2 */
#include "app/whole_file.h"

#include "output/write_all.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, MAX_NAMESAKES = 999 };

/* A file that nobody else has: whoever shares the folder may have our process number too. */
static int open_part(const char *folder, char path[PATH_BYTES], int *fd)
{
    int failure = EEXIST;
    for (int i = 0; failure == EEXIST && i < MAX_NAMESAKES; i++) {
        uint64_t random;
        if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
            return EIO;
        if (snprintf(path, PATH_BYTES, "%s/.davscope-%016" PRIx64 ".part", folder, random) >=
            PATH_BYTES)
            return ENAMETOOLONG;
        *fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        failure = *fd < 0 ? errno : 0;
    }
    return failure;
}

/* Where the file system cannot rename so, a second name is as good: it replaces nothing either. */
static int move(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    if (link(from, to) != 0)
        return errno;
    (void)unlink(from);
    return 0;
}

/* Under a name that nobody has. */
static int publish(const char *part, const char *folder, const char *name)
{
    char path[PATH_BYTES];
    int failure = EEXIST;
    for (int i = 1; failure == EEXIST && i <= MAX_NAMESAKES; i++) {
        char suffix[8] = "";
        if (i > 1)
            snprintf(suffix, sizeof suffix, "-%d", i);
        if (snprintf(path, PATH_BYTES, "%s/%s%s.pcapng", folder, name, suffix) >= PATH_BYTES)
            return ENAMETOOLONG;
        failure = move(part, path);
    }
    return failure;
}

int whole_file_save(const char *folder, const char *name, struct span content)
{
    char part[PATH_BYTES];
    int fd, failure = open_part(folder, part, &fd);
    if (failure != 0)
        return failure;
    failure = write_all(fd, content);
    if (close(fd) != 0 && failure == 0)
        failure = errno;
    if (failure == 0)
        failure = publish(part, folder, name);
    if (failure != 0)
        (void)unlink(part);
    return failure;
}
