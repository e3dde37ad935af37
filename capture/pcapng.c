/* pcapng (draft-ietf-opsawg-pcapng), read from our input: sections of either byte order, any number
 * of interfaces, Enhanced, Simple and obsolete Packet Blocks, statistics, and decryption secrets.
 *
 * Every block begins and ends with its length. Damage inside a block loses that block; a length
 * that cannot be, or two blocks in a row whose lengths disagree, lose the framing and end the
 * reading. Frames are given out of the input's window without a copy. Blocks of other types and
 * options not needed are passed over unread. */
#include "capture/pcapng_state.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    BLOCK_HEAD_BYTES = 8, /* type, length */
    BLOCK_TAIL_BYTES = 4, /* length again */
    BLOCK_MIN_BYTES = 12, /* both; also the part of a section header that tells its order */
};

/* The input ended with had bytes of a block taken or seen. */
static enum capture_result end_inside(struct pcapng *p, uint64_t had)
{
    p->is_over = true;
    enum capture_result result = input_end(p->in);
    if (result != CAPTURE_END || had == 0 || p->in->state == INPUT_STOPPED)
        return result;
    return input_damaged(p->in, p->block_offset, "cut: only %" PRIu64 " bytes of the last block",
                         had);
}

/* Where a block of this length ends: some writers do not count the padding, but write it. */
static uint32_t padded(uint32_t length)
{
    return length + (-length & 3);
}

/* Both lengths of a block, compared; CAPTURE_IDLE when they agree. */
static enum capture_result check_tail(struct pcapng *p, uint32_t length, struct span tail)
{
    struct reader r = reader_of(tail);
    uint32_t again = pcapng_u32(p, &r);
    p->is_over = p->is_doubtful && again != length;
    p->is_doubtful = again != length;
    if (!p->is_doubtful)
        return CAPTURE_IDLE;
    return input_damaged(p->in, p->block_offset,
                         "a block begins with length %" PRIu32 " and ends with %" PRIu32 "; %s",
                         length, again,
                         p->is_over ? "reading ends after two of them" : "block passed over");
}

static enum capture_result pass_over(struct pcapng *p, uint32_t length)
{
    uint32_t body_end = padded(length) - BLOCK_TAIL_BYTES;
    if (!input_skip(p->in, body_end))
        return end_inside(p, p->in->offset - p->block_offset);
    struct span tail = input_peek(p->in, BLOCK_TAIL_BYTES);
    if (tail.len < BLOCK_TAIL_BYTES)
        return end_inside(p, body_end + tail.len);
    p->n_held_bytes = BLOCK_TAIL_BYTES;
    return check_tail(p, length, tail);
}

static enum capture_result pass_over_long(struct pcapng *p, uint32_t length)
{
    enum capture_result result = pass_over(p, length);
    if (result != CAPTURE_IDLE)
        return result;
    return input_damaged(p->in, p->block_offset,
                         "a block of %" PRIu32 " bytes, more than %zu; block passed over", length,
                         CAPTURE_MAX_BLOCK_BYTES);
}

static enum capture_result read_block(struct pcapng *p, const struct pcapng_block *block,
                                      uint32_t length, struct capture_item *item)
{
    size_t size_bytes = padded(length);
    struct span whole = input_peek(p->in, size_bytes);
    if (whole.len < size_bytes)
        return end_inside(p, whole.len);
    p->n_held_bytes = size_bytes;
    size_t body_end = size_bytes - BLOCK_TAIL_BYTES;
    enum capture_result result = check_tail(p, length, span_after(whole, body_end));
    if (result != CAPTURE_IDLE)
        return result;
    struct reader body = reader_of(span_after(span_first(whole, body_end), BLOCK_HEAD_BYTES));
    return block->read(p, &body, item);
}

/* A section header was met: its byte order counts from its length on, and the interfaces of the
 * section before it are gone whether or not the rest of it can be read. */
static bool enter_section(struct pcapng *p, struct span byte_order)
{
    static const uint8_t little[] = {0x4d, 0x3c, 0x2b, 0x1a};
    static const uint8_t big[] = {0x1a, 0x2b, 0x3c, 0x4d};
    p->is_little = span_equal(byte_order, span_of(little, sizeof little));
    p->is_understood = false;
    p->n_interfaces = 0;
    return p->is_little || span_equal(byte_order, span_of(big, sizeof big));
}

static enum capture_result take_block(struct pcapng *p, uint32_t type, uint32_t length,
                                      struct capture_item *item)
{
    const struct pcapng_block *block = pcapng_block_find(type);
    if (block && block->is_numbered)
        p->n_frames++;
    bool is_wanted = block && block->read && (type == PCAPNG_SECTION || p->is_understood);
    if (!is_wanted)
        return pass_over(p, length);
    if (length > CAPTURE_MAX_BLOCK_BYTES)
        return pass_over_long(p, length);
    return read_block(p, block, length, item);
}

static enum capture_result pcapng_next(void *reader, struct capture_item *item)
{
    struct pcapng *p = reader;
    if (p->is_over)
        return CAPTURE_END;
    (void)input_skip(p->in, p->n_held_bytes);
    p->n_held_bytes = 0;
    p->block_offset = p->in->offset;
    struct span head = input_peek(p->in, BLOCK_MIN_BYTES);
    if (head.len < BLOCK_MIN_BYTES)
        return end_inside(p, head.len);
    struct reader r = reader_of(head);
    uint32_t type = pcapng_u32(p, &r);
    if (type == PCAPNG_SECTION && !enter_section(p, span_after(head, BLOCK_HEAD_BYTES))) {
        p->is_over = true;
        return input_damaged(p->in, p->block_offset,
                             "section header without byte order; reading ends");
    }
    uint32_t length = pcapng_u32(p, &r);
    if (length < BLOCK_MIN_BYTES || length > UINT32_MAX - 3) {
        p->is_over = true;
        return input_damaged(p->in, p->block_offset,
                             "impossible block length %" PRIu32 "; reading ends", length);
    }
    return take_block(p, type, length, item);
}

static struct capture_counts pcapng_counts(const void *reader)
{
    const struct pcapng *p = reader;
    return p->counts;
}

static bool pcapng_matches(struct span head)
{
    static const uint8_t section[] = {0x0a, 0x0d, 0x0d, 0x0a};
    return span_starts(head, span_of(section, sizeof section));
}

static void *pcapng_open(struct input *in)
{
    struct pcapng *p = calloc(1, sizeof *p);
    if (p)
        p->in = in;
    return p;
}

static void pcapng_close(void *reader)
{
    struct pcapng *p = reader;
    names_free(&p->names);
    free(p->interfaces);
    free(p);
}

const struct format pcapng_format = {
    "pcapng", pcapng_matches, pcapng_open, pcapng_next, pcapng_counts, pcapng_close, true,
};
