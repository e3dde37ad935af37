/* pcapng (draft-ietf-opsawg-pcapng), read from our input: sections of either byte order, any number
 * of interfaces, Enhanced, Simple and obsolete Packet Blocks, statistics, and decryption secrets.
 *
 * Every block begins and ends with its length. Damage inside a block loses that block; a length
 * that cannot be, or two blocks in a row whose lengths disagree, lose the framing and end the
 * reading. Frames are given out of the input's window without a copy. Blocks of other types and
 * options not needed are passed over unread. */
#include "capture/clock.h"
#include "capture/format.h"
#include "capture/linktype.h"
#include "capture/names.h"
#include "dissector/base/reader.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    BLOCK_HEAD_BYTES = 8,       /* type, length */
    BLOCK_TAIL_BYTES = 4,       /* length again */
    BLOCK_MIN_BYTES = 12,       /* both; also the part of a section header that tells its order */
    BLOCK_SECTION = 0x0a0d0d0a, /* the same in both byte orders */
};

enum {
    OPTION_END = 0,
    OPTION_IF_NAME = 2,
    OPTION_IF_TSRESOL = 9,
    OPTION_IF_TSOFFSET = 14,
    OPTION_ISB_IFRECV = 4,
    OPTION_ISB_IFDROP = 5,
    OPTION_ISB_OSDROP = 7,
};

struct option {
    uint16_t code;
    struct span value;
};

struct interface {
    bool is_described; /* false: its block was damaged, and its frames mean nothing */
    uint32_t linktype;
    uint32_t snaplen; /* 0 = none */
    struct clock clock;
    const char *name;
    struct capture_counts counts; /* the last it said; they only grow */
};

struct pcapng {
    struct input *in;
    uint64_t block_offset; /* of the block at hand */
    size_t n_held_bytes;   /* of it, still in the window because a frame points there */
    bool is_over;
    bool is_doubtful;             /* the lengths of the last block disagreed */
    bool is_little;               /* byte order of the section */
    bool is_understood;           /* its version */
    struct interface *interfaces; /* of the section */
    size_t n_interfaces, capacity;
    struct names names;
    struct capture_counts counts;
    uint64_t n_frames;
    int64_t last_time_ns;
};

/* A packet block's own fields. */
struct packet {
    uint32_t interface_id;
    bool has_time;
    uint64_t ticks;
    uint32_t captured_len, wire_len;
};

static uint16_t read_u16(const struct pcapng *p, struct reader *r)
{
    return p->is_little ? reader_le16(r) : reader_u16(r);
}

static uint32_t read_u32(const struct pcapng *p, struct reader *r)
{
    return p->is_little ? reader_le32(r) : reader_u32(r);
}

static uint64_t read_u64(const struct pcapng *p, struct reader *r)
{
    uint64_t first = read_u32(p, r);
    uint64_t second = read_u32(p, r);
    return p->is_little ? second << 32 | first : first << 32 | second;
}

/* Time stamps are two words, the high one first whatever the byte order. */
static uint64_t read_ticks(const struct pcapng *p, struct reader *r)
{
    uint64_t high = read_u32(p, r);
    return high << 32 | read_u32(p, r);
}

/* False at the end of the options; r->failed then tells whether they were broken. */
static bool next_option(const struct pcapng *p, struct reader *r, struct option *option)
{
    if (r->left.len < 4)
        return false;
    option->code = read_u16(p, r);
    uint16_t len = read_u16(p, r);
    if (option->code == OPTION_END)
        return false;
    option->value = reader_span(r, len);
    if (!r->failed) /* padding may be missing at the end */
        r->left = span_after(r->left, (size_t)(-len & 3));
    return !r->failed;
}

/* A number option of its right size; false leaves *value alone. */
static bool option_u64(const struct pcapng *p, const struct option *option, uint64_t *value)
{
    struct reader r = reader_of(option->value);
    if (option->value.len != 8)
        return false;
    *value = read_u64(p, &r);
    return true;
}

static enum capture_result damaged(struct pcapng *p, const char *reason)
{
    return input_damaged(p->in, p->block_offset, "%s; block passed over", reason);
}

static enum capture_result damaged_option(struct pcapng *p)
{
    return input_damaged(
        p->in, p->block_offset,
        "an option runs past the end of its block; what follows in it passed over");
}

static enum capture_result read_section(struct pcapng *p, struct reader *r,
                                        struct capture_item *item)
{
    (void)item;
    reader_skip(r, 4); /* byte order, known already */
    uint16_t major = read_u16(p, r);
    uint16_t minor = read_u16(p, r);
    p->is_understood = !r->failed && major == 1;
    if (r->failed)
        return input_damaged(p->in, p->block_offset,
                             "section header too short; section passed over");
    if (!p->is_understood)
        return input_damaged(p->in, p->block_offset,
                             "section of unknown version %u.%u; passed over", major, minor);
    return CAPTURE_IDLE;
}

static bool add_interface(struct pcapng *p, const struct interface *interface)
{
    if (p->n_interfaces == p->capacity) {
        size_t capacity = p->capacity ? 2 * p->capacity : 8;
        struct interface *larger = realloc(p->interfaces, capacity * sizeof *larger);
        if (!larger)
            return false;
        p->interfaces = larger;
        p->capacity = capacity;
    }
    p->interfaces[p->n_interfaces++] = *interface;
    return true;
}

static void read_interface_option(struct pcapng *p, const struct option *option,
                                  struct interface *interface)
{
    uint64_t offset_s;
    if (option->code == OPTION_IF_NAME)
        interface->name = names_keep(&p->names, option->value, CAPTURE_MAX_NAMES);
    else if (option->code == OPTION_IF_TSRESOL && option->value.len == 1)
        interface->clock.resolution = option->value.ptr[0];
    else if (option->code == OPTION_IF_TSOFFSET && option_u64(p, option, &offset_s))
        interface->clock.offset_s = (int64_t)offset_s;
}

static enum capture_result read_interface(struct pcapng *p, struct reader *r,
                                          struct capture_item *item)
{
    (void)item;
    struct interface interface = {.clock = CLOCK_DEFAULT};
    interface.linktype = linktype_of(read_u16(p, r));
    reader_skip(r, 2);
    interface.snaplen = read_u32(p, r);
    interface.is_described = !r->failed;
    struct option option;
    while (next_option(p, r, &option))
        read_interface_option(p, &option, &interface);
    if (p->n_interfaces >= CAPTURE_MAX_INTERFACES)
        return input_damaged(p->in, p->block_offset, "more than %zu interfaces; block passed over",
                             CAPTURE_MAX_INTERFACES);
    if (!add_interface(p, &interface))
        return CAPTURE_NOMEM;
    if (!interface.is_described)
        return damaged(p, "interface description too short");
    return r->failed ? damaged_option(p) : CAPTURE_IDLE;
}

static struct interface *find_interface(const struct pcapng *p, uint32_t id)
{
    bool is_known = id < p->n_interfaces && p->interfaces[id].is_described;
    return is_known ? &p->interfaces[id] : NULL;
}

static enum capture_result give_frame(struct pcapng *p, const struct packet *packet,
                                      struct reader *r, struct capture_item *item)
{
    const struct interface *interface = find_interface(p, packet->interface_id);
    struct span bytes = reader_span(r, packet->captured_len);
    if (r->failed)
        return damaged(p, "packet longer than its block");
    if (!interface)
        return input_damaged(p->in, p->block_offset,
                             "packet of interface %" PRIu32
                             ", which is not described; block passed over",
                             packet->interface_id);
    if (packet->has_time)
        p->last_time_ns = clock_time_ns(interface->clock, packet->ticks);
    bool is_cut = packet->wire_len > packet->captured_len;
    item->frame = (struct capture_frame){
        .linktype = interface->linktype,
        .wire_len = is_cut ? packet->wire_len : packet->captured_len,
        .interface_id = packet->interface_id,
        .interface = interface->name,
        .bytes = bytes,
        .origin = {.frame = p->n_frames, .time_ns = p->last_time_ns},
    };
    return CAPTURE_FRAME;
}

static enum capture_result read_enhanced_packet(struct pcapng *p, struct reader *r,
                                                struct capture_item *item)
{
    struct packet packet = {.has_time = true};
    packet.interface_id = read_u32(p, r);
    packet.ticks = read_ticks(p, r);
    packet.captured_len = read_u32(p, r);
    packet.wire_len = read_u32(p, r);
    return give_frame(p, &packet, r, item);
}

/* Appendix A of the draft. */
static enum capture_result read_obsolete_packet(struct pcapng *p, struct reader *r,
                                                struct capture_item *item)
{
    struct packet packet = {.has_time = true};
    packet.interface_id = read_u16(p, r);
    reader_skip(r, 2); /* packets lost since the one before: the statistics say it too */
    packet.ticks = read_ticks(p, r);
    packet.captured_len = read_u32(p, r);
    packet.wire_len = read_u32(p, r);
    return give_frame(p, &packet, r, item);
}

/* No time, always interface 0; the captured length follows from that interface's snap length. */
static enum capture_result read_simple_packet(struct pcapng *p, struct reader *r,
                                              struct capture_item *item)
{
    const struct interface *interface = find_interface(p, 0);
    struct packet packet = {.wire_len = read_u32(p, r)};
    packet.captured_len = packet.wire_len;
    if (interface && interface->snaplen > 0 && packet.captured_len > interface->snaplen)
        packet.captured_len = interface->snaplen;
    return give_frame(p, &packet, r, item);
}

static void raise_to(uint64_t *last, uint64_t *sum, uint64_t value)
{
    if (value <= *last)
        return;
    *sum += value - *last;
    *last = value;
}

static void read_statistics_option(struct pcapng *p, const struct option *option,
                                   struct capture_counts *last)
{
    uint64_t value;
    if (!option_u64(p, option, &value))
        return;
    if (option->code == OPTION_ISB_IFRECV)
        raise_to(&last->received, &p->counts.received, value);
    else if (option->code == OPTION_ISB_IFDROP)
        raise_to(&last->interface_dropped, &p->counts.interface_dropped, value);
    else if (option->code == OPTION_ISB_OSDROP)
        raise_to(&last->dropped, &p->counts.dropped, value);
    else
        return;
    p->counts.is_known = true;
}

static enum capture_result read_statistics(struct pcapng *p, struct reader *r,
                                           struct capture_item *item)
{
    (void)item;
    struct interface *interface = find_interface(p, read_u32(p, r));
    (void)read_ticks(p, r);
    if (r->failed)
        return damaged(p, "statistics too short");
    if (!interface)
        return damaged(p, "statistics of an interface that is not described");
    struct option option;
    while (next_option(p, r, &option))
        read_statistics_option(p, &option, &interface->counts);
    return r->failed ? damaged_option(p) : CAPTURE_IDLE;
}

static enum capture_result read_secrets(struct pcapng *p, struct reader *r,
                                        struct capture_item *item)
{
    item->secrets.type = read_u32(p, r);
    item->secrets.bytes = reader_span(r, read_u32(p, r));
    return r->failed ? damaged(p, "secrets longer than their block") : CAPTURE_SECRETS;
}

/* Blocks without read are passed over; they stand here for the numbers they take. */
static const struct block {
    uint32_t type;
    bool is_numbered; /* Wireshark counts it as a frame */
    enum capture_result (*read)(struct pcapng *, struct reader *, struct capture_item *);
} blocks[] = {
    {0x00000006, true, read_enhanced_packet},
    {0x00000003, true, read_simple_packet},
    {0x00000002, true, read_obsolete_packet},
    {0x00000001, false, read_interface},
    {0x00000005, false, read_statistics},
    {0x0000000a, false, read_secrets},
    {BLOCK_SECTION, false, read_section},
    {0x00000009, true, NULL}, /* systemd journal entry */
    {0x00000204, true, NULL}, /* Sysdig events */
    {0x00000216, true, NULL},
    {0x00000221, true, NULL},
    {0x00000bad, true, NULL}, /* custom, may be copied */
    {0x40000bad, true, NULL}, /* custom, may not be copied */
};

static const struct block *find_block(uint32_t type)
{
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        if (blocks[i].type == type)
            return &blocks[i];
    }
    return NULL;
}

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
    uint32_t again = read_u32(p, &r);
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

static enum capture_result read_block(struct pcapng *p, const struct block *block, uint32_t length,
                                      struct capture_item *item)
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
    const struct block *block = find_block(type);
    if (block && block->is_numbered)
        p->n_frames++;
    bool is_wanted = block && block->read && (type == BLOCK_SECTION || p->is_understood);
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
    uint32_t type = read_u32(p, &r);
    if (type == BLOCK_SECTION && !enter_section(p, span_after(head, BLOCK_HEAD_BYTES))) {
        p->is_over = true;
        return input_damaged(p->in, p->block_offset,
                             "section header without byte order; reading ends");
    }
    uint32_t length = read_u32(p, &r);
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
