#include "tests/support/scene.h"

#define DAV(local)                                                                                 \
    {                                                                                              \
        {(const uint8_t *)"DAV:", 4},                                                              \
        {                                                                                          \
            (const uint8_t *)(local), sizeof(local) - 1                                            \
        }                                                                                          \
    }
#define BYTES(literal)                                                                             \
    {                                                                                              \
        (const uint8_t *)(literal), sizeof(literal) - 1                                            \
    }

static const char long_href[] =
    "/projects/2026/a-very-long-name-of-a-folder/another-very-long-name-of-a-folder/and-one-more/"
    "with-a-file-of-a-long-name-too.xlsx";

static void send_locked_tree(struct event_sink sink, unsigned number)
{
    static const struct name locked[] = {DAV("lock-token-submitted")};
    struct event_build build;
    event_build_init(&build, sink, number);
    build.exchange.method = span_str("DELETE");
    build.end.operation = OPERATION_DELETE;
    build.exchange.request.fields[HTTP_USER_AGENT] = span_str("cadaver/0.23.3 neon/0.30.2");
    build.exchange.response.fields[HTTP_SERVER] = span_str("Apache/2.4.57 (Debian)");
    event_build_begin(&build);
    struct span hrefs[] = {span_str(long_href), span_str("/d/b%20c.txt")};
    struct resource resource = {.hrefs = hrefs,
                                .n_hrefs = 2,
                                .status = {.code = 423, .is_present = true},
                                .conditions = {.names = locked, .n = 1},
                                .description = span_str("Ann has it open."),
                                .class = OUTCOME_FAILED,
                                .retry = RETRY_LATER};
    event_build_resource(&build, &resource);
    event_build_status(&build, "/d/", 424, OUTCOME_DEPENDENT);
    event_build_end(&build, VERDICT_MIXED, NULL);
}

static void send_listing(struct event_sink sink, unsigned number)
{
    static const struct name present[] = {
        DAV("getetag"), {BYTES("urn:ietf:params:xml:ns:caldav"), BYTES("calendar-data")}};
    static const struct name absent[] = {DAV("quota-used-bytes")};
    static const struct propstat propstats[] = {{.status = {.code = 200, .is_present = true},
                                                 .has_prop = true,
                                                 .properties = present,
                                                 .n_properties = 2,
                                                 .class = OUTCOME_OK},
                                                {.status = {.code = 404, .is_present = true},
                                                 .has_prop = true,
                                                 .properties = absent,
                                                 .n_properties = 1,
                                                 .n_properties_more = 3,
                                                 .description = BYTES("no quota"),
                                                 .class = OUTCOME_ABSENT}};
    struct event_build build;
    event_build_init(&build, sink, number);
    build.end.has_sync_token = true;
    build.end.sync_token = span_str("http://h/sync/7");
    build.end.description = span_str("ünïcode");
    build.end.flags = DOCUMENT_TRUNCATED | DOCUMENT_DUPLICATES;
    build.exchange.response.fields[HTTP_CONTENT_ENCODING] = span_str("gzip, br");
    event_build_begin(&build);
    struct span href = span_str("/d/文書 ü.txt");
    struct resource resource = {.hrefs = &href,
                                .n_hrefs = 1,
                                .propstats = propstats,
                                .n_propstats = 2,
                                .flags = RESOURCE_DUPLICATE | RESOURCE_DEGRADED,
                                .class = OUTCOME_OK};
    event_build_resource(&build, &resource);
    href = span_str("/d/moved");
    resource = (struct resource){.hrefs = &href,
                                 .n_hrefs = 1,
                                 .status = {.code = 301, .is_present = true},
                                 .location = span_str("http://u:"
                                                      "p@other.example/d/moved"),
                                 .class = OUTCOME_REDIRECT};
    event_build_resource(&build, &resource);
    event_build_end(&build, VERDICT_MIXED, NULL);
}

/* Several documents: problems often and once, long and wide names. */
static void send_mixed(struct event_sink sink)
{
    send_locked_tree(sink, 1);
    send_listing(sink, 2);
    send_locked_tree(sink, 3);
}

static void send_good(struct event_sink sink)
{
    struct event_build build;
    event_build_init(&build, sink, 1);
    event_build_status(&build, "/d/", 200, OUTCOME_OK);
    event_build_end(&build, VERDICT_ALL_OK, NULL);
}

/* Everything that a peer chooses is an attack. */
static void send_hostile(struct event_sink sink)
{
#define EVIL "=1+1\x1b]0;x\x07\xC2\x9B\xE2\x80\xAE\xFF\r\n\"'<b>,;\\"
    static const struct name names[] = {{BYTES(EVIL), BYTES(EVIL)}};
    struct event_build build;
    event_build_init(&build, sink, 1);
    struct span evil = span_of(EVIL, sizeof EVIL - 1);
    build.exchange.method = evil;
    build.end.operation = OPERATION_OTHER;
    build.exchange.target = span_str("http://user:"
                                     "pass@h.example/x\x1b?password=hunter2&a=b");
    build.exchange.request.fields[HTTP_HOST] = evil;
    build.exchange.request.fields[HTTP_USER_AGENT] = evil;
    build.exchange.request.fields[HTTP_CONTENT_TYPE] = evil;
    build.exchange.response.fields[HTTP_SERVER] = evil;
    build.exchange.response.fields[HTTP_CONTENT_TYPE] = evil;
    build.exchange.response.fields[HTTP_CONTENT_ENCODING] = evil;
    build.end.has_sync_token = true;
    build.end.sync_token = build.end.description = evil;
    event_build_note(&build, ANOMALY_FIELD_LINE, 0, EVIL);
    struct span hrefs[] = {evil, span_str("http://user:pass@h/?api_key=hunter2"), span_str("")};
    struct propstat propstat = {.status = {.code = 403, .is_present = true, .reason = evil},
                                .has_prop = true,
                                .properties = names,
                                .n_properties = 1,
                                .conditions = {.names = names, .n = 1},
                                .description = evil,
                                .class = OUTCOME_FAILED};
    for (size_t i = 0; i < 3; i++) {
        struct resource resource = {.hrefs = &hrefs[i],
                                    .n_hrefs = 1,
                                    .propstats = &propstat,
                                    .n_propstats = 1,
                                    .location = evil,
                                    .uid = evil,
                                    .class = OUTCOME_FAILED};
        event_build_resource(&build, &resource);
    }
    event_build_end(&build, VERDICT_ALL_FAILED, NULL);
#undef EVIL
}

/* Documents that could not be read, or not wholly. */
static void send_unclear(struct event_sink sink)
{
    struct event_build build;
    event_build_init(&build, sink, 1);
    event_build_begin(&build);
    event_build_note(&build, ANOMALY_XML_MALFORMED, 0, "unescaped '&'");
    build.anomalies[0].has_offset = true;
    build.anomalies[0].offset = 812;
    event_build_status(&build, "/d/a", 200, OUTCOME_OK);
    event_build_end(&build, VERDICT_UNDECODABLE, "xml");
    event_build_init(&build, sink, 2);
    build.end.is_complete = false;
    build.end.missing_bytes = 1460;
    build.end.is_missing_at_most = true;
    event_build_note(&build, ANOMALY_CAPTURE_GAP, 1460, "");
    event_build_end(&build, VERDICT_INCOMPLETE, "capture-gap");
    event_build_init(&build, sink, 3);
    event_build_end(&build, VERDICT_EMPTY, "no-match");
}

/* Of the request nothing is known, and little of the response. */
static void send_unseen(struct event_sink sink)
{
    struct event_build build;
    event_build_init(&build, sink, 1);
    build.exchange.method = build.exchange.target = (struct span){NULL, 0};
    build.exchange.request = (struct exchange_message){0};
    build.exchange.response.first = (struct origin){0};
    build.exchange.response.fields[HTTP_CONTENT_TYPE] = (struct span){NULL, 0};
    build.exchange.status = 0;
    build.request = (struct request){0};
    build.connection.tls_version = "1.3";
    build.connection.client.address = (struct address){6, {0x20, 1, 0xd, 0xb8, [15] = 7}};
    build.connection.server.address = (struct address){6, {0x20, 1, 0xd, 0xb8, [15] = 1}};
    build.connection.server_twin = (struct endpoint){{6, {0xfd, [15] = 2}}, 8080};
    build.end.is_operation_inferred = true;
    build.end.is_complete = false;
    const struct span href = span_str("#1");
    const struct resource nameless = {.hrefs = &href,
                                      .n_hrefs = 1,
                                      .flags = RESOURCE_NO_HREF | RESOURCE_PARTIAL,
                                      .class = OUTCOME_UNKNOWN};
    event_build_resource(&build, &nameless);
    event_build_end(&build, VERDICT_INCOMPLETE, "joined-midway");
}

static void prepare_encrypted(struct output_run *run)
{
    run->facts.stats.n_exchanges = 0;
    run->facts.stats.n_http_connections = 0;
    run->facts.stats.n_connections = 5;
    run->facts.stats.n_translated = 2;
    run->facts.stats.n_tls_connections = 4;
    run->facts.stats.n_other_connections = 1;
    run->facts.stats.n_quic_connections = 2;
}

static const struct source two_captures[] = {{.file = "a.pcap"}, {.file = "b.pcap"}};

static void prepare_captures(struct output_run *run)
{
    run->config.sources = (struct sources){two_captures, 2};
}

/* An answer that begins in one capture and ends in the next, and one in the second alone. */
static void send_across_captures(struct event_sink sink)
{
    struct event_build build;
    for (unsigned i = 1; i <= 2; i++) {
        event_build_init(&build, sink, i);
        build.exchange.request.first.source = build.exchange.request.last.source = i - 1;
        build.exchange.response.first.source = i - 1;
        build.exchange.response.last.source = 1;
        event_build_status(&build, "/d/x", 423, OUTCOME_FAILED);
        event_build_end(&build, VERDICT_UNDECODABLE, "not-well-formed");
    }
}

/* 425 as old servers mean it: no room. */
static void send_full(struct event_sink sink)
{
    struct event_build build;
    event_build_init(&build, sink, 1);
    build.exchange.method = span_str("DELETE");
    build.request.operation = build.end.operation = OPERATION_DELETE;
    event_build_status(&build, "/d/a", 425, OUTCOME_FAILED);
    event_build_status(&build, "/d/b", 409, OUTCOME_FAILED);
    event_build_end(&build, VERDICT_MIXED, NULL);
}

static void send_encrypted(struct event_sink sink)
{
    struct event_connection connection = {.server = {{4, {192, 0, 2, 1}}, 443}};
    const char *const names[] = {"dav.example", "dav.example", "evil\x1b[31m.example", ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        connection.number = i + 1;
        const struct event event = {
            .kind = EVENT_TLS_OPAQUE, .connection = &connection, .server_name = names[i]};
        (void)sink.event(sink.ctx, &event);
    }
    for (size_t i = 0; i < 2; i++) {
        const struct event event = {.kind = EVENT_TLS_OPAQUE,
                                    .connection = &connection,
                                    .server_name = i == 0 ? "h3.example" : "",
                                    .is_quic = true};
        (void)sink.event(sink.ctx, &event);
    }
}

static void prepare_nothing(struct output_run *run)
{
    run->facts = (struct run_facts){0};
}

/* Headers alone were captured. */
static void prepare_headers(struct output_run *run)
{
    prepare_encrypted(run);
    run->facts.stats.n_tls_connections = run->facts.stats.n_quic_connections = 0;
    run->facts.stats.net.n_cut = 7;
    run->facts.stats.tcp.n_gaps = 1;
    run->facts.stats.tcp.missing_bytes = 2920;
}

static void prepare_lossy(struct output_run *run)
{
    run->facts.losses = (struct capture_losses){
        .is_known = true, .n_received = 2000, .n_dropped = 12, .n_interface_dropped = 1};
    run->facts.stats.net.n_cut = 3;
    run->facts.stats.net.n_malformed = 5;
    run->facts.stats.net.n_protected = 6;
    run->facts.stats.net.n_too_deep = 7;
    run->facts.stats.net.datagrams =
        (struct fragment_stats){.n_whole = 8, .n_overlapping = 9, .n_incomplete = 10};
    run->facts.stats.net.n_unknown_link = 12;
    run->facts.stats.net.unread_links[0] = (struct net_unread_link){147, 11};
    run->facts.stats.tcp.n_gaps = 2;
    run->facts.stats.tcp.missing_bytes = 2920;
    run->facts.stats.n_tls_connections = 1;
    run->facts.stats.n_evicted_connections = 1;
    run->facts.stats.n_requests_without_response = 4;
    run->facts.stats.n_missed_answers = 3;
}

static void prepare_dropped(struct output_run *run)
{
    run->facts.stats.n_http_connections = 1;
    run->facts.stats.n_exchanges = 2;
    run->facts.losses =
        (struct capture_losses){.is_known = true, .n_received = 2000, .n_dropped = 12};
}

static const struct filter only_bad = {.verdicts = 1 << VERDICT_MIXED};

static void prepare_filtered(struct output_run *run)
{
    run->config.filter = &only_bad;
}

static void prepare_problems(struct output_run *run)
{
    run->config.resources = RESOURCES_PROBLEMS;
}

static void prepare_none(struct output_run *run)
{
    run->config.resources = RESOURCES_NONE;
}

static const struct scene scenes[] = {
    {"mixed", NULL, send_mixed},
    {"problems", prepare_problems, send_mixed},
    {"none", prepare_none, send_mixed},
    {"good", NULL, send_good},
    {"hostile", NULL, send_hostile},
    {"unclear", NULL, send_unclear},
    {"unseen", NULL, send_unseen},
    {"filtered", prepare_filtered, send_good},
    {"lossy", prepare_lossy, send_good},
    {"encrypted", prepare_encrypted, send_encrypted},
    {"nothing", prepare_nothing, NULL},
    {"headers", prepare_headers, NULL},
    {"dropped", prepare_dropped, NULL},
    {"full", NULL, send_full},
    {"captures", prepare_captures, send_across_captures},
};

const struct scene *scene_at(size_t i)
{
    return i < sizeof scenes / sizeof *scenes ? &scenes[i] : NULL;
}
