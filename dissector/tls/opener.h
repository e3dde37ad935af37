/* opener: which key and which sequence number open the next record of one direction.
 *
 * Keys follow one another: in TLS 1.3 those for early data, for the handshake, for data, and one
 * generation of these after another; before it those of each handshake. Usually the next number of
 * the present key is right. After a loss the numbers behind it are tried too, as many as the
 * missing bytes can have held, and the keys that may have come in between; at most
 * limits.max_tls_tries until a record is opened again. When the ServerHello was not seen, the
 * suites of TLS 1.3 that go with the length of the secret are tried. What opens is authentic, so
 * trying cannot mislead. One owner thread. */
#pragma once

#include "dissector/base/limit.h"
#include "dissector/tls/keys.h"
#include "dissector/tls/record.h"

enum opener_epoch {
    OPENER_PLAIN,
    OPENER_EARLY,     /* TLS 1.3, client only */
    OPENER_HANDSHAKE, /* TLS 1.3 */
    OPENER_DATA,      /* TLS 1.2 and before: protected */
};

struct opener {
    /* epoch may be read, the other fields are private */
    enum opener_epoch epoch;
    const struct limits *limits;
    const struct secrets *secrets;
    const struct keys_facts *facts;
    enum dir dir;
    struct crypt crypt;
    const struct suite *suite; /* of the traffic secret */
    uint8_t traffic[SECRET_MAX_BYTES];
    uint8_t traffic_len;
    uint64_t sequence;
    struct record_loss missing; /* since the last record that opened */
    bool is_in_doubt;           /* nothing was opened with this key yet, and bytes are missing */
    bool is_unchained;          /* the end of the record before the next one was not seen */
    size_t tries_left;
};

struct opened {
    uint8_t type; /* of the content */
    struct span content;
    bool is_padded;
    bool is_behind_loss;
    bool is_cut;              /* the loss was made by the snap length */
    bool may_lack_early;      /* early data may have stood before the first record of later keys */
    uint64_t n_missing_bytes; /* of content, before this one; SINK_ALL: not known */
    uint64_t n_missing_records;
    uint64_t n_likely_bytes; /* of content, if all that is missing was under the present key */
};

enum opener_answer {
    OPENER_OPENED,
    OPENER_SEALED,     /* by no key that is known now */
    OPENER_LACKS_KEYS, /* no secret of this direction is known that could open it */
};

/* The pointers must outlive it. */
void opener_init(struct opener *opener, const struct limits *limits, const struct secrets *secrets,
                 const struct keys_facts *facts);

/* Whether the records of the connection are those of TLS 1.3. */
bool opener_is_tls13(const struct opener *opener);

/* Opens a record into out (room for its body), from which opened->content is borrowed. */
enum opener_answer opener_open(struct opener *opener, const struct record *record, uint8_t *out,
                               struct opened *opened);

/* Bytes are missing before the next record. */
void opener_lose(struct opener *opener, const struct record_loss *lost);

/* Whole records of data are missing before the next one: passes over their numbers and tells the
 * bytes of their content. False when that cannot be told; then it is as opener_lose. */
bool opener_pass_over(struct opener *opener, const struct record_loss *lost, uint64_t *n_bytes);

/* A record that was not opened belongs to the connection: it is missing. */
void opener_miss(struct opener *opener, const struct record *record);

/* What is missing stood before the keys that hold from now on. */
void opener_forget_loss(struct opener *opener);

/* One of n openers that try together no more numbers than one may, until a record opens. */
void opener_share_tries(struct opener *opener, size_t n);

/* Whether something is missing since the last record that opened. */
bool opener_is_missing(const struct opener *opener);

/* TLS 1.2 and before: ChangeCipherSpec; the keys of the last hellos hold from now on. */
enum opener_answer opener_change_cipher(struct opener *opener);

/* TLS 1.3: Finished and KeyUpdate; the next keys hold from now on. */
void opener_begin_data(struct opener *opener);
void opener_update(struct opener *opener);

void opener_free(struct opener *opener);
