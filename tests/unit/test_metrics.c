/* Metrics: what is counted, under which labels, and how it is written. */
#include "output/metrics.h"
#include "tests/support/event_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct metrics_build versions = {"1.2", "1.10", "2.9", "1.3"};

static enum feed take(void *ctx, const struct event *event)
{
    metrics_add(ctx, event);
    return FEED_OK;
}

/* What metrics says now. The caller frees it. */
static char *text_of(const struct metrics *metrics, const struct run_facts *facts)
{
    struct writer writer;
    writer_init_memory(&writer, (size_t)1 << 20);
    metrics_write(metrics, facts, &versions, &writer);
    assert_int_equal(writer.error, 0);
    struct span span = writer_span(&writer);
    char *text = malloc(span.len + 1);
    assert_non_null(text);
    memcpy(text, span.ptr, span.len);
    text[span.len] = '\0';
    (void)writer_close(&writer);
    return text;
}

static void expect_lines(const struct metrics *metrics, const char *const *lines)
{
    static const struct run_facts nothing;
    char *text = text_of(metrics, &nothing);
    for (; *lines; lines++)
        if (!strstr(text, *lines))
            fail_msg("\"%s\" is not in:\n%s", *lines, text);
    free(text);
}

static void documents_and_resources_are_counted_by_what_they_came_to(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_open();
    struct event_build build;
    event_build_init(&build, (struct event_sink){take, metrics}, 1);
    event_build_status(&build, "/a", 200, OUTCOME_OK);
    event_build_status(&build, "/b", 423, OUTCOME_FAILED);
    event_build_status(&build, "/c", 423, OUTCOME_FAILED);
    event_build_status(&build, "/d", 555, OUTCOME_FAILED);
    event_build_status(&build, "/e", 0, OUTCOME_UNKNOWN);
    build.end.n_missing = 2;
    event_build_end(&build, VERDICT_MIXED, NULL);
    expect_lines(
        metrics,
        (const char *const[]){
            "\ndavscope_multistatus_total{operation=\"PROPFIND\",verdict=\"mixed\"} 1\n",
            "\ndavscope_resources_total{operation=\"PROPFIND\",class=\"ok\",status=\"200\"} 1\n",
            "\ndavscope_resources_total{operation=\"PROPFIND\",class=\"failed\",status=\"423\"} "
            "2\n",
            "\ndavscope_resources_total{operation=\"PROPFIND\",class=\"failed\",status=\"other\"} "
            "1\n",
            "\ndavscope_resources_total{operation=\"PROPFIND\",class=\"unknown\",status=\"none\"} "
            "1\n",
            "\ndavscope_resources_total{operation=\"PROPFIND\",class=\"missing\",status=\"none\"} "
            "2\n",
            "\ndavscope_build_info{version=\"1.2\",libpcap=\"1.10\",libxml2=\"2.9\",zlib=\"1.3\"} "
            "1\n",
            NULL});
    metrics_close(metrics);
}

static void traffic_makes_no_labels(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_open();
    struct event_build build;
    event_build_init(&build, (struct event_sink){take, metrics}, 1);
    build.request.operation = build.end.operation = OPERATION_OTHER;
    build.request.method = build.exchange.method = span_str("X\"Y");
    event_build_end(&build, VERDICT_EMPTY, NULL);
    event_build_init(&build, (struct event_sink){take, metrics}, 2);
    build.request.is_seen = build.exchange.request.is_seen = false;
    event_build_end(&build, VERDICT_ALL_OK, NULL);
    expect_lines(metrics,
                 (const char *const[]){
                     "davscope_multistatus_total{operation=\"other\",verdict=\"empty\"} 1\n",
                     "davscope_multistatus_total{operation=\"unknown\",verdict=\"all-ok\"} 1\n",
                     NULL});
    metrics_close(metrics);
}

static void response_times_fall_into_buckets(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_open();
    static const int64_t times_ns[] = {4000000, 5000000, 6000000, 61000000000};
    for (unsigned i = 0; i < 4; i++) {
        struct event_build build;
        event_build_init(&build, (struct event_sink){take, metrics}, i);
        build.exchange.response.last.time_ns = build.exchange.request.first.time_ns + times_ns[i];
        event_build_end(&build, VERDICT_ALL_OK, NULL);
    }
    expect_lines(metrics,
                 (const char *const[]){
                     "davscope_response_seconds_bucket{operation=\"PROPFIND\",le=\"0.005\"} 2\n",
                     "davscope_response_seconds_bucket{operation=\"PROPFIND\",le=\"0.01\"} 3\n",
                     "davscope_response_seconds_bucket{operation=\"PROPFIND\",le=\"60\"} 3\n",
                     "davscope_response_seconds_bucket{operation=\"PROPFIND\",le=\"+Inf\"} 4\n",
                     "davscope_response_seconds_sum{operation=\"PROPFIND\"} 61.015000000\n",
                     "davscope_response_seconds_count{operation=\"PROPFIND\"} 4\n", NULL});
    metrics_close(metrics);
}

static void any_time_can_be_a_capture_time(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_open();
    struct event_build build;
    event_build_init(&build, (struct event_sink){take, metrics}, 1);
    build.exchange.request.first.time_ns = INT64_MIN + 1;
    build.exchange.response.last.time_ns = INT64_MAX;
    event_build_end(&build, VERDICT_ALL_OK, NULL);
    expect_lines(metrics, (const char *const[]){
                              "davscope_response_seconds_count{operation=\"PROPFIND\"} 1\n", NULL});
    metrics_close(metrics);
}

static void findings_are_counted_by_rule_and_severity(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_open();
    struct sightings sightings = {0};
    struct sighting *sighting = sightings_get(&sightings, rule_find("D36"), span_str("423"));
    assert_non_null(sighting);
    sighting->severity = SEVERITY_ERROR;
    metrics_add_sightings(metrics, &sightings);
    metrics_add_sightings(metrics, &sightings);
    expect_lines(metrics,
                 (const char *const[]){
                     "davscope_findings_total{rule=\"D36\",severity=\"error\"} 2\n", NULL});
    sightings_free(&sightings);
    metrics_close(metrics);
}

static void what_the_capture_lost_is_told(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_open();
    struct run_facts facts = {
        .losses = {.is_known = true, .n_received = 10, .n_dropped = 2, .n_interface_dropped = 1},
        .stats = {.net.n_frames = 7, .tcp.n_gaps = 4},
        .n_records_lost = 8,
        .n_open_connections = 5,
        .buffered_bytes = 6,
    };
    char *text = text_of(metrics, &facts);
    static const char *const lines[] = {
        "\ndavscope_packets_received_total 10\n",
        "\ndavscope_packets_dropped_total 3\n",
        "\ndavscope_packets_analysed_total 7\n",
        "\ndavscope_findings_total{rule=\"D59\",severity=\"error\"} 2\n",
        "\ndavscope_findings_total{rule=\"D60\",severity=\"error\"} 1\n",
        "\ndavscope_records_lost_total 8\n",
        "\ndavscope_tcp_gaps_total 4\n",
        "\ndavscope_connections 5\n",
        "\ndavscope_buffered_bytes 6\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_non_null(strstr(text, lines[i]));
    free(text);
    metrics_close(metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_and_resources_are_counted_by_what_they_came_to),
        cmocka_unit_test(traffic_makes_no_labels),
        cmocka_unit_test(response_times_fall_into_buckets),
        cmocka_unit_test(any_time_can_be_a_capture_time),
        cmocka_unit_test(findings_are_counted_by_rule_and_severity),
        cmocka_unit_test(what_the_capture_lost_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
