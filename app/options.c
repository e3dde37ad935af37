/* The table of options, reading it with getopt_long, and printing it. */
#include "app/options.h"

#include <getopt.h>
#include <stdlib.h>

/* One option. letter 0: it has a long name only. argument NULL: it takes none. */
struct row {
    char letter;
    const char *name, *argument, *help;
    bool (*set)(struct options *options, const char *value, struct error *error);
};

static bool set_output(struct options *options, const char *value, struct error *error)
{
    if (options->n_targets == OUTPUT_MAX_TARGETS)
        return error_set(error, "more than %d outputs", OUTPUT_MAX_TARGETS);
    return output_parse_target(value, &options->targets[options->n_targets++], error);
}

static bool set_bpf(struct options *options, const char *value, struct error *error)
{
    (void)error;
    options->bpf = value;
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
    static const char units[] = "KMGT";
    char *end;
    unsigned long long number = strtoull(value, &end, 10);
    const char *unit = *end ? strchr(units, *end & ~0x20) : NULL;
    unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
    const char *rest = unit ? end + 1 : end;
    if (value[0] < '0' || value[0] > '9' || *rest || number == 0 || number > SIZE_MAX >> shift)
        return error_set(error, "memory limit '%s' is not a size such as 512M or 2G", value);
    options->memory_limit_bytes = (size_t)number << shift;
    return true;
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

static bool set_no_progress(struct options *options, const char *value, struct error *error)
{
    (void)value, (void)error;
    return options->no_progress = true;
}

static bool set_quiet(struct options *options, const char *value, struct error *error)
{
    (void)value, (void)error;
    return options->is_quiet = true;
}

static bool set_verbose(struct options *options, const char *value, struct error *error)
{
    (void)value, (void)error;
    return options->is_verbose = true;
}

static bool set_explain(struct options *options, const char *value, struct error *error)
{
    (void)error;
    options->explain = value;
    return true;
}

static bool set_help(struct options *options, const char *value, struct error *error)
{
    (void)value, (void)error;
    return options->wants_help = true;
}

static bool set_version(struct options *options, const char *value, struct error *error)
{
    (void)value, (void)error;
    return options->wants_version = true;
}

static const struct row rows[] = {
    {'o', "output", "FORMAT[=PATH]", "what to print, see below; may be repeated", set_output},
    {'f', "filter", "EXPR", "look only at frames that match a BPF expression, as of tcpdump",
     set_bpf},
    {0, "resources", "WHICH", "resources in json, csv and lines: all, problems or none",
     set_resources},
    {0, "fail-on", "VERDICT,...",
     "exit with 3 when such a verdict was seen, shown by --only or not", set_fail_on},
    {0, "memory-limit", "SIZE", "ceiling for buffered traffic (default 1G)", set_memory_limit},
    {0, "color", "WHEN", "auto (default), always or never; NO_COLOR is honoured", set_color},
    {0, "explain", "NAME", "what a condition, a status or a finding means, and what to do",
     set_explain},
    {0, "no-progress", NULL, "no progress line on a terminal", set_no_progress},
    {'q', "quiet", NULL, "nothing on standard error but failures", set_quiet},
    {'v', "verbose", NULL, "say on standard error what was read and how long it took", set_verbose},
    {'h', "help", NULL, "this text", set_help},
    {0, "version", NULL, "version and what is built in", set_version},
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

static bool apply(struct options *options, int value, const char *argument, struct error *error)
{
    if (value >= FILTER_VALUE)
        return filter_option_at((size_t)(value - FILTER_VALUE))
            ->parse(&options->filter, argument, error);
    for (int i = 0; i < N_ROWS; i++)
        if (value == FIRST_VALUE + i || value == rows[i].letter)
            return rows[i].set(options, argument, error);
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
    *options = (struct options){.resources = RESOURCES_DEFAULT};
    if (!parse_all(options, argc, argv, error))
        return false;
    options->captures = (const char *const *)argv + optind;
    options->n_captures = (size_t)(argc - optind);
    if (options->wants_help || options->wants_version || options->explain)
        return true;
    if (options->n_captures == 0)
        return error_set(error, "no capture file given");
    if (options->n_targets == 0)
        return set_output(options, "summary", error);
    return output_check_targets(options->targets, options->n_targets, error);
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
        "was\nanalysed); 2 wrong usage; 3 a --fail-on verdict was seen.\n"
        "\nExamples:\n"
        "  davscope trace.pcap                                 the summary\n"
        "  davscope -o lines --only mixed,all-failed trace.pcap\n"
        "  davscope -o json trace.pcapng.gz | jq .multistatus.verdict\n"
        "  davscope --explain lock-token-submitted             also a status (424) or finding "
        "(D36)\n",
        out);
}
