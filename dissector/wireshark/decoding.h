/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decoding: the document of one answer, decoded by dav/ and held together until it is shown: the
 * verdict stands above the resources and is known only behind them. Bounded: what finds no room is
 * counted, not kept. */
#pragma once

#include "dissector/wireshark/pairing.h"

struct decoding {
    bool is_document; /* otherwise nothing below is meant */
    struct document_end end;
    const struct resource *const *resources;
    size_t n_resources; /* kept; end.n_resources counts all, with several hrefs each */
    const struct anomaly *const *notes;
    size_t n_notes;
    uint64_t n_left_out; /* resources that found no room */
    /* private */
    struct arena arena;
    struct list resource_list, note_list;
    bool keeps_resources;
};

struct decoding_params {
    const struct answer *answer;
    struct span body;
    size_t max_bytes; /* of the body; what lies behind is not decoded: the document is incomplete */
    bool keeps_resources; /* false: counts and notes are enough */
    struct origin origin;
};

void decoding_run(struct decoding *decoding, const struct decoding_params *params);
void decoding_free(struct decoding *decoding);

/* The counts, in memory of the open capture file. */
struct summary decoding_summary(const struct decoding *decoding, const struct exchange *exchange);
