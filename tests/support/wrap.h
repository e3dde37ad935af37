/* wrap: frames of any kind for tests, built from the inside out: the payload first, then each
 * header in front of what is there. Lengths are right, checksums are 0 (packet.h writes them, for
 * plain IPv4 alone). */
#pragma once

#include "dissector/net/segment.h"

enum {
    WRAP_HEADER_BYTES = 1024,
    WRAP_BYTES = 70 * 1024,
};

struct wrap {
    uint8_t room[WRAP_BYTES];
    size_t at, len; /* the bytes are room[at .. at + len) */
};

/* Begins with bytes that have no header yet; at most WRAP_BYTES - WRAP_HEADER_BYTES. */
void wrap_payload(struct wrap *wrap, struct span payload);

/* Puts header in front. */
void wrap_prepend(struct wrap *wrap, struct span header);

/* Puts bytes behind: padding, a trailer. */
void wrap_append(struct wrap *wrap, struct span trailer);

/* Begins with the TCP header and payload of a segment. */
void wrap_tcp(struct wrap *wrap, const struct segment *segment);

/* Puts a UDP header to a port in front. */
void wrap_udp(struct wrap *wrap, uint16_t port);

/* Puts an IP header in front, of the version of the segment's addresses. */
void wrap_ip(struct wrap *wrap, const struct segment *segment, uint8_t protocol);

/* Puts an Ethernet header or a 4-byte VLAN tag in front. A tag needs the ethertype of what it is
 * in front of; the number of the tag itself goes to the next wrap_vlan or wrap_ethernet. */
void wrap_ethernet(struct wrap *wrap, uint16_t ethertype);
void wrap_vlan(struct wrap *wrap, uint16_t ethertype);

struct span wrap_span(const struct wrap *wrap);

/* Ethernet, IP, TCP. */
void wrap_frame(struct wrap *wrap, const struct segment *segment);

/* 10.0.0.number or fd00::number. */
struct endpoint wrap_endpoint(uint8_t version, uint8_t number, uint16_t port);
