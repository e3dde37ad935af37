/* The same frames in other files: each format and compression, and several files. Files are written
 * by our own hand and packed by the tools of the system. */
#include "dissector/base/origin.h"
#include "tests/mutations/mutation.h"
#include "tests/support/capture_build.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum {
    PCAP_MICROSECONDS = 0xA1B2C3D4,
    PCAP_NANOSECONDS = 0xA1B23C4D,
    PACKET_BLOCK = 6,
    SECRETS_BLOCK = 10,
    TLS_KEY_LOG = 0x544C534B,
    OPTION_RESOLUTION = 9,
    MAX_LINKTYPES = 8,
    MAX_FILES = 3,
    SNAPLEN = 262144,
};

static void must(bool is_true, const char *what)
{
    if (is_true)
        return;
    perror(what);
    exit(2);
}

/* Classic files have one link type: the frames of another one are left to the next file. */
static void write_pcap(const struct trace *in, const struct trace_frame *first, uint32_t magic,
                       struct capture_build *b)
{
    int64_t tick_ns = magic == PCAP_MICROSECONDS ? 1000 : 1;
    build_pcap(b, magic, SNAPLEN, first->linktype);
    for (size_t i = 0; i < in->n; i++) {
        const struct trace_frame *frame = &in->frames[i];
        struct build_record record = {
            .time_s = (uint32_t)(frame->time_ns / SECOND_NS),
            .fraction = (uint32_t)(frame->time_ns % SECOND_NS / tick_ns),
            .captured_len = (uint32_t)frame->bytes.len,
            .wire_len = frame->wire_len,
            .bytes = frame->bytes,
        };
        if (frame->linktype == first->linktype)
            build_pcap_record(b, &record);
    }
}

/* The number of a link type's interface; every new one is described. */
static uint32_t interface_of(struct capture_build *b, uint32_t linktype,
                             uint32_t known[MAX_LINKTYPES], size_t *n_known)
{
    for (uint32_t i = 0; i < *n_known; i++)
        if (known[i] == linktype)
            return i;
    struct capture_build options = {.is_big = b->is_big};
    static const uint8_t nanoseconds = 9;
    build_option(&options, OPTION_RESOLUTION, span_of(&nanoseconds, 1));
    build_interface(b, (uint16_t)linktype, SNAPLEN, build_span(&options));
    build_free(&options);
    must(*n_known < MAX_LINKTYPES, "link types");
    known[(*n_known)++] = linktype;
    return (uint32_t)*n_known - 1;
}

static void write_secrets(struct span secrets, struct capture_build *b)
{
    size_t block = build_block(b, SECRETS_BLOCK);
    build_u32(b, TLS_KEY_LOG);
    build_u32(b, (uint32_t)secrets.len);
    build_bytes(b, secrets);
    build_block_end(b, block);
}

static void write_pcapng(const struct trace *in, size_t begin, size_t end, struct capture_build *b)
{
    uint32_t known[MAX_LINKTYPES];
    size_t n_known = 0;
    build_section(b);
    if (in->secrets.len > 0)
        write_secrets(in->secrets, b);
    for (size_t i = begin; i < end; i++) {
        const struct trace_frame *frame = &in->frames[i];
        uint32_t interface = interface_of(b, frame->linktype, known, &n_known);
        size_t block = build_block(b, PACKET_BLOCK);
        build_u32(b, interface);
        build_u32(b, (uint32_t)((uint64_t)frame->time_ns >> 32));
        build_u32(b, (uint32_t)(uint64_t)frame->time_ns);
        build_u32(b, (uint32_t)frame->bytes.len);
        build_u32(b, frame->wire_len);
        build_bytes(b, frame->bytes);
        build_block_end(b, block);
    }
}

/* ---- on disk ---- */

struct files {
    char paths[MAX_FILES + 1][64];
    size_t n;
};

static void save(struct files *files, const struct capture_build *b)
{
    char *path = files->paths[files->n++];
    (void)snprintf(path, sizeof files->paths[0], "/tmp/davscope-mutation-XXXXXX");
    int fd = mkstemp(path);
    FILE *file = fd >= 0 ? fdopen(fd, "wb") : NULL;
    must(file && fwrite(b->ptr, b->len, 1, file) == 1, path);
    must(fclose(file) == 0, path);
}

/* Runs "tool -q -c path" with its output into a file that takes the place of path. */
static void pack(const char *path, const char *tool)
{
    char packed[80], name[16], quiet[] = "-q", to_output[] = "-c", from[64];
    (void)snprintf(packed, sizeof packed, "%s.packed", path);
    (void)snprintf(name, sizeof name, "%s", tool);
    (void)snprintf(from, sizeof from, "%s", path);
    char *arguments[] = {name, quiet, to_output, from, NULL};
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status = -1;
    must(posix_spawn_file_actions_init(&actions) == 0, "posix_spawn");
    must(posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, packed,
                                          O_WRONLY | O_CREAT | O_TRUNC, 0600) == 0,
         packed);
    must(posix_spawnp(&child, tool, &actions, NULL, arguments, environ) == 0, tool);
    must(waitpid(child, &status, 0) == child && status == 0, tool);
    must(rename(packed, path) == 0, path);
    posix_spawn_file_actions_destroy(&actions);
}

static void load(const struct files *files, struct trace *out)
{
    const char *paths[MAX_FILES + 1];
    for (size_t i = 0; i < files->n; i++)
        paths[i] = files->paths[i];
    trace_load(out, paths, files->n);
    for (size_t i = 0; i < files->n; i++)
        (void)unlink(files->paths[i]);
}

static void through_pcap(const struct trace *in, struct trace *out, uint32_t magic, bool is_big)
{
    struct files files = {.n = 0};
    for (size_t i = 0; i < in->n; i++) {
        bool is_new = true;
        for (size_t k = 0; k < i; k++)
            is_new = is_new && in->frames[k].linktype != in->frames[i].linktype;
        if (!is_new)
            continue;
        struct capture_build b = {.is_big = is_big};
        write_pcap(in, &in->frames[i], magic, &b);
        save(&files, &b);
        build_free(&b);
    }
    load(&files, out);
}

static void through_pcapng(const struct trace *in, struct trace *out, bool is_big, const char *tool)
{
    struct files files = {.n = 0};
    struct capture_build b = {.is_big = is_big};
    write_pcapng(in, 0, in->n, &b);
    save(&files, &b);
    build_free(&b);
    if (tool)
        pack(files.paths[0], tool);
    load(&files, out);
}

void mutation_write(const struct trace *trace, const char *path)
{
    struct capture_build b = {.is_big = false};
    write_pcapng(trace, 0, trace->n, &b);
    FILE *file = fopen(path, "wb");
    must(file && fwrite(b.ptr, b.len, 1, file) == 1, path);
    must(fclose(file) == 0, path);
    build_free(&b);
}

/* ---- the rows ---- */

static void pcap_little(const struct trace *in, struct trace *out)
{
    through_pcap(in, out, PCAP_MICROSECONDS, false);
}

static void pcap_big(const struct trace *in, struct trace *out)
{
    through_pcap(in, out, PCAP_MICROSECONDS, true);
}

static void pcap_nano_little(const struct trace *in, struct trace *out)
{
    through_pcap(in, out, PCAP_NANOSECONDS, false);
}

static void pcap_nano_big(const struct trace *in, struct trace *out)
{
    through_pcap(in, out, PCAP_NANOSECONDS, true);
}

static void pcapng_little(const struct trace *in, struct trace *out)
{
    through_pcapng(in, out, false, NULL);
}

static void pcapng_big(const struct trace *in, struct trace *out)
{
    through_pcapng(in, out, true, NULL);
}

static void pcapng_gzip(const struct trace *in, struct trace *out)
{
    through_pcapng(in, out, false, "gzip");
}

static void pcapng_zstd(const struct trace *in, struct trace *out)
{
    through_pcapng(in, out, false, "zstd");
}

static void pcapng_lz4(const struct trace *in, struct trace *out)
{
    through_pcapng(in, out, false, "lz4");
}

static void pcapng_xz(const struct trace *in, struct trace *out)
{
    through_pcapng(in, out, false, "xz");
}

/* As a capture that is rotated. */
static void several_files(const struct trace *in, struct trace *out)
{
    struct files files = {.n = 0};
    for (size_t i = 0; i < MAX_FILES; i++) {
        struct capture_build b = {.is_big = i % 2};
        write_pcapng(in, in->n * i / MAX_FILES, in->n * (i + 1) / MAX_FILES, &b);
        save(&files, &b);
        build_free(&b);
    }
    load(&files, out);
}

#define COARSE "microseconds are coarser than the times of some captures"
#define APART "frames of another link type go to another file, and meet again by their times"

const struct mutation file_mutations[] = {
    {"pcap", pcap_little, NULL, NULL, MASK_TIMES | MASK_ORDER, COARSE},
    {"pcap-big-endian", pcap_big, NULL, NULL, MASK_TIMES | MASK_ORDER, COARSE},
    {"pcap-nanoseconds", pcap_nano_little, NULL, NULL, MASK_ORDER, APART},
    {"pcap-nanoseconds-big-endian", pcap_nano_big, NULL, NULL, MASK_ORDER, APART},
    {.name = "pcapng", .apply = pcapng_little},
    {.name = "pcapng-big-endian", .apply = pcapng_big},
    {.name = "pcapng-gzip", .apply = pcapng_gzip},
    {.name = "pcapng-zstd", .apply = pcapng_zstd},
    {.name = "pcapng-lz4", .apply = pcapng_lz4},
    {.name = "pcapng-xz", .apply = pcapng_xz},
    {.name = "several-files", .apply = several_files},
    {0},
};
