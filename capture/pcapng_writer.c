/* Blocks of a pcapng file, one after the other; see pcapng_writer.h. No block is given out in part,
 * and none that says less than was asked. */
#include "capture/pcapng_writer.h"

#include <stdlib.h>

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 6,
    BLOCK_SECRETS = 10,
    ORDER_MAGIC = 0x1a2b3c4d,
    OPTION_USER_APPLICATION = 4,
    OPTION_IF_NAME = 2,
    OPTION_IF_TSRESOL = 9,
    OPTION_IF_TSOFFSET = 14,
    NANOSECONDS = 9,
};

#define MAX_BLOCK_BYTES (CAPTURE_MAX_BLOCK_BYTES + 64)

/* Ticks have no sign: what was before 1970 is counted from here. */
#define BEFORE_1970_S (INT64_MIN / SECOND_NS - 1)

struct pcapng_interface {
    uint32_t source, interface_id, linktype;
    bool is_before_1970;
    const char *name; /* or NULL */
    size_t next;      /* one more than the index of the next in its bucket; 0: none */
};

/* One block while it is made. */
struct making {
    struct buf *block;
    size_t start;
    bool has_failed;
};

static void put(struct making *m, const void *ptr, size_t len)
{
    m->has_failed |= len > 0 && buf_append_secret(m->block, span_of(ptr, len)) != BUF_OK;
}

static void put_u16(struct making *m, uint16_t value)
{
    const uint8_t bytes[] = {(uint8_t)value, (uint8_t)(value >> 8)};
    put(m, bytes, sizeof bytes);
}

static void put_u32(struct making *m, uint32_t value)
{
    put_u16(m, (uint16_t)value);
    put_u16(m, (uint16_t)(value >> 16));
}

static void put_u64(struct making *m, uint64_t value)
{
    put_u32(m, (uint32_t)value);
    put_u32(m, (uint32_t)(value >> 32));
}

static void put_padded(struct making *m, struct span bytes)
{
    static const uint8_t zeros[3];
    put(m, bytes.ptr, bytes.len);
    put(m, zeros, -bytes.len & 3);
}

static void put_option(struct making *m, uint16_t code, struct span value)
{
    put_u16(m, code);
    put_u16(m, (uint16_t)value.len);
    put_padded(m, value);
}

static struct making begin_block(struct pcapng_writer *writer, uint32_t type)
{
    struct making m = {.block = &writer->block, .start = writer->block.len};
    put_u32(&m, type);
    put_u32(&m, 0); /* its length, when it is known */
    return m;
}

/* False: the block is taken back. */
static bool end_block(struct making *m)
{
    uint32_t len = (uint32_t)(m->block->len - m->start) + 4;
    put_u32(m, len);
    if (m->has_failed)
        m->block->len = m->start;
    for (int i = 0; !m->has_failed && i < 4; i++)
        m->block->ptr[m->start + 4 + (size_t)i] = (uint8_t)(len >> 8 * i);
    return !m->has_failed;
}

static bool give(struct pcapng_writer *writer, bool is_whole)
{
    if (is_whole)
        writer->sink.blocks(writer->sink.ctx, buf_span(&writer->block));
    buf_clear(&writer->block);
    return is_whole;
}

void pcapng_writer_init(struct pcapng_writer *writer, struct pcapng_sink sink)
{
    *writer = (struct pcapng_writer){.sink = sink};
    buf_init(&writer->block, MAX_BLOCK_BYTES);
}

bool pcapng_writer_begin(struct pcapng_writer *writer, const char *application)
{
    writer->n_interfaces = writer->last = 0;
    memset(writer->buckets, 0, sizeof writer->buckets);
    struct making m = begin_block(writer, BLOCK_SECTION);
    put_u32(&m, ORDER_MAGIC);
    put_u16(&m, 1); /* version 1.0 */
    put_u16(&m, 0);
    put_u64(&m, UINT64_MAX); /* the section's length is not told */
    put_option(&m, OPTION_USER_APPLICATION, span_str(application));
    put_u32(&m, 0);
    return give(writer, end_block(&m));
}

/* ---- interfaces ---- */

static bool is_same(const struct pcapng_interface *a, const struct pcapng_interface *b)
{
    return a->source == b->source && a->interface_id == b->interface_id &&
           a->linktype == b->linktype && a->is_before_1970 == b->is_before_1970 &&
           a->name == b->name;
}

static size_t bucket_of(const struct pcapng_interface *interface)
{
    uint64_t mixed = (uint64_t)interface->source << 32 | interface->interface_id;
    mixed = mixed * UINT64_C(0x9e3779b97f4a7c15) + interface->linktype;
    mixed = mixed * UINT64_C(0x9e3779b97f4a7c15) + (uintptr_t)interface->name;
    return mixed * UINT64_C(0x9e3779b97f4a7c15) >> 32 & (PCAPNG_WRITER_BUCKETS - 1);
}

static bool make_interface(struct pcapng_writer *writer, const struct pcapng_interface *interface)
{
    const uint8_t resolution = NANOSECONDS;
    struct making m = begin_block(writer, BLOCK_INTERFACE);
    put_u16(&m, (uint16_t)interface->linktype);
    put_u16(&m, 0);
    put_u32(&m, 0); /* no snap length: each packet tells its own */
    if (interface->name)
        put_option(&m, OPTION_IF_NAME, span_str(interface->name));
    put_option(&m, OPTION_IF_TSRESOL, span_of(&resolution, 1));
    if (interface->is_before_1970) {
        put_u16(&m, OPTION_IF_TSOFFSET);
        put_u16(&m, 8);
        put_u64(&m, (uint64_t)BEFORE_1970_S);
    }
    put_u32(&m, 0);
    return end_block(&m);
}

static bool add_interface(struct pcapng_writer *writer, const struct pcapng_interface *interface)
{
    if (writer->n_interfaces == CAPTURE_MAX_INTERFACES)
        return false;
    if (writer->n_interfaces == writer->capacity) {
        size_t capacity = writer->capacity ? 2 * writer->capacity : 8;
        struct pcapng_interface *larger = realloc(writer->interfaces, capacity * sizeof *larger);
        if (!larger)
            return false;
        writer->interfaces = larger;
        writer->capacity = capacity;
    }
    if (!make_interface(writer, interface))
        return false;
    size_t *bucket = &writer->buckets[bucket_of(interface)];
    writer->last = writer->n_interfaces++;
    writer->interfaces[writer->last] = *interface;
    writer->interfaces[writer->last].next = *bucket;
    *bucket = writer->n_interfaces;
    return true;
}

/* Makes it the last one; an unknown one is described in front of the block that follows. */
static bool choose_interface(struct pcapng_writer *writer, const struct pcapng_interface *interface)
{
    if (writer->n_interfaces > 0 && is_same(&writer->interfaces[writer->last], interface))
        return true;
    size_t next = writer->buckets[bucket_of(interface)];
    while (next > 0 && !is_same(&writer->interfaces[next - 1], interface))
        next = writer->interfaces[next - 1].next;
    if (next == 0)
        return add_interface(writer, interface);
    writer->last = next - 1;
    return true;
}

static void forget_last(struct pcapng_writer *writer)
{
    const struct pcapng_interface *interface = &writer->interfaces[--writer->n_interfaces];
    writer->buckets[bucket_of(interface)] = interface->next;
    writer->last = 0;
}

bool pcapng_writer_frame(struct pcapng_writer *writer, const struct capture_frame *frame)
{
    int64_t time_ns = frame->origin.time_ns;
    const struct pcapng_interface interface = {
        .source = frame->origin.source,
        .interface_id = frame->interface_id,
        .linktype = frame->linktype,
        .is_before_1970 = time_ns < 0,
        .name = frame->interface,
    };
    size_t n_before = writer->n_interfaces;
    if (frame->linktype > UINT16_MAX || frame->bytes.len > CAPTURE_MAX_BLOCK_BYTES ||
        !choose_interface(writer, &interface))
        return give(writer, false);
    uint64_t ticks = (uint64_t)time_ns;
    if (time_ns < 0)
        ticks -= (uint64_t)BEFORE_1970_S * (uint64_t)SECOND_NS;
    struct making m = begin_block(writer, BLOCK_PACKET);
    put_u32(&m, (uint32_t)writer->last);
    put_u32(&m, (uint32_t)(ticks >> 32));
    put_u32(&m, (uint32_t)ticks);
    put_u32(&m, (uint32_t)frame->bytes.len);
    put_u32(&m, frame->wire_len);
    put_padded(&m, frame->bytes);
    if (give(writer, end_block(&m)))
        return true;
    if (writer->n_interfaces > n_before)
        forget_last(writer); /* its description was not given either */
    return false;
}

bool pcapng_writer_secrets(struct pcapng_writer *writer, const struct capture_secrets *secrets)
{
    struct making m = begin_block(writer, BLOCK_SECRETS);
    put_u32(&m, secrets->type);
    put_u32(&m, (uint32_t)secrets->bytes.len);
    put_padded(&m, secrets->bytes);
    return give(writer, end_block(&m));
}

void pcapng_writer_free(struct pcapng_writer *writer)
{
    buf_wipe_and_free(&writer->block);
    free(writer->interfaces);
    writer->interfaces = NULL;
    writer->n_interfaces = writer->capacity = 0;
}
