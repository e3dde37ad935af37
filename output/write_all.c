/* Everything, or an error; see write_all.h. */
#include "output/write_all.h"

#include <errno.h>
#include <unistd.h>

int write_all(int fd, struct span bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0)
            bytes = span_after(bytes, (size_t)n);
    }
    return 0;
}
