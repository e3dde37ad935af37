/* record: the bytes of one direction in, TLS records out (RFC 8446 §5.1, RFC 5246 §6.2.1). Knows
 * headers and lengths, no key and no content.
 *
 * A gap inside a record costs that record. A gap over its end, or bytes that are no record header,
 * cost the place: then the next header is looked for, one behind whose record another header
 * follows or, where nothing follows yet, one whose record the taker knows as its own. What was lost
 * is told with the next record. A body is copied only when it straddles feeds. At most one record
 * is kept. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/base/sink.h"

enum {
    RECORD_CCS = 20,
    RECORD_ALERT = 21,
    RECORD_HANDSHAKE = 22,
    RECORD_DATA = 23,
};

enum {
    RECORD_HEADER_BYTES = 5,
    RECORD_MAX_BODY_BYTES = 16384 + 2048, /* RFC 5246 §6.2.3; TLS 1.3 allows 256 more than 16384 */
};

/* What is missing before a record. */
struct record_loss {
    uint64_t n_bytes;   /* headers included; 0: nothing */
    uint64_t n_records; /* 0: not known */
    bool is_cut;        /* by the snap length */
};

struct record {
    uint8_t type;
    uint16_t version;
    struct span body; /* borrowed */
    struct record_loss lost;
    bool is_sure;         /* false: behind a loss, and nothing follows it yet */
    struct origin origin; /* of its last byte */
};

enum record_answer {
    RECORD_TAKEN,
    RECORD_REFUSED, /* only of one that is not sure: it is none, look further */
    RECORD_STOP,    /* nothing more is needed */
    RECORD_NOMEM,
};

struct record_sink {
    enum record_answer (*record)(void *ctx, const struct record *record);
    void *ctx;
};

struct records {
    /* fields are private */
    struct record_sink sink;
    struct buf kept;
    struct record_loss lost;
    uint64_t left_bytes; /* of a record that is lost in part, to be passed over */
    uint64_t max_search_bytes, searched_bytes;
    bool is_searching;
    enum feed settled;
};

/* Gives up with FEED_STOP when max_search_bytes were searched in vain. */
void records_init(struct records *records, uint64_t max_search_bytes, struct record_sink sink);

enum feed records_feed(struct records *records, struct span bytes, const struct origin *origin);
enum feed records_gap(struct records *records, uint64_t n_bytes, bool is_cut);

/* Takes what is missing, once it is over and a number of whole records: the next byte begins a
 * record. Then it is not told with that record. False: nothing, or more than that is missing. */
bool records_take_lost(struct records *records, struct record_loss *lost);

/* Whether the place is lost and nothing has come since. */
bool records_is_behind_hole(const struct records *records);

/* What is missing behind the last record: losses, and a record that was not ended. */
struct record_loss records_lost(const struct records *records);

size_t records_buffered_bytes(const struct records *records);
void records_free(struct records *records);

/* Whether bytes (at least one) can begin a record; fewer than a header may be enough to say no. */
bool record_is_possible(struct span bytes);
