/* keylog: the lines of an NSS key log (SSLKEYLOGFILE) in, secrets kept. The format stands in
 * RFC 9850 and, for the RSA lines, in the NSS documentation:
 *
 *     CLIENT_RANDOM <client random> <master secret>                      TLS 1.2 and before
 *     CLIENT_HANDSHAKE_TRAFFIC_SECRET <client random> <secret>           TLS 1.3, and six like it
 *     RSA <first 8 bytes of the encrypted premaster secret> <premaster secret>
 *     RSA Session-ID:<id> Master-Key:<master secret>
 *
 * all in hexadecimal. Comments (#) and empty lines are passed over. Labels that open no record
 * (exporters, the later traffic secrets, which follow from the first) are known and not kept; what
 * is no such line is counted. Bytes may be cut anywhere: a log that grows is fed as it grows. */
#pragma once

#include "dissector/base/sink.h"
#include "dissector/tls/secrets.h"

enum { KEYLOG_MAX_LINE_BYTES = 512 }; /* the longest line that means something has 273 */

struct keylog {
    /* n_… may be read, the other fields are private */
    struct secrets *secrets;
    uint64_t n_secrets, n_malformed;
    size_t len; /* of the line so far; beyond the room: too long */
    uint8_t line[KEYLOG_MAX_LINE_BYTES];
};

void keylog_init(struct keylog *keylog, struct secrets *secrets);

/* FEED_OK or FEED_NOMEM. */
enum feed keylog_feed(struct keylog *keylog, struct span bytes);

/* The log is over: what stands behind its last line feed is a line too. */
enum feed keylog_finish(struct keylog *keylog);

/* Forgets the line begun. */
void keylog_free(struct keylog *keylog);
