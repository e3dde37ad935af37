/* address: addresses as people write them (RFC 5952 for IPv6), and read back. */
#pragma once

#include "dissector/event.h"

enum { ADDRESS_TEXT_BYTES = 48, ENDPOINT_TEXT_BYTES = 56 };

/* "192.0.2.1", "2001:db8::1"; "?" when the version is neither 4 nor 6. */
void address_text(const struct address *address, char out[ADDRESS_TEXT_BYTES]);

/* "192.0.2.1:80", "[2001:db8::1]:80". */
void endpoint_text(const struct endpoint *endpoint, char out[ENDPOINT_TEXT_BYTES]);

/* False: text is no address. */
bool address_parse(const char *text, struct address *address);

/* Whether the first prefix_bits of both are the same; versions must agree. */
bool address_shares_prefix(const struct address *a, const struct address *b, unsigned prefix_bits);
