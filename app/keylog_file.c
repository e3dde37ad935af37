/* Reads whole lines of a growing file; see keylog_file.h. */
#include "app/keylog_file.h"

#include "dissector/base/wipe.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

void keylog_forbid_core(void)
{
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static bool cannot_read(const struct keylog_file *file, struct error *error)
{
    return error_set(error, "key log '%s': %s", file->path, strerror(errno));
}

bool keylog_file_open(struct keylog_file *file, const char *path, struct error *error)
{
    struct stat status;
    keylog_forbid_core();
    file->path = path;
    file->len = 0;
    file->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (file->fd < 0)
        return cannot_read(file, error);
    if (fstat(file->fd, &status) == 0 && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return cannot_read(file, error);
    }
    return true;
}

static void begin_anew_when_shorter(struct keylog_file *file)
{
    struct stat status;
    off_t at = lseek(file->fd, 0, SEEK_CUR);
    if (at < 0 || fstat(file->fd, &status) != 0 || status.st_size >= at)
        return;
    (void)lseek(file->fd, 0, SEEK_SET);
    file->len = 0;
}

/* What stands before the last line feed; everything when the file is over, or when a line that is
 * no secret of any kind fills the room. */
static size_t whole_lines(const struct keylog_file *file, bool is_all)
{
    size_t n = file->len;
    if (is_all)
        return n;
    while (n > 0 && file->bytes[n - 1] != '\n')
        n--;
    return n == 0 && file->len == sizeof file->bytes ? file->len : n;
}

static enum feed hand_on(struct keylog_file *file, struct engine *engine, bool is_all)
{
    size_t n = whole_lines(file, is_all);
    enum feed result = n > 0 ? engine_secrets(engine, span_of(file->bytes, n)) : FEED_OK;
    memmove(file->bytes, file->bytes + n, file->len - n);
    wipe(file->bytes + (file->len - n), n);
    file->len -= n;
    return result;
}

enum feed keylog_file_read(struct keylog_file *file, struct engine *engine, bool is_last,
                           struct error *error)
{
    begin_anew_when_shorter(file);
    enum feed result = FEED_OK;
    while (result == FEED_OK) {
        ssize_t n = read(file->fd, file->bytes + file->len, sizeof file->bytes - file->len);
        if (n == 0)
            return hand_on(file, engine, is_last);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            (void)cannot_read(file, error);
            return FEED_STOP;
        }
        file->len += (size_t)n;
        result = hand_on(file, engine, false);
    }
    return result;
}

void keylog_file_close(struct keylog_file *file)
{
    if (file->path && file->fd >= 0)
        (void)close(file->fd);
    file->path = NULL;
    wipe(file->bytes, sizeof file->bytes);
}
