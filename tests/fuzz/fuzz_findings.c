/* Any bytes as the texts of an exchange: the rules look at it, and nothing raw comes out of any
 * report. */
#include "output/diagnosis.h"
#include "output/renderer.h"
#include "tests/support/event_wild.h"

#include <assert.h>
#include <stdlib.h>

static enum feed take(void *ctx, const struct event *event)
{
    struct diagnosis *diagnosis = ctx;
    assert(diagnosis_event(diagnosis, event) == FEED_OK);
    if (event->kind == EVENT_DOCUMENT_END || (event->kind == EVENT_EXCHANGE && !event->document))
        (void)diagnosis_settle(diagnosis, true);
    return FEED_OK;
}

static void render_all(const struct report *report)
{
    for (size_t r = 0; renderer_at(r); r++) {
        struct writer out;
        writer_init_memory(&out, SIZE_MAX);
        if (renderer_at(r)->report)
            renderer_at(r)->report(&(struct render){.writer = &out}, report);
        struct span text = writer_span(&out);
        for (size_t i = 0; i < text.len; i++)
            assert((text.ptr[i] >= 0x20 && text.ptr[i] != 0x7F) || strchr("\r\n", text.ptr[i]));
        (void)writer_close(&out);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct diagnosis diagnosis;
    struct tally tally;
    struct run_facts facts = {.has_frames = false};
    tally_init(&tally, &(struct hash_key){1, 2});
    diagnosis_init(&diagnosis, &(struct hash_key){1, 2});
    for (unsigned i = 0; i < 64; i++)
        event_wild_send((struct event_sink){take, &diagnosis}, i, span_of(data, size));
    struct report report = {.version = "1", .facts = &facts, .tally = &tally};
    if (findings_sort(&diagnosis.findings, &report.findings))
        render_all(&report);
    free(report.findings.findings);
    diagnosis_free(&diagnosis);
    tally_free(&tally);
    return 0;
}
