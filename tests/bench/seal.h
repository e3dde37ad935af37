/* seal: the records of one side of a TLS 1.3 connection with TLS_AES_128_GCM_SHA256, from a traffic
 * secret (RFC 8446 §5.2, §7.3). Written apart from the program's own, so that neither can excuse
 * the other. A bench has no use for half a capture: where the library refuses, the program ends. */
#pragma once

#include "dissector/base/buf.h"

enum { SEAL_SECRET_BYTES = 32, SEAL_IV_BYTES = 12, SEAL_TAG_BYTES = 16, SEAL_HEADER_BYTES = 5 };

struct seal {
    void *cipher;
    uint8_t iv[SEAL_IV_BYTES];
    uint64_t sequence; /* of the next record */
};

void seal_init(struct seal *seal, const uint8_t secret[SEAL_SECRET_BYTES], bool is_sealing);

/* Appends the next record, with content (at most 16 KiB) of that type. */
void seal_add(struct seal *seal, uint8_t type, struct span content, struct buf *out);

/* Opens the next record: its content, in out, without its type. out has room for the record. */
struct span seal_open(struct seal *seal, struct span record, uint8_t *out);

/* Length of the record that bytes begin with, its header included. */
size_t seal_record_bytes(struct span bytes);

void seal_free(struct seal *seal);
