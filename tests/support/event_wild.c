#include "tests/support/event_wild.h"

void event_wild_send(struct event_sink sink, unsigned number, struct span text)
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
    struct active_lock lock = {.token = number, .root = half, .owner = text, .timeout = half};
    struct resource resource = {.hrefs = &text,
                                .n_hrefs = 1,
                                .propstats = &p,
                                .n_propstats = 1,
                                .location = half,
                                .class = number % OUTCOME_N,
                                .flags = number * 0x9E3779B1u,
                                .values = {half, text, half, text, half, text},
                                .has_locks = true,
                                .locks = &lock,
                                .n_locks = 1};
    event_build_resource(&b, &resource);
    event_build_end(&b, VERDICT_MIXED, NULL);
}
