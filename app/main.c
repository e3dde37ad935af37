/* The program: reads the command line and does what it says. */
#include "app/build_info.h"
#include "app/run.h"
#include "app/stop.h"

static void print_version(void)
{
    fputs("davscope " BUILD_VERSION "\n" BUILD_FEATURES, stdout);
}

int main(int argc, char **argv)
{
    struct options options;
    struct error error;
    if (!options_parse(&options, argc, argv, &error)) {
        fprintf(stderr, "davscope: %s\nTry 'davscope --help'.\n", error.text);
        return STATUS_USAGE;
    }
    if (options.wants_help)
        options_print_help(stdout);
    else if (options.wants_version)
        print_version();
    if (options.wants_help || options.wants_version)
        return ferror(stdout) || fflush(stdout) != 0 ? STATUS_DAMAGED : STATUS_DONE;
    stop_install();
    return (int)run_files(&options);
}
