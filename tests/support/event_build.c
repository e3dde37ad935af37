#include "tests/support/event_build.h"

#include <assert.h>

/* 2026-01-02 03:00:00 UTC. */
#define HOUR_NS (INT64_C(1767322800) * 1000000000)
#define MINUTE_NS (INT64_C(60) * 1000000000)

static struct origin origin_at(unsigned number, unsigned frame, int64_t offset_ns)
{
    uint64_t ordinal = 10 * (uint64_t)number + frame;
    return (struct origin){
        .ordinal = ordinal, .frame = ordinal, .time_ns = HOUR_NS + number * MINUTE_NS + offset_ns};
}

static struct endpoint endpoint_of(uint8_t last, uint16_t port)
{
    return (struct endpoint){.address = {4, {192, 0, 2, last}}, .port = port};
}

static void set_message(struct exchange_message *message)
{
    message->is_seen = message->is_complete = message->has_ended = true;
    message->version_major = message->version_minor = 1;
    message->fields[HTTP_CONTENT_TYPE] = span_str("application/xml; charset=utf-8");
}

void event_build_init(struct event_build *build, struct event_sink sink, unsigned number)
{
    *build = (struct event_build){.sink = sink, .document = number};
    build->connection = (struct event_connection){
        .number = 1, .client = endpoint_of(7, 51234), .server = endpoint_of(1, 80)};
    struct exchange *exchange = &build->exchange;
    set_message(&exchange->request);
    set_message(&exchange->response);
    exchange->number = number;
    exchange->method = span_str("PROPFIND");
    exchange->target = span_str("/d/");
    exchange->status = 207;
    exchange->request.fields[HTTP_HOST] = span_str("dav.example.org");
    exchange->request.first = exchange->request.last = origin_at(number, 1, 1000000);
    exchange->response.first = origin_at(number, 3, 3500000);
    exchange->response.last = origin_at(number, 5, 4000001);
    exchange->request.body_bytes = 120;
    exchange->response.body_bytes = 3000;
    build->request = (struct request){.is_seen = true,
                                      .operation = OPERATION_PROPFIND,
                                      .method = exchange->method,
                                      .target = exchange->target,
                                      .depth = DEPTH_1};
    build->end = (struct document_end){.operation = OPERATION_PROPFIND,
                                       .format = FORMAT_XML,
                                       .root = ROOT_MULTISTATUS,
                                       .by_status = build->by_status,
                                       .decoded_bytes = 5000,
                                       .is_complete = true};
}

void event_build_note(struct event_build *build, enum anomaly_kind kind, uint64_t n_bytes,
                      const char *text)
{
    size_t n = build->exchange.n_anomalies++;
    assert(n < EVENT_BUILD_MAX);
    build->anomalies[n] = anomaly_make(kind, &build->exchange.response.first, n_bytes, text);
    build->exchange.anomalies = build->anomalies;
}

static void send(struct event_build *build, struct event event)
{
    event.origin = build->exchange.response.last;
    event.connection = &build->connection;
    event.exchange = &build->exchange;
    event.request = &build->request;
    event.document = build->document;
    build->feed = build->sink.event(build->sink.ctx, &event);
}

void event_build_begin(struct event_build *build)
{
    send(build, (struct event){.kind = EVENT_DOCUMENT_BEGIN});
}

void event_build_resource(struct event_build *build, const struct resource *resource)
{
    uint32_t n = (uint32_t)resource->n_hrefs;
    build->end.n_resources += n;
    build->end.by_class[resource->class] += n;
    if (resource->status.code > 0)
        build->by_status[resource->status.code] += n;
    for (size_t i = 0; i < resource->n_propstats; i++)
        if (resource->propstats[i].status.code > 0)
            build->by_status[resource->propstats[i].status.code] += n;
    send(build, (struct event){.kind = EVENT_RESOURCE, .resource = resource});
}

void event_build_status(struct event_build *build, const char *href, uint16_t status,
                        enum outcome class)
{
    struct span hrefs[] = {span_str(href)};
    struct resource resource = {
        .hrefs = hrefs,
        .n_hrefs = 1,
        .status = {.code = status, .is_present = status > 0},
        .class = class,
    };
    event_build_resource(build, &resource);
}

void event_build_end(struct event_build *build, enum verdict verdict, const char *reason)
{
    build->end.verdict = verdict;
    build->end.reason = reason;
    send(build, (struct event){.kind = EVENT_DOCUMENT_END, .end = &build->end});
    enum feed feed = build->feed;
    send(build, (struct event){.kind = EVENT_EXCHANGE});
    build->feed = feed != FEED_OK ? feed : build->feed;
}
