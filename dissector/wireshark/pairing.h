/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pairing: requests and their answers, and which answers may hold a document.
 *
 * Done once, when the host goes through the frames for the first time and in order. What comes of
 * it is kept as long as the capture file is open, so that any frame can be shown again at any time.
 * HTTP/1 answers are in the order of the requests; those of HTTP/2 and 3 have their stream. After
 * bytes that were not captured the newest HTTP/1 request counts, since it cannot be told which
 * older ones were answered meanwhile; none does when an answer is lost and a request behind it. */
#pragma once

#include "dissector/wireshark/exchange.h"
#include "dissector/wireshark/http3.h"

/* What a document came to; kept for statistics and the list of frames. */
struct summary {
    enum verdict verdict;
    const char *operation; /* its name, or the method */
    uint64_t n_resources;
    uint64_t by_class[OUTCOME_N];
    struct status_count {
        uint16_t status; /* 0: no status could be read */
        uint32_t n;
    } * by_status;
    size_t n_statuses;
};

/* A response in a frame whose body is looked into. */
struct answer {
    const struct exchange *exchange;
    bool has_body;
    int source; /* which of the frame's data sources holds it */
    int start, length;
    uint8_t *joined;        /* HTTP/3: the body instead, of that length; memory of the open file */
    const char *cut_reason; /* document_finish_params */
    uint64_t missing_bytes;
    bool is_looked_at; /* then: */
    bool is_document;  /* and then: */
    struct summary summary;
    struct answer *next; /* in the frame */
};

/* protocol: of the plugin, the owner of what is kept. Once. */
void pairing_init(int protocol);

/* First pass: takes in what a frame brings. max_streams: of HTTP/3, see http3.h. */
void pairing_take(packet_info *pinfo, proto_tree *tree, size_t max_streams);

/* What is to be told of streams of HTTP/3 at a frame, or NULL. */
const struct http3_note *pairing_notes(packet_info *pinfo);

/* The answers of a frame, or NULL. */
struct answer *pairing_answers(packet_info *pinfo);

/* The body, borrowed from the frame, or shown beside it; NULL: there is none, or the frame now
 * looks different. */
tvbuff_t *pairing_body(packet_info *pinfo, const struct answer *answer);

/* The answer is no document: its body is not needed again. */
void pairing_forget_body(struct answer *answer);
