/* packet: a TCP segment written as an Ethernet II frame with IPv4, for tests. Lengths and checksums
 * are right, so that other programs read it too. */
#pragma once

#include "dissector/net/segment.h"

/* Ethernet, IPv4 and TCP headers without options. */
enum { PACKET_HEADER_BYTES = 14 + 20 + 20, PACKET_MAX_PAYLOAD_BYTES = 65535 - 40 };

/* Writes the frame and returns its length. The addresses must be IPv4, the payload at most
 * PACKET_MAX_PAYLOAD_BYTES long, and frame PACKET_HEADER_BYTES longer than the payload.
 * segment->cut_bytes and origin are not looked at. */
size_t packet_write(const struct segment *segment, uint8_t *frame);
