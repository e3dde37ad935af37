/* The program: reads the command line and does what it says. */
#include "app/build_info.h"
#include "app/interfaces.h"
#include "app/run.h"
#include "app/signals.h"
#include "dissector/base/text.h"
#include "output/explain.h"

#include <unistd.h>

static void print_version(void)
{
    fputs("davscope " BUILD_VERSION "\n" BUILD_FEATURES, stdout);
}

static enum status explain_name(const char *name)
{
    struct writer writer;
    struct error error;
    writer_init(&writer, STDOUT_FILENO, false);
    bool is_known = explain(&writer, name, &error);
    if (!is_known)
        fprintf(stderr, "davscope: %s\n", error.text);
    bool is_written = writer_close(&writer) == 0 || writer_is_closed(&writer);
    if (!is_known)
        return STATUS_USAGE;
    return is_written ? STATUS_DONE : STATUS_DAMAGED;
}

int main(int argc, char **argv)
{
    struct options options;
    struct error error;
    if (!options_parse(&options, argc, argv, &error)) {
        char printable[ERROR_TEXT_BYTES];
        text_printable(printable, sizeof printable, span_str(error.text));
        fprintf(stderr, "davscope: %s\nTry 'davscope --help'.\n", printable);
        return STATUS_USAGE;
    }
    if (options.wants_help)
        options_print_help(stdout);
    else if (options.wants_version)
        print_version();
    if (options.wants_help || options.wants_version)
        return ferror(stdout) || fflush(stdout) != 0 ? STATUS_DAMAGED : STATUS_DONE;
    signals_install();
    if (options.explain)
        return (int)explain_name(options.explain);
    if (options.wants_interfaces)
        return (int)interfaces_print();
    if (options.n_interfaces > 0)
        signals_install_live();
    return (int)run_analysis(&options);
}
