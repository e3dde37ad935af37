/* A file in, its bytes for the dissector; see private_key_file.h. What is in it is not looked at.
 */
#include "app/private_key_file.h"

#include "app/keylog_file.h"
#include "dissector/base/wipe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool refuse(const struct private_key_file *file, const char *reason, struct error *error)
{
    return error_set(error, "private key '%s': %s", file->path, reason);
}

/* Reads up to the end of fd. False: errno says why not. */
static bool read_whole(struct private_key_file *file, int fd)
{
    for (;;) {
        ssize_t n = read(fd, file->bytes + file->len, PRIVATE_KEY_FILE_MAX_BYTES - file->len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        file->len += (size_t)n;
    }
}

bool private_key_file_read(struct private_key_file *file, const char *path, struct error *error)
{
    keylog_forbid_core();
    *file = (struct private_key_file){.path = path};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return refuse(file, strerror(errno), error);
    file->bytes = malloc(PRIVATE_KEY_FILE_MAX_BYTES);
    errno = ENOMEM;
    bool is_read = file->bytes && read_whole(file, fd);
    const char *reason = is_read ? "larger than any key" : strerror(errno);
    (void)close(fd);
    if (!is_read || file->len == PRIVATE_KEY_FILE_MAX_BYTES)
        return refuse(file, reason, error);
    return true;
}

bool private_key_file_give(struct private_key_file *file, struct engine *engine,
                           struct error *error)
{
    static const char *const reasons[] = {
        [PRIVATE_KEY_NONE] = "no private key in PEM format in it",
        [PRIVATE_KEY_ENCRYPTED] = "it is encrypted; decrypt it first (openssl pkey -in FILE)",
        [PRIVATE_KEY_NOT_RSA] = "not an RSA key; only RSA key exchange can be opened by a key",
        [PRIVATE_KEY_TOO_MANY] = "too many keys",
        [PRIVATE_KEY_NOMEM] = "no memory",
    };
    enum private_key answer = engine_private_key(engine, span_of(file->bytes, file->len));
    bool is_taken = answer == PRIVATE_KEY_TAKEN || refuse(file, reasons[answer], error);
    private_key_file_close(file);
    return is_taken;
}

void private_key_file_close(struct private_key_file *file)
{
    if (file->bytes)
        wipe(file->bytes, file->len);
    free(file->bytes);
    file->bytes = NULL;
}
