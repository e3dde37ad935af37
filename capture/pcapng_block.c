/* What stands in the blocks of a pcapng file: a table of their types, one reader each. A block that
 * is too short, or speaks of an interface nobody described, is damage that costs it alone. */
#include "capture/pcapng_state.h"

#include "capture/linktype.h"

#include <inttypes.h>
#include <stdlib.h>

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

static uint64_t read_u64(const struct pcapng *p, struct reader *r)
{
    uint64_t first = pcapng_u32(p, r);
    uint64_t second = pcapng_u32(p, r);
    return p->is_little ? second << 32 | first : first << 32 | second;
}

/* Time stamps are two words, the high one first whatever the byte order. */
static uint64_t read_ticks(const struct pcapng *p, struct reader *r)
{
    uint64_t high = pcapng_u32(p, r);
    return high << 32 | pcapng_u32(p, r);
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

static bool add_interface(struct pcapng *p, const struct pcapng_interface *interface)
{
    if (p->n_interfaces == p->capacity) {
        size_t capacity = p->capacity ? 2 * p->capacity : 8;
        struct pcapng_interface *larger = realloc(p->interfaces, capacity * sizeof *larger);
        if (!larger)
            return false;
        p->interfaces = larger;
        p->capacity = capacity;
    }
    p->interfaces[p->n_interfaces++] = *interface;
    return true;
}

static void read_interface_option(struct pcapng *p, const struct option *option,
                                  struct pcapng_interface *interface)
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
    struct pcapng_interface interface = {.clock = CLOCK_DEFAULT};
    interface.linktype = linktype_of(read_u16(p, r));
    reader_skip(r, 2);
    interface.snaplen = pcapng_u32(p, r);
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

static struct pcapng_interface *find_interface(const struct pcapng *p, uint32_t id)
{
    bool is_known = id < p->n_interfaces && p->interfaces[id].is_described;
    return is_known ? &p->interfaces[id] : NULL;
}

static enum capture_result give_frame(struct pcapng *p, const struct packet *packet,
                                      struct reader *r, struct capture_item *item)
{
    const struct pcapng_interface *interface = find_interface(p, packet->interface_id);
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
    packet.interface_id = pcapng_u32(p, r);
    packet.ticks = read_ticks(p, r);
    packet.captured_len = pcapng_u32(p, r);
    packet.wire_len = pcapng_u32(p, r);
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
    packet.captured_len = pcapng_u32(p, r);
    packet.wire_len = pcapng_u32(p, r);
    return give_frame(p, &packet, r, item);
}

/* No time, always interface 0; the captured length follows from that interface's snap length. */
static enum capture_result read_simple_packet(struct pcapng *p, struct reader *r,
                                              struct capture_item *item)
{
    const struct pcapng_interface *interface = find_interface(p, 0);
    struct packet packet = {.wire_len = pcapng_u32(p, r)};
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
    struct pcapng_interface *interface = find_interface(p, pcapng_u32(p, r));
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
    item->secrets.type = pcapng_u32(p, r);
    item->secrets.bytes = reader_span(r, pcapng_u32(p, r));
    return r->failed ? damaged(p, "secrets longer than their block") : CAPTURE_SECRETS;
}

/* Blocks without read are passed over; they stand here for the numbers they take. */
static const struct pcapng_block blocks[] = {
    {0x00000006, true, read_enhanced_packet},
    {0x00000003, true, read_simple_packet},
    {0x00000002, true, read_obsolete_packet},
    {0x00000001, false, read_interface},
    {0x00000005, false, read_statistics},
    {0x0000000a, false, read_secrets},
    {PCAPNG_SECTION, false, read_section},
    {0x00000009, true, NULL}, /* systemd journal entry */
    {0x00000204, true, NULL}, /* Sysdig events */
    {0x00000216, true, NULL},
    {0x00000221, true, NULL},
    {0x00000bad, true, NULL}, /* custom, may be copied */
    {0x40000bad, true, NULL}, /* custom, may not be copied */
};

const struct pcapng_block *pcapng_block_find(uint32_t type)
{
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        if (blocks[i].type == type)
            return &blocks[i];
    }
    return NULL;
}
