/* Lines for people on standard error; see run_parts.h. */
#include "app/run_parts.h"

#include "dissector/base/text.h"

void run_say(struct run *run, const char *text)
{
    char printable[COMPLAINT_BYTES];
    text_printable(printable, sizeof printable, span_str(text));
    progress_clear(&run->progress);
    fprintf(stderr, "davscope: %s\n", printable);
}

void run_complain(struct run *run, const char *text)
{
    run_say(run, text);
    run->is_damaged = true;
}

void run_complain_of_capture(struct run *run, const struct capture_error *error)
{
    char text[COMPLAINT_BYTES];
    capture_error_text(error, text, sizeof text);
    run_complain(run, text);
}

void run_note_of_capture(struct run *run, const struct capture_error *error)
{
    char text[COMPLAINT_BYTES];
    capture_error_text(error, text, sizeof text);
    if (!run->options->is_quiet)
        run_say(run, text);
}
