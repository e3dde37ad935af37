/* nomem_test CAPTURE...
 *
 * Reads each capture with one allocation failing: the first, or the second, and so on, spread over
 * all there are where they are many; those inside libxml2 and of the decoders count too. The
 * dissector may say less, and it may give up, but it judges no document that it has not wholly
 * seen. Leaks are the sanitizer's to find. */
#include "dissector/dissector.h"
#include "tests/mutations/trace.h"
#include "tests/support/alloc.h"

#include <libxml/xmlmemory.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    MAX_DOCUMENTS = 4096,
    BUDGET_BYTES = 1 << 20, /* played of one capture, all runs together */
    MIN_RUNS = 8,
};

struct judged {
    enum verdict verdict;
    uint64_t n_resources, decoded_bytes;
};

struct run {
    struct judged documents[MAX_DOCUMENTS];
    size_t n_documents;
    uint64_t n_allocations;
};

static void *xml_malloc(size_t n)
{
    return malloc(n);
}

static void *xml_realloc(void *ptr, size_t n)
{
    return realloc(ptr, n);
}

static char *xml_strdup(const char *text)
{
    size_t len = strlen(text) + 1;
    char *copy = malloc(len);
    return copy ? memcpy(copy, text, len) : NULL;
}

static void xml_free(void *ptr)
{
    free(ptr);
}

static enum feed on_event(void *ctx, const struct event *event)
{
    struct run *run = ctx;
    if (event->kind == EVENT_DOCUMENT_END && run->n_documents < MAX_DOCUMENTS)
        run->documents[run->n_documents++] = (struct judged){
            event->end->verdict, event->end->n_resources, event->end->decoded_bytes};
    return FEED_OK;
}

/* The dissector's whole life while the nth allocation fails; 0: none. */
static void dissect(const struct trace *trace, uint64_t n, struct run *run)
{
    const struct hash_key key = {1, 2};
    run->n_documents = 0;
    alloc_fail_at(n);
    struct dissector *dissector =
        dissector_open(&limits_default, &key, (struct event_sink){on_event, run});
    enum feed answer = dissector ? FEED_OK : FEED_NOMEM;
    if (dissector)
        answer = dissector_secrets(dissector, trace->secrets);
    for (size_t i = 0; i < trace->n && answer == FEED_OK; i++) {
        const struct trace_frame *frame = &trace->frames[i];
        struct origin origin = {
            .ordinal = i + 1, .frame = (uint32_t)i + 1, .time_ns = frame->time_ns};
        answer = dissector_feed(dissector, frame->linktype, frame->bytes, frame->wire_len, &origin);
    }
    if (dissector)
        (void)dissector_finish(dissector);
    dissector_close(dissector);
    run->n_allocations = alloc_counted();
    alloc_count(false);
}

static bool is_of(const struct run *whole, const struct judged *claim)
{
    for (size_t i = 0; i < whole->n_documents; i++) {
        const struct judged *document = &whole->documents[i];
        if (document->n_resources == claim->n_resources &&
            document->decoded_bytes == claim->decoded_bytes)
            return true;
    }
    return false;
}

static unsigned count_lies(const struct run *whole, const struct run *got)
{
    unsigned n = 0;
    for (size_t i = 0; i < got->n_documents; i++) {
        enum verdict verdict = got->documents[i].verdict;
        bool is_claim = verdict != VERDICT_INCOMPLETE && verdict != VERDICT_UNDECODABLE;
        n += is_claim && !is_of(whole, &got->documents[i]);
    }
    return n;
}

static unsigned check(const char *path)
{
    static struct run whole, got;
    struct trace trace = {.n = 0};
    uint64_t n_bytes = 1;
    unsigned n_lies = 0;
    trace_load(&trace, &path, 1);
    for (size_t i = 0; i < trace.n; i++)
        n_bytes += trace.frames[i].bytes.len;
    dissect(&trace, 0, &whole);
    uint64_t n_runs = BUDGET_BYTES / n_bytes + MIN_RUNS;
    uint64_t stride = (whole.n_allocations + n_runs - 1) / n_runs;
    for (uint64_t n = 1; n <= whole.n_allocations; n += stride > 0 ? stride : 1) {
        dissect(&trace, n, &got);
        unsigned n_new = count_lies(&whole, &got);
        if (n_new > 0)
            printf("%s: without allocation %llu of %llu a document is judged that was not seen\n",
                   path, (unsigned long long)n, (unsigned long long)whole.n_allocations);
        n_lies += n_new;
    }
    trace_free(&trace);
    return n_lies;
}

int main(int argc, char **argv)
{
    unsigned n_lies = 0;
    if (xmlMemSetup(xml_free, xml_malloc, xml_realloc, xml_strdup) != 0)
        return 2;
    for (int i = 1; i < argc; i++)
        n_lies += check(argv[i]);
    printf("%d captures, %u lies\n", argc - 1, n_lies);
    return n_lies > 0;
}
