/* qpack: the field sections and the encoder stream of one direction in, header fields out. RFC
 * 9204.
 *
 * Tolerant as hpack is: what names an entry that was never seen comes out as unknown, and the rest
 * is read. Sections and encoder stream come in any order between each other: qpack_is_ready says
 * whether all that a section names has come.
 *
 * in:  qpack_allow with what the decoder's SETTINGS say; qpack_insert with the bytes of the encoder
 *      stream, in order; for each section qpack_begin, then qpack_next until it says HPACK_END.
 * out: fields as those of hpack.h, valid until the next call.
 *
 * Linear in the bytes given; memory is bounded by params and max_instruction_bytes. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/base/sink.h"
#include "dissector/http/hpack.h"

struct qpack {
    /* fields are private */
    struct hpack_params params;
    struct hpack_table table;
    struct buf instruction; /* the beginning of one of the encoder's */
    uint64_t n_inserted;
    uint64_t n_entries_allowed; /* at most in the encoder's table; 0: not known */
    bool is_lost;               /* the encoder stream cannot be followed any more */
    struct reader section;
    uint64_t base, n_required; /* of the section */
    struct hpack_scratch scratch;
};

void qpack_init(struct qpack *qpack, const struct hpack_params *params,
                size_t max_instruction_bytes);

/* SETTINGS_QPACK_MAX_TABLE_CAPACITY of the other direction. */
void qpack_allow(struct qpack *qpack, uint64_t capacity_bytes);

/* The next bytes of the encoder stream. FEED_STOP, FEED_NOMEM: they cannot be read; the table is
 * forgotten. */
enum feed qpack_insert(struct qpack *qpack, struct span bytes);

/* Bytes of the encoder stream are missing. */
void qpack_lose(struct qpack *qpack);

/* Reads the prefix of a whole field section. False: it cannot be read. */
bool qpack_begin(struct qpack *qpack, struct span section);

/* Whether the entries that the section needs have been inserted, or never will be. */
bool qpack_is_ready(const struct qpack *qpack);

/* HPACK_FIELD, HPACK_END, HPACK_DAMAGED or HPACK_NOMEM. */
enum hpack_step qpack_next(struct qpack *qpack, struct hpack_field *field);

void qpack_free(struct qpack *qpack);
