/* Classic pcap, read by libpcap from our input, which may be compressed or a pipe.
 *
 * libpcap knows every byte order, resolution and variant of the record header. Two things it does
 * not do are done here: the offset of a damage is counted along, and the snap length in the file
 * header is hidden from it (0 = none), for it cuts frames to that length even where the file has
 * more of them, and a few writers put a wrong one. */
#define _GNU_SOURCE /* fopencookie */
#include "capture/format.h"

#include "capture/linktype.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>

enum {
    FILE_BUFFER_BYTES = 256 * 1024,
    FILE_HEADER_BYTES = 24,
    SNAPLEN_BEGIN = 16, /* where the snap length stands in the file header */
    SNAPLEN_END = 20,
};

/* The magic numbers that libpcap takes, in one byte order. */
static const struct {
    uint8_t magic[4];
    uint8_t record_header_bytes;
} variants[] = {
    {{0xa1, 0xb2, 0xc3, 0xd4}, 16}, /* microseconds */
    {{0xa1, 0xb2, 0x3c, 0x4d}, 16}, /* nanoseconds */
    {{0xa1, 0xb2, 0xcd, 0x34}, 24}, /* modified by Alexey Kuznetzov; longer record headers */
};

struct pcap_reader {
    struct input *in;
    uint8_t record_header_bytes;
    uint64_t n_given_bytes; /* to libpcap */
    uint64_t offset;        /* of the next record */
    uint64_t n_frames;
    bool is_over;
    FILE *file; /* NULL once pcap owns it */
    pcap_t *pcap;
    char *file_buffer;
};

/* Bytes of the record header in a file that begins with head; 0 when it is no pcap. */
static uint8_t find_variant(struct span head)
{
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
        const uint8_t *m = variants[i].magic;
        const uint8_t swapped[4] = {m[3], m[2], m[1], m[0]};
        if (span_starts(head, span_of(m, 4)) || span_starts(head, span_of(swapped, 4)))
            return variants[i].record_header_bytes;
    }
    return 0;
}

static bool pcap_matches(struct span head)
{
    return find_variant(head) != 0;
}

static ssize_t give_bytes(void *cookie, char *out, size_t n)
{
    struct pcap_reader *r = cookie;
    size_t got = input_read(r->in, (uint8_t *)out, n);
    for (uint64_t at = r->n_given_bytes; at < r->n_given_bytes + got && at < SNAPLEN_END; at++) {
        if (at >= SNAPLEN_BEGIN)
            out[at - r->n_given_bytes] = 0;
    }
    r->n_given_bytes += got;
    return (ssize_t)got;
}

static void release(struct pcap_reader *r)
{
    if (r->pcap)
        pcap_close(r->pcap);
    else if (r->file)
        (void)fclose(r->file);
    free(r->file_buffer);
    r->pcap = NULL;
    r->file = NULL;
    r->file_buffer = NULL;
}

/* libpcap stopped: because the input did, or because of what it read. */
static enum capture_result over(struct pcap_reader *r, const char *why)
{
    enum input_state state = r->in->state;
    bool is_input = !why || (state != INPUT_READING && state != INPUT_EOF);
    enum capture_result result =
        is_input ? input_end(r->in) : input_damaged(r->in, r->offset, "%s", why);
    r->is_over = true;
    release(r);
    return result;
}

static enum capture_result pcap_reader_begin(struct pcap_reader *r)
{
    char why[PCAP_ERRBUF_SIZE];
    r->pcap = pcap_fopen_offline_with_tstamp_precision(r->file, PCAP_TSTAMP_PRECISION_NANO, why);
    if (!r->pcap)
        return over(r, why);
    r->offset = FILE_HEADER_BYTES;
    return CAPTURE_IDLE;
}

static enum capture_result pcap_reader_next(void *reader, struct capture_item *item)
{
    struct pcap_reader *r = reader;
    if (r->is_over)
        return CAPTURE_END;
    if (!r->pcap)
        return pcap_reader_begin(r);
    struct pcap_pkthdr *h;
    const u_char *bytes;
    int result = pcap_next_ex(r->pcap, &h, &bytes);
    if (result != 1)
        return over(r, result == PCAP_ERROR_BREAK ? NULL : pcap_geterr(r->pcap));
    r->offset += r->record_header_bytes + h->caplen;
    r->n_frames++;
    /* The file has 32 unsigned bits of seconds; libpcap takes them as signed. */
    int64_t time_s = (uint32_t)h->ts.tv_sec;
    item->frame = (struct capture_frame){
        .linktype = linktype_of((uint32_t)pcap_datalink(r->pcap)),
        .wire_len = h->len > h->caplen ? h->len : h->caplen,
        .bytes = span_of(bytes, h->caplen),
        .origin = {.frame = r->n_frames, .time_ns = time_s * SECOND_NS + h->ts.tv_usec},
    };
    return CAPTURE_FRAME;
}

static struct capture_counts pcap_reader_counts(const void *reader)
{
    (void)reader;
    return (struct capture_counts){.is_known = false};
}

static void pcap_reader_close(void *reader)
{
    struct pcap_reader *r = reader;
    release(r);
    free(r);
}

static void *pcap_reader_open(struct input *in)
{
    struct pcap_reader *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->in = in;
    r->record_header_bytes = find_variant(input_peek(in, FORMAT_HEAD_BYTES));
    r->file_buffer = malloc(FILE_BUFFER_BYTES);
    r->file = fopencookie(r, "rb", (cookie_io_functions_t){.read = give_bytes});
    if (!r->file || !r->file_buffer) {
        pcap_reader_close(r);
        return NULL;
    }
    (void)setvbuf(r->file, r->file_buffer, _IOFBF, FILE_BUFFER_BYTES);
    (void)__fsetlocking(r->file, FSETLOCKING_BYCALLER); /* one thread reads it */
    return r;
}

const struct format pcap_format = {
    "pcap", pcap_matches, pcap_reader_open, pcap_reader_next, pcap_reader_counts, pcap_reader_close,
    false,
};
