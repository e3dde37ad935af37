/* Text of addresses by inet_ntop and inet_pton; see address.h. Resolves no names. */
#include "output/address.h"

#include <arpa/inet.h>
#include <stdio.h>

void address_text(const struct address *address, char out[ADDRESS_TEXT_BYTES])
{
    int family = address->version == 6 ? AF_INET6 : AF_INET;
    bool is_known = address->version == 4 || address->version == 6;
    if (!is_known || !inet_ntop(family, address->bytes, out, ADDRESS_TEXT_BYTES))
        (void)snprintf(out, ADDRESS_TEXT_BYTES, "?");
}

void endpoint_text(const struct endpoint *endpoint, char out[ENDPOINT_TEXT_BYTES])
{
    char address[ADDRESS_TEXT_BYTES];
    address_text(&endpoint->address, address);
    const char *format = endpoint->address.version == 6 ? "[%s]:%u" : "%s:%u";
    (void)snprintf(out, ENDPOINT_TEXT_BYTES, format, address, (unsigned)endpoint->port);
}

bool address_parse(const char *text, struct address *address)
{
    *address = (struct address){0};
    if (inet_pton(AF_INET, text, address->bytes) == 1)
        address->version = 4;
    else if (inet_pton(AF_INET6, text, address->bytes) == 1)
        address->version = 6;
    return address->version != 0;
}

bool address_shares_prefix(const struct address *a, const struct address *b, unsigned prefix_bits)
{
    if (a->version != b->version)
        return false;
    unsigned n_bytes = prefix_bits / 8, n_bits = prefix_bits % 8;
    if (memcmp(a->bytes, b->bytes, n_bytes) != 0)
        return false;
    return n_bits == 0 || (a->bytes[n_bytes] ^ b->bytes[n_bytes]) >> (8 - n_bits) == 0;
}
