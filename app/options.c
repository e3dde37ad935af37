/* The table of options, reading it with getopt_long, and printing it. */
#include "app/options.h"

#include "app/lanes.h"
#include "app/number.h"
#include "app/options_check.h"
#include "output/exporter.h"

#include <getopt.h>
#include <limits.h>
#include <stddef.h>

/* A century: nanoseconds of it still fit. */
#define MAX_SECONDS ((uint64_t)100 * 366 * 24 * 60 * 60)

/* The packets of some seconds of a busy server; as many recordings as a person looks through. */
#define RECORD_BYTES ((size_t)64 << 20)
enum { RECORD_FILES = 100 };

/* One option. letter 0: it has a long name only. argument NULL: it takes none. */
struct row {
    char letter;
    const char *name, *argument, *help;
    /* What it does: one of the three. Offsets are those of members of struct options. */
    bool (*set)(struct options *options, const char *value, struct error *error);
    size_t flag; /* a bool that becomes true; 0: none, for there stands no bool */
    size_t text; /* a const char * that becomes the argument; 0: the same */
};

static bool set_output(struct options *options, const char *value, struct error *error)
{
    if (options->n_targets == OUTPUT_MAX_TARGETS)
        return error_set(error, "more than %d outputs", OUTPUT_MAX_TARGETS);
    return output_parse_target(value, &options->targets[options->n_targets++], error);
}

static bool set_private_key(struct options *options, const char *value, struct error *error)
{
    if (options->n_private_keys == OPTIONS_MAX_PRIVATE_KEYS)
        return error_set(error, "more than %d private keys", OPTIONS_MAX_PRIVATE_KEYS);
    options->private_keys[options->n_private_keys++] = value;
    return true;
}

static bool set_resources(struct options *options, const char *value, struct error *error)
{
    return output_parse_resources(value, &options->resources, error);
}

static bool set_fail_on(struct options *options, const char *value, struct error *error)
{
    return filter_parse_verdicts(value, &options->fail_on, error);
}

static bool set_memory_limit(struct options *options, const char *value, struct error *error)
{
    uint64_t bytes;
    if (!number_read(value, &number_sizes, SIZE_MAX, &bytes))
        return error_set(error, "memory limit '%s' is not a size such as 512M or 2G", value);
    options->memory_limit_bytes = (size_t)bytes;
    return true;
}

static bool set_threads(struct options *options, const char *value, struct error *error)
{
    uint64_t n = 0;
    if (!number_read(value, &number_plain, MERGE_MAX_LANES, &n) || n == 0)
        return error_set(error, "'%s' threads: not a number from 1 to %d", value, MERGE_MAX_LANES);
    options->n_lanes = (size_t)n;
    return true;
}

static bool set_interface(struct options *options, const char *value, struct error *error)
{
    if (options->n_interfaces == LIVE_MAX_INTERFACES)
        return error_set(error, "more than %d interfaces", LIVE_MAX_INTERFACES);
    options->interfaces[options->n_interfaces++] = value;
    return true;
}

static bool set_snaplen(struct options *options, const char *value, struct error *error)
{
    uint64_t bytes;
    if (!number_read(value, &number_plain, LIVE_SNAPLEN_BYTES, &bytes))
        return error_set(error, "snap length '%s' is not a number of bytes up to %d", value,
                         LIVE_SNAPLEN_BYTES);
    options->snaplen_bytes = (int)bytes;
    return true;
}

static bool set_buffer_size(struct options *options, const char *value, struct error *error)
{
    uint64_t bytes;
    if (!number_read(value, &number_sizes, INT_MAX, &bytes))
        return error_set(error, "buffer size '%s' is not a size below 2G such as 64M", value);
    options->buffer_bytes = (int)bytes;
    return true;
}

static bool set_count(struct options *options, const char *value, struct error *error)
{
    return number_read(value, &number_plain, UINT64_MAX, &options->max_frames) ||
           error_set(error, "count '%s' is not a number of frames", value);
}

static bool set_duration(struct options *options, const char *value, struct error *error)
{
    return number_read(value, &number_durations, MAX_SECONDS, &options->duration_s) ||
           error_set(error, "duration '%s' is not a time such as 90, 15m or 2h", value);
}

static bool set_interval(struct options *options, const char *value, struct error *error)
{
    return number_read(value, &number_durations, MAX_SECONDS, &options->interval_s) ||
           error_set(error, "interval '%s' is not a time such as 60, 15m or 1h", value);
}

static bool set_metrics(struct options *options, const char *value, struct error *error)
{
    options->metrics_place = value;
    return exporter_parse(value, error);
}

static bool set_record_on(struct options *options, const char *value, struct error *error)
{
    options->record_refinement = "--record-on";
    return recorder_parse(value, &options->record_on, error);
}

static bool set_record_size(struct options *options, const char *value, struct error *error)
{
    uint64_t bytes;
    if (!number_read(value, &number_sizes, SIZE_MAX, &bytes) || bytes < FRAME_RING_MIN_BYTES)
        return error_set(error, "record size '%s' is not a size from 1M on, such as 64M", value);
    options->record_bytes = (size_t)bytes;
    return options->sizes_record = true;
}

static bool set_record_files(struct options *options, const char *value, struct error *error)
{
    options->record_refinement = "--record-files";
    return number_read(value, &number_plain, UINT64_MAX, &options->record_files) ||
           error_set(error, "record files '%s' is not a number of files", value);
}

static bool set_color(struct options *options, const char *value, struct error *error)
{
    static const char *const names[] = {"auto", "always", "never"};
    for (int i = 0; i < 3; i++)
        if (strcmp(value, names[i]) == 0) {
            options->color = (enum color)i;
            return true;
        }
    return error_set(error, "color '%s' is none of auto, always, never", value);
}

static const struct row rows[] = {
    {'o', "output", "FORMAT[=PATH]", "what to print, see below; may be repeated",
     .set = set_output},
    {'f', "filter", "EXPR", "look only at frames that match a BPF expression, as of tcpdump",
     .text = offsetof(struct options, bpf)},
    {'i', "interface", "NAME", "watch this interface until Ctrl-C; may be repeated",
     .set = set_interface},
    {'D', "list-interfaces", NULL, "list the interfaces that can be watched",
     .flag = offsetof(struct options, wants_interfaces)},
    {0, "snaplen", "BYTES", "take so much of each frame (default 262144)", .set = set_snaplen},
    {0, "buffer-size", "SIZE", "the system's buffer for each interface (default 16M)",
     .set = set_buffer_size},
    {0, "no-promiscuous", NULL, "only frames of this machine",
     .flag = offsetof(struct options, no_promiscuous)},
    {0, "user", "NAME", "become this user once the interfaces are open (root: nobody)",
     .text = offsetof(struct options, user)},
    {0, "duration", "TIME", "watch so long: 90 (seconds), 15m, 2h", .set = set_duration},
    {'c', "count", "N", "end after N frames", .set = set_count},
    {0, "interval", "TIME", "a summary every so often while watching", .set = set_interval},
    {'K', "keylog", "FILE", "TLS secrets as SSLKEYLOGFILE has them; those in pcapng need no option",
     .text = offsetof(struct options, keylog)},
    {0, "tls-private-key", "FILE",
     "a server's RSA key (PEM), for RSA key exchange up to TLS 1.2; may be repeated",
     .set = set_private_key},
    {0, "metrics", "[ADDR:]PORT", "serve metrics for Prometheus there while watching",
     .set = set_metrics},
    {0, "record", "DIR",
     "write the packets of a connection there when it shows what --record-on names",
     .text = offsetof(struct options, record_folder)},
    {0, "record-on", "LIST",
     "verdicts and findings (default mixed,all-failed,undecodable; D36 or locked)",
     .set = set_record_on},
    {0, "record-size", "SIZE", "packets kept in memory for --record and -o pcapng (default 64M)",
     .set = set_record_size},
    {0, "record-files", "N", "write at most so many recordings (default 100)",
     .set = set_record_files},
    {0, "resources", "WHICH", "resources in json, csv and lines: all, problems or none",
     .set = set_resources},
    {0, "redact", NULL, "replace names, paths and addresses by hashes that are new with each run",
     .flag = offsetof(struct options, is_redacted)},
    {0, "fail-on", "VERDICT,...",
     "exit with 3 when such a verdict was seen, shown by --only or not", .set = set_fail_on},
    {0, "batch-200", NULL,
     "also read batch results (JSON, multipart) under 200, not only under 207",
     .flag = offsetof(struct options, reads_batches)},
    {'T', "threads", "N",
     "analyse on N threads (default 1; always 1 where packets are written); same output",
     .set = set_threads},
    {0, "memory-limit", "SIZE", "ceiling for buffered traffic (default 1G)",
     .set = set_memory_limit},
    {0, "color", "WHEN", "auto (default), always or never; NO_COLOR is honoured", .set = set_color},
    {0, "explain", "NAME", "what a condition, status, finding or other word of the output means",
     .text = offsetof(struct options, explain)},
    {0, "no-progress", NULL, "no progress line on a terminal",
     .flag = offsetof(struct options, no_progress)},
    {'q', "quiet", NULL, "nothing on standard error but failures",
     .flag = offsetof(struct options, is_quiet)},
    {'v', "verbose", NULL, "say on standard error what was read and how long it took",
     .flag = offsetof(struct options, is_verbose)},
    {'h', "help", NULL, "this text", .flag = offsetof(struct options, wants_help)},
    {0, "version", NULL, "version and what is built in",
     .flag = offsetof(struct options, wants_version)},
};

enum {
    N_ROWS = sizeof rows / sizeof *rows,
    MAX_FILTERS = 16,
    FIRST_VALUE = 256, /* of getopt's val: beyond any letter */
    FILTER_VALUE = FIRST_VALUE + N_ROWS,
};

static size_t n_filters(void)
{
    size_t n = 0;
    while (n < MAX_FILTERS && filter_option_at(n))
        n++;
    return n;
}

/* getopt's view of the tables. letters: ":" and at most two characters an option. */
static void make_getopt(struct option *longs, char *letters)
{
    *letters++ = ':';
    for (int i = 0; i < N_ROWS; i++) {
        bool has_argument = rows[i].argument != NULL;
        *longs++ = (struct option){rows[i].name, has_argument, NULL, FIRST_VALUE + i};
        if (rows[i].letter)
            *letters++ = rows[i].letter;
        if (rows[i].letter && has_argument)
            *letters++ = ':';
    }
    *letters = '\0';
    for (size_t i = 0; i < n_filters(); i++)
        *longs++ = (struct option){filter_option_at(i)->name, required_argument, NULL,
                                   FILTER_VALUE + (int)i};
    *longs = (struct option){NULL, 0, NULL, 0};
}

static bool apply_row(struct options *options, const struct row *row, const char *argument,
                      struct error *error)
{
    if (row->set)
        return row->set(options, argument, error);
    char *members = (char *)options;
    if (row->flag)
        *(bool *)(members + row->flag) = true;
    else
        memcpy(members + row->text, &argument, sizeof argument);
    return true;
}

static bool apply(struct options *options, int value, const char *argument, struct error *error)
{
    if (value >= FILTER_VALUE)
        return filter_option_at((size_t)(value - FILTER_VALUE))
            ->parse(&options->filter, argument, error);
    for (int i = 0; i < N_ROWS; i++)
        if (value == FIRST_VALUE + i || value == rows[i].letter)
            return apply_row(options, &rows[i], argument, error);
    return error_set(error, "unknown option");
}

static bool parse_all(struct options *options, int argc, char **argv, struct error *error)
{
    struct option longs[N_ROWS + MAX_FILTERS + 1];
    char letters[2 * N_ROWS + 2];
    make_getopt(longs, letters);
    opterr = 0;
    int value;
    while ((value = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        if (value == ':')
            return error_set(error, "option '%s' needs an argument", argv[optind - 1]);
        if (value == '?' && optopt > 0 && optopt < FIRST_VALUE)
            return error_set(error, "unknown option '-%c'", optopt);
        if (value == '?')
            return error_set(error, "option '%s' is unknown, ambiguous or takes no argument",
                             argv[optind - 1]);
        if (!apply(options, value, optarg, error))
            return false;
    }
    return true;
}

bool options_parse(struct options *options, int argc, char **argv, struct error *error)
{
    *options = (struct options){
        .resources = RESOURCES_DEFAULT,
        .n_lanes = 1,
        .snaplen_bytes = LIVE_SNAPLEN_BYTES,
        .buffer_bytes = LIVE_BUFFER_BYTES,
        .record_on = recorder_default,
        .record_bytes = RECORD_BYTES,
        .record_files = RECORD_FILES,
    };
    if (!parse_all(options, argc, argv, error))
        return false;
    options->captures = (const char *const *)argv + optind;
    options->n_captures = (size_t)(argc - optind);
    if (options->wants_help || options->wants_version || options->explain ||
        options->wants_interfaces)
        return true;
    return options_check(options, error);
}

static void print_option(FILE *out, char letter, const char *name, const char *argument,
                         const char *help)
{
    char left[64];
    snprintf(left, sizeof left, "%c%c%c --%s%s%s", letter ? '-' : ' ', letter ? letter : ' ',
             letter ? ',' : ' ', name, argument ? " " : "", argument ? argument : "");
    fprintf(out, "  %-30s %s\n", left, help);
}

void options_print_help(FILE *out)
{
    fputs("Usage: davscope [OPTIONS] CAPTURE...\n"
          "       davscope [OPTIONS] -i INTERFACE\n"
          "Say what really happened to each resource of HTTP 207 Multi-Status responses.\n"
          "CAPTURE is a pcap or pcapng file, also compressed (gzip, zstd, lz4, xz); - is standard "
          "input.\n\nOptions:\n",
          out);
    for (int i = 0; i < N_ROWS; i++)
        print_option(out, rows[i].letter, rows[i].name, rows[i].argument, rows[i].help);
    fputs("\nChoose what is shown (statistics say that they are filtered):\n", out);
    for (size_t i = 0; i < n_filters(); i++) {
        const struct filter_option *option = filter_option_at(i);
        print_option(out, 0, option->name, option->argument, option->help);
    }
    fputs("\nFormats of -o (without =PATH: standard output):\n", out);
    for (size_t i = 0; renderer_at(i); i++)
        fprintf(out, "  %-12s %s\n", renderer_at(i)->name, renderer_at(i)->help);
    fputs(
        "\nExit status: 0 done; 1 an input could not be opened or was damaged (what could be read "
        "was\nanalysed), or an output lost something; 2 wrong usage; 3 a --fail-on verdict was "
        "seen.\n"
        "\nExamples:\n"
        "  davscope trace.pcap                                 the summary\n"
        "  davscope -o lines --only mixed,all-failed trace.pcap\n"
        "  davscope -o json trace.pcapng.gz | jq .multistatus.verdict\n"
        "  davscope -i eth0                                    watch, until Ctrl-C\n"
        "  davscope --explain lock-token-submitted             also a status (424) or finding "
        "(D36)\n",
        out);
}
