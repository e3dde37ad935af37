/* capture_build: capture files written byte by byte in either byte order, for tests.
 *
 * The caller sets is_big, appends, and frees. Without memory the test program ends. */
#pragma once

#include "dissector/base/span.h"

struct capture_build {
    bool is_big; /* byte order of every integer appended */
    uint8_t *ptr;
    size_t len, capacity_bytes;
};

/* Classic pcap: the file header, and records of 16 header bytes. */
void build_pcap(struct capture_build *b, uint32_t magic, uint32_t snaplen, uint32_t linktype);

struct build_record {
    uint32_t time_s, fraction;
    uint32_t captured_len, wire_len; /* as claimed; bytes may differ */
    struct span bytes;
};

void build_pcap_record(struct capture_build *b, const struct build_record *record);

/* pcapng: a block is begun, filled and ended, which pads it and writes its lengths. */
size_t build_block(struct capture_build *b, uint32_t type);
void build_block_end(struct capture_build *b, size_t begin);

void build_section(struct capture_build *b);

/* options as build_option wrote them into another build; may be empty. */
void build_interface(struct capture_build *b, uint16_t linktype, uint32_t snaplen,
                     struct span options);
void build_option(struct capture_build *b, uint16_t code, struct span value);

/* An Enhanced Packet Block with all bytes of the packet. */
void build_packet(struct capture_build *b, uint32_t interface_id, uint64_t ticks,
                  const char *packet);

/* Integers and bytes as they are. */
void build_u8(struct capture_build *b, uint8_t value);
void build_u16(struct capture_build *b, uint16_t value);
void build_u32(struct capture_build *b, uint32_t value);
void build_u64(struct capture_build *b, uint64_t value);
void build_bytes(struct capture_build *b, struct span bytes);
void build_zeros(struct capture_build *b, size_t n);

static inline struct span build_span(const struct capture_build *b)
{
    return (struct span){b->ptr, b->len};
}

void build_free(struct capture_build *b);
