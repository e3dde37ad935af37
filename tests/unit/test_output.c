#include "tests/support/alloc.h"
#include "tests/support/scene.h"

#include <stdio.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void send_document(struct output_run *run, unsigned number, enum verdict verdict)
{
    struct event_build build;
    event_build_init(&build, output_sink(run->output), number);
    event_build_begin(&build);
    event_build_status(&build, "/d/a", 200, OUTCOME_OK);
    event_build_end(&build, verdict, NULL);
    assert_int_equal(build.feed, FEED_OK);
}

static size_t n_lines(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static void every_renderer_has_a_name_and_help_and_is_found_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; renderer_at(i); i++) {
        assert_ptr_equal(renderer_find(span_str(renderer_at(i)->name)), renderer_at(i));
        assert_true(strlen(renderer_at(i)->help) > 0);
        assert_true(renderer_at(i)->resources != RESOURCES_DEFAULT);
        assert_true(renderer_at(i)->document || renderer_at(i)->report ||
                    renderer_at(i)->is_packets);
    }
    assert_null(renderer_find(span_str("html5")));
}

static void targets_are_read_from_their_option(void **state)
{
    (void)state;
    struct output_target target;
    struct error error = {0};
    assert_true(output_parse_target("json", &target, &error));
    assert_ptr_equal(target.renderer, &render_json);
    assert_null(target.path);
    assert_true(output_parse_target("csv=/tmp/a=b.csv", &target, &error));
    assert_ptr_equal(target.renderer, &render_csv);
    assert_string_equal(target.path, "/tmp/a=b.csv");
    assert_true(output_parse_target("json=-", &target, &error));
    assert_null(target.path);
    assert_false(output_parse_target("json=", &target, &error));
    assert_false(output_parse_target("jso", &target, &error));
    assert_string_equal(error.text,
                        "no such output: \"jso\" (there are summary, lines, json, csv, pcapng)");
    enum resources resources = RESOURCES_DEFAULT;
    assert_true(output_parse_resources("problems", &resources, &error));
    assert_int_equal(resources, RESOURCES_PROBLEMS);
    assert_false(output_parse_resources("some", &resources, &error));
}

static void two_formats_cannot_share_a_place(void **state)
{
    (void)state;
    struct error error = {0};
    struct output_target targets[] = {{.renderer = &render_json}, {.renderer = &render_csv}};
    struct output_config config = {.targets = targets, .n_targets = 2};
    assert_null(output_open(&config, &error));
    assert_string_equal(error.text, "json and csv cannot share standard output: give one a =PATH");
    targets[0].path = targets[1].path = "/tmp/davscope-same";
    assert_null(output_open(&config, &error));
    assert_string_equal(error.text, "json and csv cannot share /tmp/davscope-same");
    config.n_targets = OUTPUT_MAX_TARGETS + 1;
    assert_null(output_open(&config, &error));
}

static void a_file_that_cannot_be_created_is_named(void **state)
{
    (void)state;
    struct error error = {0};
    struct output_target target = {.renderer = &render_json, .path = "/nowhere/a.json"};
    struct output_config config = {.targets = &target, .n_targets = 1};
    assert_null(output_open(&config, &error));
    assert_string_equal(error.text, "/nowhere/a.json: No such file or directory");
}

static void every_target_gets_every_document(void **state)
{
    (void)state;
    struct output_run json, csv;
    output_run_init(&json, "json");
    output_run_init(&csv, "csv");
    struct output_target targets[] = {json.target, csv.target};
    json.config.targets = targets;
    json.config.n_targets = 2;
    output_run_open(&json);
    send_document(&json, 1, VERDICT_ALL_OK);
    send_document(&json, 2, VERDICT_ALL_OK);
    assert_int_equal(output_n_documents(json.output), 2);
    assert_int_equal(n_lines(output_run_finish(&json)), 3);
    FILE *file = fopen(csv.path, "r");
    size_t n = 0;
    for (int c; (c = fgetc(file)) != EOF;)
        n += c == '\n';
    assert_int_equal(n, 3);
    (void)fclose(file);
    output_run_free(&json);
    output_run_free(&csv);
}

static void documents_left_out_are_neither_shown_nor_counted(void **state)
{
    (void)state;
    struct output_run run;
    struct filter filter = {.verdicts = 1 << VERDICT_MIXED};
    output_run_init(&run, "json");
    run.config.filter = &filter;
    run.config.fail_on = 1 << VERDICT_ALL_OK;
    output_run_open(&run);
    assert_false(output_has_failed(run.output));
    send_document(&run, 1, VERDICT_ALL_OK);
    send_document(&run, 2, VERDICT_MIXED);
    assert_int_equal(output_n_documents(run.output), 1);
    assert_true(output_has_failed(run.output)); /* fail_on names verdicts of its own */
    const char *text = output_run_finish(&run);
    assert_int_equal(n_lines(text), 2);
    assert_non_null(strstr(text, "\"filtered\":true,\"documents_left_out\":1,\"documents\":1"));
    output_run_free(&run);
}

static void a_verdict_of_a_document_that_is_no_matter_is_not_remembered(void **state)
{
    (void)state;
    struct output_run run;
    struct filter filter = {.methods = {"DELETE"}, .n_methods = 1};
    output_run_init(&run, "json");
    run.config.filter = &filter;
    run.config.fail_on = 1 << VERDICT_ALL_OK;
    output_run_open(&run);
    send_document(&run, 1, VERDICT_ALL_OK);
    assert_int_equal(output_n_documents(run.output), 0);
    assert_false(output_has_failed(run.output));
    output_run_free(&run);
}

static void a_verdict_that_was_asked_about_is_remembered(void **state)
{
    (void)state;
    struct output_run run;
    output_run_init(&run, "lines");
    run.config.fail_on = 1 << VERDICT_MIXED | 1 << VERDICT_ALL_FAILED;
    output_run_open(&run);
    send_document(&run, 1, VERDICT_ALL_OK);
    assert_false(output_has_failed(run.output));
    send_document(&run, 2, VERDICT_ALL_FAILED);
    send_document(&run, 3, VERDICT_ALL_OK);
    assert_true(output_has_failed(run.output));
    output_run_free(&run);
}

static void lines_are_there_as_soon_as_the_document_ended(void **state)
{
    (void)state;
    struct output_run run;
    output_run_init(&run, "lines");
    output_run_open(&run);
    send_document(&run, 1, VERDICT_ALL_OK);
    assert_int_not_equal(access(run.path, F_OK), -1);
    FILE *file = fopen(run.path, "r");
    char line[256];
    assert_non_null(fgets(line, sizeof line, file));
    assert_non_null(strstr(line, "all-ok"));
    (void)fclose(file);
    output_run_free(&run);
}

static void a_full_disk_is_an_error_at_the_end_and_stops_the_events(void **state)
{
    (void)state;
    if (access("/dev/full", W_OK) != 0)
        skip();
    struct output_run run;
    struct event_build build;
    struct error error = {0};
    output_run_init(&run, "lines");
    run.target.path = "/dev/full";
    output_run_open(&run);
    event_build_init(&build, output_sink(run.output), 1);
    event_build_end(&build, VERDICT_ALL_OK, NULL);
    assert_int_equal(build.feed, FEED_STOP);
    assert_false(output_finish(run.output, &run.facts, &error));
    assert_string_equal(error.text, "/dev/full: No space left on device");
    output_run_free(&run);
}

/* Each allocation of a whole run fails once: the run ends with an error or a full result, and
 * nothing leaks. */
static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    for (size_t r = 0; renderer_at(r); r++) {
        struct output_run whole;
        const char *name = renderer_at(r)->name;
        output_run_init(&whole, name);
        output_run_open(&whole);
        scene_at(0)->send(output_sink(whole.output));
        size_t whole_len = strlen(output_run_finish(&whole));
        bool has_failed = true;
        for (uint64_t nth = 2; has_failed; nth++) { /* the first is the output itself */
            struct output_run run;
            struct error error = {0};
            output_run_init(&run, name);
            alloc_fail_at(nth);
            run.output = output_open(&run.config, &error);
            if (run.output)
                scene_at(0)->send(output_sink(run.output));
            bool is_written = run.output && output_finish(run.output, &run.facts, &error);
            has_failed = alloc_has_failed();
            alloc_fail_at(0);
            assert_int_equal(is_written, error.text[0] == '\0');
            if (!has_failed)
                assert_int_equal(strlen(output_run_text(&run)), whole_len);
            output_run_free(&run);
        }
        output_run_free(&whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_renderer_has_a_name_and_help_and_is_found_by_its_name),
        cmocka_unit_test(targets_are_read_from_their_option),
        cmocka_unit_test(two_formats_cannot_share_a_place),
        cmocka_unit_test(a_file_that_cannot_be_created_is_named),
        cmocka_unit_test(every_target_gets_every_document),
        cmocka_unit_test(documents_left_out_are_neither_shown_nor_counted),
        cmocka_unit_test(a_verdict_of_a_document_that_is_no_matter_is_not_remembered),
        cmocka_unit_test(a_verdict_that_was_asked_about_is_remembered),
        cmocka_unit_test(lines_are_there_as_soon_as_the_document_ended),
        cmocka_unit_test(every_failing_allocation_is_survived),
        cmocka_unit_test(a_full_disk_is_an_error_at_the_end_and_stops_the_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
