/* Any bytes arrive, nothing leaves but an abort; see capture_touch.h. */
#define _GNU_SOURCE /* memfd_create */
#include "tests/support/capture_touch.h"

#include "capture/capture.h"
#include "dissector/base/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void require(bool is_true)
{
    if (!is_true)
        abort();
}

static void touch(struct span bytes)
{
    static const struct hash_key key = {1, 2};
    (void)hash_bytes(&key, bytes);
}

static void touch_frame(const struct capture_frame *frame, uint64_t *last_number)
{
    require(frame->origin.frame > *last_number);
    require(frame->bytes.len <= frame->wire_len);
    require(!frame->interface || frame->interface[0] != '\0');
    touch(frame->bytes);
    *last_number = frame->origin.frame;
}

static void touch_all(struct capture *c)
{
    uint64_t last_number = 0;
    unsigned n_errors = 0;
    struct capture_item item;
    enum capture_result result;
    while ((result = capture_next(c, &item)) != CAPTURE_END) {
        require(result != CAPTURE_NOMEM && result != CAPTURE_IDLE);
        if (result == CAPTURE_FRAME) {
            touch_frame(&item.frame, &last_number);
        } else if (result == CAPTURE_SECRETS) {
            touch(item.secrets.bytes);
        } else {
            char line[80];
            capture_error_text(item.error, line, sizeof line);
            require(line[0] != '\0' && ++n_errors <= CAPTURE_MAX_ERRORS + 1);
        }
    }
    require(capture_next(c, &item) == CAPTURE_END);
}

void capture_touch(struct span content)
{
    int fd = memfd_create("capture", 0);
    require(fd >= 0 && write(fd, content.ptr, content.len) == (ssize_t)content.len);
    char path[32];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct capture *c = capture_open(path, NULL);
    require(c != NULL);
    touch_all(c);
    capture_close(c);
    (void)close(fd);
}
