/* Any bytes as the texts of an exchange: the rules look at it, and nothing raw comes out of any
 * report. */
#include "output/diagnosis.h"
#include "output/renderer.h"
#include "tests/support/event_build.h"

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

static void send(struct event_sink sink, unsigned number, struct span text)
{
    static const uint16_t statuses[] = {423, 412, 507, 403, 425, 301, 502, 503};
    struct event_build b;
    struct span half = span_first(text, text.len / 2);
    struct name name = {half, text};
    event_build_init(&b, sink, number);
    b.exchange.target = b.exchange.request.fields[HTTP_USER_AGENT] = text;
    for (int i = 0; i < HTTP_FIELD_N; i++)
        b.exchange.request.fields[i] = b.exchange.response.fields[i] = i % 2 ? text : half;
    b.exchange.status = statuses[number % 8];
    b.end.operation = b.request.operation = number % OPERATION_N;
    struct propstat p = {.status.code = statuses[number % 8],
                         .properties = &name,
                         .n_properties = 1,
                         .conditions = {&name, 1, &text, 1},
                         .class = OUTCOME_FAILED};
    struct resource resource = {.hrefs = &text,
                                .n_hrefs = 1,
                                .propstats = &p,
                                .n_propstats = 1,
                                .location = half,
                                .class = number % OUTCOME_N,
                                .flags = number * 0x9E3779B1u,
                                .values = {half, text, half, text, half, text}};
    event_build_resource(&b, &resource);
    event_build_end(&b, VERDICT_MIXED, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct diagnosis diagnosis;
    struct tally tally;
    struct run_facts facts = {.has_frames = false};
    tally_init(&tally, &(struct hash_key){1, 2});
    diagnosis_init(&diagnosis, &(struct hash_key){1, 2});
    for (unsigned i = 0; i < 64; i++)
        send((struct event_sink){take, &diagnosis}, i, span_of(data, size));
    struct report report = {.version = "1", .facts = &facts, .tally = &tally};
    if (findings_sort(&diagnosis.findings, &report.findings))
        render_all(&report);
    free(report.findings.findings);
    diagnosis_free(&diagnosis);
    tally_free(&tally);
    return 0;
}
