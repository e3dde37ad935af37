#include "app/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

static struct options options;
static struct error error;

/* arguments end with NULL. */
static bool parse(const char *const *arguments)
{
    static char copies[16][64];
    char *argv[17];
    int argc = 0;
    for (; arguments[argc]; argc++) {
        argv[argc] = copies[argc];
        (void)snprintf(copies[argc], sizeof copies[argc], "%s", arguments[argc]);
    }
    argv[argc] = NULL;
    optind = 0;
    error = (struct error){.text = ""};
    return options_parse(&options, argc, argv, &error);
}

#define PARSE(...) parse((const char *const[]){"davscope", __VA_ARGS__, NULL})

static void files_give_a_summary(void **state)
{
    (void)state;
    assert_true(PARSE("a.pcap", "b.pcap"));
    assert_int_equal(options.n_captures, 2);
    assert_int_equal(options.n_targets, 1);
    assert_ptr_equal(options.targets[0].renderer, &render_summary);
}

static void a_watch_gives_lines_and_leaves_a_report_on_standard_error(void **state)
{
    (void)state;
    assert_true(PARSE("-i", "lo", "-i", "eth0"));
    assert_int_equal(options.n_interfaces, 2);
    assert_int_equal(options.n_targets, 2);
    assert_ptr_equal(options.targets[0].renderer, &render_lines);
    assert_ptr_equal(options.targets[1].renderer, &render_summary);
    assert_true(options.targets[1].is_stderr);
    assert_true(PARSE("-q", "-i", "lo"));
    assert_int_equal(options.n_targets, 1);
    assert_true(PARSE("-i", "lo", "-o", "json"));
    assert_int_equal(options.n_targets, 1);
}

static void live_options_have_defaults_and_bounds(void **state)
{
    (void)state;
    assert_true(PARSE("-i", "lo"));
    assert_int_equal(options.snaplen_bytes, 262144);
    assert_int_equal(options.buffer_bytes, 16 << 20);
    assert_true(PARSE("-i", "lo", "--snaplen", "96", "--buffer-size", "64M", "--no-promiscuous",
                      "--duration", "2h", "-c", "7", "--interval", "1m"));
    assert_int_equal(options.snaplen_bytes, 96);
    assert_int_equal(options.buffer_bytes, 64 << 20);
    assert_true(options.no_promiscuous);
    assert_int_equal(options.duration_s, 7200);
    assert_int_equal(options.max_frames, 7);
    assert_int_equal(options.interval_s, 60);
    assert_false(PARSE("-i", "lo", "--snaplen", "262145"));
    assert_false(PARSE("-i", "lo", "--buffer-size", "2G"));
    assert_false(PARSE("-i", "lo", "--duration", "101y"));
    assert_false(PARSE("-i", "lo", "-c", "0"));
}

static void recordings_have_defaults_and_bounds(void **state)
{
    (void)state;
    assert_true(PARSE("a.pcap"));
    assert_null(options.record_folder);
    assert_int_equal(options.record_bytes, 64 << 20);
    assert_int_equal(options.record_files, 100);
    assert_int_equal(options.record_on.verdicts,
                     1 << VERDICT_MIXED | 1 << VERDICT_ALL_FAILED | 1 << VERDICT_UNDECODABLE);
    assert_true(PARSE("--record", "d", "--record-on", "empty,D36,Sync-loop", "--record-size", "1M",
                      "--record-files", "3", "a.pcap"));
    assert_int_equal(options.record_on.verdicts, 1 << VERDICT_EMPTY);
    assert_true(options.record_on.rules[35]);
    assert_int_equal(options.record_bytes, 1 << 20);
    assert_int_equal(options.record_files, 3);
    assert_false(PARSE("--record-size", "1023K", "a.pcap"));
    assert_false(PARSE("--record", "d", "--record-on", "mixed,nonsense", "a.pcap"));
    assert_string_equal(error.text, "no such verdict or finding: \"nonsense\"");
    assert_false(PARSE("--record-on", "mixed", "a.pcap"));
    assert_string_equal(error.text, "--record-on needs a folder to write to (--record)");
    assert_false(PARSE("-i", "lo", "--record-files", "3"));
    assert_non_null(strstr(error.text, "--record-files"));
    assert_false(PARSE("--record-size", "2M", "a.pcap"));
    assert_string_equal(error.text, "--record-size needs packets to write (--record or -o pcapng)");
    assert_true(PARSE("--record-size", "2M", "-o", "pcapng=f", "a.pcap"));
}

static void one_kind_of_input_is_needed(void **state)
{
    (void)state;
    assert_false(PARSE("-v"));
    assert_string_equal(error.text, "no capture file and no interface (-i) given");
    assert_false(PARSE("-i", "lo", "a.pcap"));
    assert_string_equal(error.text, "capture 'a.pcap' and interface 'lo': one of them only");
    assert_false(PARSE("--interval", "5", "a.pcap"));
    assert_true(PARSE("-D"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_give_a_summary),
        cmocka_unit_test(a_watch_gives_lines_and_leaves_a_report_on_standard_error),
        cmocka_unit_test(live_options_have_defaults_and_bounds),
        cmocka_unit_test(recordings_have_defaults_and_bounds),
        cmocka_unit_test(one_kind_of_input_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
