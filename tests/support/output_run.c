#include "tests/support/output_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void must(bool is_true, const char *what)
{
    if (is_true)
        return;
    (void)fprintf(stderr, "output_run: %s\n", what);
    abort();
}

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "rb");
    must(file != NULL, "no file");
    struct stat stat;
    must(fstat(fileno(file), &stat) == 0, "no size");
    size_t size = (size_t)stat.st_size;
    char *text = malloc(size + 1);
    must(text && fread(text, 1, size, file) == size, "no content");
    text[size] = '\0';
    (void)fclose(file);
    return text;
}

void output_run_init(struct output_run *run, const char *renderer)
{
    *run = (struct output_run){.path = "/tmp/davscope-output-XXXXXX"};
    int fd = mkstemp(run->path);
    must(fd >= 0, "no temporary file");
    (void)close(fd);
    run->target =
        (struct output_target){.renderer = renderer_find(span_str(renderer)), .path = run->path};
    must(run->target.renderer != NULL, "no such renderer");
    run->source = (struct source){.file = "a.pcap"};
    run->config = (struct output_config){
        .version = "1.2.3",
        .targets = &run->target,
        .n_targets = 1,
        .sources = {&run->source, 1},
        .hash_key = {1, 2},
    };
    run->facts.stats.n_connections = run->facts.stats.n_http_connections = 1;
    run->facts.stats.net.n_frames = run->facts.stats.net.n_segments = 1234;
    run->facts.stats.net.n_bytes = 1258291;
    run->facts.stats.n_exchanges = 130;
    run->facts.has_frames = true;
    run->facts.first_ns = INT64_C(1767323045) * 1000000000; /* 2026-01-02 03:04:05 */
    run->facts.last_ns = run->facts.first_ns + INT64_C(12300000000);
}

void output_run_open(struct output_run *run)
{
    struct error error = {0};
    run->output = output_open(&run->config, &error);
    must(run->output != NULL, error.text);
}

const char *output_run_finish(struct output_run *run)
{
    struct error error = {0};
    must(output_finish(run->output, &run->facts, &error), error.text);
    return output_run_text(run);
}

const char *output_run_text(struct output_run *run)
{
    free(run->text);
    run->text = read_all(run->path);
    return run->text;
}

void output_run_free(struct output_run *run)
{
    output_close(run->output);
    free(run->text);
    (void)unlink(run->path);
}
