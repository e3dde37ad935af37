/* Any bytes as every text of a document, through every renderer: nothing raw comes out. */
#include "output/collect.h"
#include "output/renderer.h"
#include "tests/support/event_build.h"

#include <assert.h>

static enum feed render_all(void *ctx, const struct event *event)
{
    struct record record;
    bool is_record = collect_event(ctx, event, &record) == COLLECT_RECORD;
    for (size_t r = 0; is_record && renderer_at(r); r++) {
        struct writer out;
        writer_init_memory(&out, SIZE_MAX);
        struct render render = {.writer = &out, .resources = RESOURCES_ALL};
        if (renderer_at(r)->document)
            renderer_at(r)->document(&render, &record);
        struct span text = writer_span(&out);
        for (size_t i = 0; i < text.len; i++)
            assert((text.ptr[i] >= 0x20 && text.ptr[i] != 0x7F) || strchr("\r\n", text.ptr[i]));
        (void)writer_close(&out);
    }
    return FEED_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct collect collect;
    struct event_build b;
    struct span text = span_of(data, size), half = span_first(text, size / 2);
    struct name name = {half, text};
    struct propstat p = {.properties = &name, .n_properties = 1, .class = OUTCOME_FAILED};
    collect_init(&collect, NULL, RESOURCES_ALL, 0);
    event_build_init(&b, (struct event_sink){render_all, &collect}, 1);
    b.exchange.target = b.exchange.request.fields[HTTP_USER_AGENT] = text;
    b.exchange.request.fields[HTTP_HOST] = half;
    event_build_resource(&b, &(struct resource){.hrefs = &text,
                                                .n_hrefs = 1,
                                                .propstats = &p,
                                                .n_propstats = 1,
                                                .class = OUTCOME_FAILED});
    event_build_end(&b, VERDICT_ALL_FAILED, NULL);
    collect_free(&collect);
    return 0;
}
