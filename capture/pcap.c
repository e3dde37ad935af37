/* Classic pcap (draft-ietf-opsawg-pcap), read from our input: both byte orders, micro- and
 * nanoseconds, the longer record headers of one writer, and the versions before 2.4 in which the
 * two lengths could stand in the other order.
 *
 * Nothing in a record but its length tells where the next one begins, so a length that cannot be
 * ends the reading. What the file header says of the snap length is not believed: a few writers put
 * a wrong one. Frames are given out of the input's window without a copy. Bytes of private headers
 * that some systems write in their own order are left as they are. */
#include "capture/format.h"

#include "capture/linktype.h"
#include "dissector/base/reader.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    FILE_HEADER_BYTES = 24,
    RECORD_HEADER_BYTES = 16,
    FRAME_BYTES_MAX = 262144,   /* no writer takes more of one */
    LINKTYPE_MASK = 0x03FFFFFF, /* above it: how many bytes of a checksum end each frame */
    VERSION_NAVTEL = 543,       /* its writers number themselves; as old as 2.2 */
    MINOR_SWAPPED_BEFORE = 3,   /* of version 2: up to this the wire's length comes first, */
    MINOR_MAYBE_SWAPPED = 3,    /* in this it may, */
    MINOR_LAST = 4,
};

/* A magic number, in big-endian order. */
struct variant {
    uint8_t magic[4];
    uint8_t record_header_bytes;
    uint16_t tick_ns;
};

static const struct variant variants[] = {
    {{0xa1, 0xb2, 0xc3, 0xd4}, RECORD_HEADER_BYTES, 1000},
    {{0xa1, 0xb2, 0x3c, 0x4d}, RECORD_HEADER_BYTES, 1},
    {{0xa1, 0xb2, 0xcd, 0x34}, RECORD_HEADER_BYTES + 8, 1000}, /* of Alexey Kuznetzov */
};

/* Which of the two lengths of a record is that on the wire. */
enum length_order { CAPTURED_FIRST, SMALLER_IS_CAPTURED, WIRE_FIRST };

struct pcap_reader {
    struct input *in;
    const struct variant *variant;
    bool is_little, is_begun, is_over;
    enum length_order length_order;
    uint32_t linktype;
    uint64_t n_frames;
    size_t n_held_bytes; /* of the record at hand, still in the window: a frame points there */
};

struct record {
    uint32_t seconds, ticks, captured_len, wire_len;
};

/* NULL: none, or no pcap. */
static const struct variant *find_variant(struct span head, bool *is_little)
{
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
        const uint8_t *m = variants[i].magic;
        const uint8_t swapped[4] = {m[3], m[2], m[1], m[0]};
        *is_little = span_starts(head, span_of(swapped, 4));
        if (*is_little || span_starts(head, span_of(m, 4)))
            return &variants[i];
    }
    return NULL;
}

static bool pcap_matches(struct span head)
{
    bool is_little;
    return find_variant(head, &is_little) != NULL;
}

static inline uint16_t read_u16(const struct pcap_reader *p, struct reader *r)
{
    return p->is_little ? reader_le16(r) : reader_u16(r);
}

static inline uint32_t read_u32(const struct pcap_reader *p, struct reader *r)
{
    return p->is_little ? reader_le32(r) : reader_u32(r);
}

/* Fewer bytes came than were needed. */
static enum capture_result end_inside(struct pcap_reader *p, const char *what, size_t wanted,
                                      size_t got)
{
    p->is_over = true;
    enum capture_result result = input_end(p->in);
    bool is_at_record = input_peek(p->in, 1).len == 0;
    if (result != CAPTURE_END || is_at_record || p->in->state != INPUT_EOF)
        return result;
    return input_damaged(p->in, p->in->offset,
                         "truncated dump file; tried to read %zu %s bytes, only got %zu", wanted,
                         what, got);
}

static bool is_known_version(uint16_t major, uint16_t minor)
{
    return (major == 2 && minor <= MINOR_LAST) || (major == VERSION_NAVTEL && minor == 0);
}

static enum length_order length_order_of(uint16_t major, uint16_t minor)
{
    if (major == VERSION_NAVTEL || minor < MINOR_SWAPPED_BEFORE)
        return WIRE_FIRST;
    return minor == MINOR_MAYBE_SWAPPED ? SMALLER_IS_CAPTURED : CAPTURED_FIRST;
}

static enum capture_result begin(struct pcap_reader *p)
{
    struct span head = input_peek(p->in, FILE_HEADER_BYTES);
    if (head.len < FILE_HEADER_BYTES)
        return end_inside(p, "file header", FILE_HEADER_BYTES, head.len);
    p->variant = find_variant(head, &p->is_little);
    struct reader r = reader_of(head);
    reader_skip(&r, sizeof p->variant->magic);
    uint16_t major = read_u16(p, &r), minor = read_u16(p, &r);
    reader_skip(&r, 4 + 4 + 4); /* time zone, accuracy, snap length */
    p->linktype = linktype_of(read_u32(p, &r) & LINKTYPE_MASK);
    p->length_order = length_order_of(major, minor);
    p->is_begun = true;
    p->is_over = !is_known_version(major, minor);
    if (p->is_over)
        return input_damaged(p->in, 0, "unsupported pcap savefile version %u.%u", major, minor);
    (void)input_skip(p->in, FILE_HEADER_BYTES);
    return CAPTURE_IDLE;
}

/* head has at least RECORD_HEADER_BYTES. */
static struct record read_record(const struct pcap_reader *p, struct span head)
{
    struct reader r = reader_of(span_of(head.ptr, RECORD_HEADER_BYTES));
    struct record record = {.seconds = read_u32(p, &r), .ticks = read_u32(p, &r)};
    uint32_t first = read_u32(p, &r), second = read_u32(p, &r);
    bool is_wire_first =
        p->length_order == WIRE_FIRST || (p->length_order == SMALLER_IS_CAPTURED && first > second);
    record.captured_len = is_wire_first ? second : first;
    record.wire_len = is_wire_first ? first : second;
    if (record.wire_len < record.captured_len)
        record.wire_len = record.captured_len;
    return record;
}

static enum capture_result pcap_reader_next(void *reader, struct capture_item *item)
{
    struct pcap_reader *p = reader;
    if (p->is_over)
        return CAPTURE_END;
    if (!p->is_begun)
        return begin(p);
    (void)input_skip(p->in, p->n_held_bytes);
    p->n_held_bytes = 0;
    const size_t head_bytes = p->variant->record_header_bytes;
    struct span head = input_peek(p->in, head_bytes);
    if (head.len < head_bytes)
        return end_inside(p, "header", head_bytes, head.len);
    const struct record record = read_record(p, head);
    if (record.captured_len > FRAME_BYTES_MAX) {
        p->is_over = true;
        return input_damaged(p->in, p->in->offset,
                             "invalid packet capture length %" PRIu32 ", bigger than snaplen of %d",
                             record.captured_len, FRAME_BYTES_MAX);
    }
    struct span whole = input_peek(p->in, head_bytes + record.captured_len);
    if (whole.len < head_bytes + record.captured_len)
        return end_inside(p, "captured", record.captured_len, whole.len - head_bytes);
    p->n_held_bytes = whole.len;
    item->frame = (struct capture_frame){
        .linktype = p->linktype,
        .wire_len = record.wire_len,
        .bytes = span_of(whole.ptr + head_bytes, record.captured_len),
        .origin = {.frame = ++p->n_frames,
                   .time_ns = (int64_t)record.seconds * 1000000000 +
                              (int64_t)record.ticks * p->variant->tick_ns},
    };
    return CAPTURE_FRAME;
}

static struct capture_counts pcap_reader_counts(const void *reader)
{
    (void)reader;
    return (struct capture_counts){.is_known = false};
}

static void *pcap_reader_open(struct input *in)
{
    struct pcap_reader *p = calloc(1, sizeof *p);
    if (p)
        p->in = in;
    return p;
}

const struct format pcap_format = {
    "pcap", pcap_matches, pcap_reader_open, pcap_reader_next, pcap_reader_counts, free, false,
};
