/* Any bytes as a capture file, all the way: reader, dissector, and every renderer of what it says.
 */
#define _GNU_SOURCE /* memfd_create */
#include "capture/timeline.h"
#include "dissector/dissector.h"
#include "output/collect.h"
#include "output/renderer.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static enum feed render_all(void *ctx, const struct event *event)
{
    struct record record;
    bool is_record = collect_event(ctx, event, &record) == COLLECT_RECORD;
    for (size_t i = 0; is_record && renderer_at(i); i++) {
        struct writer out;
        writer_init_memory(&out, SIZE_MAX);
        if (renderer_at(i)->document)
            renderer_at(i)->document(&(struct render){.writer = &out, .resources = RESOURCES_ALL},
                                     &record);
        (void)writer_close(&out);
    }
    return FEED_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct hash_key key = {1, 2};
    int fd = memfd_create("capture", 0);
    char name[32];
    const char *path = name;
    struct collect collect;
    struct capture_item item;
    enum capture_result result;
    (void)snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    if (write(fd, data, size) != (ssize_t)size)
        abort();
    collect_init(&collect, NULL, RESOURCES_ALL, 0);
    struct timeline *timeline = timeline_open(&path, 1, NULL);
    struct dissector *dissector =
        dissector_open(&limits_default, &key, (struct event_sink){render_all, &collect});
    while ((result = timeline_next(timeline, &item)) != CAPTURE_END)
        if (result == CAPTURE_FRAME)
            dissector_feed(dissector, item.frame.linktype, item.frame.bytes, item.frame.wire_len,
                           &item.frame.origin);
    (void)dissector_finish(dissector);
    dissector_close(dissector);
    timeline_close(timeline);
    collect_free(&collect);
    (void)close(fd);
    return 0;
}
