/*
 * In: conversations. Plays each with the first allocation failing, then the second, and so on until
 * a play needs no more: the dissector may say less, and it may give up, but it may judge no
 * document that it has not wholly seen. Leaks are the sanitizer's to find.
 */
#include "tests/support/conv_dissect.h"

#include <stdio.h>
#include <stdlib.h>

/* How many bytes an end speaks of; the operation may be guessed now, because the request is lost.
 */
static const char *decoded_of(const struct event_line *line)
{
    const char *decoded = strstr(line->text, " decoded=");
    return decoded ? decoded : "";
}

/* Whether the document that a line claims to have judged is one of the whole play. */
static bool is_of(const struct event_dump *whole, const struct event_line *claim)
{
    for (size_t i = 0; i < whole->n_lines; i++)
        if (whole->lines[i].kind == EVENT_DOCUMENT_END && whole->lines[i].is_whole &&
            strcmp(decoded_of(&whole->lines[i]), decoded_of(claim)) == 0)
            return true;
    return false;
}

static void expect_honest(const struct event_dump *whole, const struct event_dump *got, uint64_t n)
{
    for (size_t i = 0; i < got->n_lines; i++) {
        const struct event_line *line = &got->lines[i];
        /* What nobody can tell without its request is no judgement. */
        bool is_claim = line->kind == EVENT_DOCUMENT_END && line->is_whole &&
                        !strstr(line->text, " undecodable ");
        if (!is_claim || is_of(whole, line))
            continue;
        fprintf(stderr, "allocation %llu fails, and yet: %s\n", (unsigned long long)n, line->text);
        exit(1);
    }
}

static uint64_t test(const char *path)
{
    struct conv conv;
    conv_load(&conv, path);
    struct conv_plan plan = conv_plan_whole;
    plan.max_segment_bytes = 100;
    plan.is_swapped = true;
    struct conv_result whole = conv_dissect(&conv, &plan, 0);
    uint64_t n = 0;
    for (bool has_failed = true; has_failed;) {
        struct conv_result got = conv_dissect(&conv, &plan, ++n);
        has_failed = got.has_failed;
        expect_honest(&whole.dump, &got.dump, n);
        event_dump_free(&got.dump);
    }
    event_dump_free(&whole.dump);
    conv_free(&conv);
    return n - 1;
}

int main(int argc, char **argv)
{
    uint64_t n_failed = 0;
    for (int i = 1; i < argc; i++)
        n_failed += test(argv[i]);
    printf("%llu allocations failed\n", (unsigned long long)n_failed);
    return n_failed > 0 ? 0 : 1;
}
