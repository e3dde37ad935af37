/* decode_exchange: an exchange that may carry a document: the decoders of its two bodies and what
 * they found, hung on exchange->user. Shared by decode.c, decode_request.c and decode_response.c;
 * private to them. */
#pragma once

#include "dissector/decode.h"
#include "dissector/http/chunk_watch.h"
#include "dissector/http/content.h"

/* One body on its way through its content codings. */
struct decode_body {
    bool is_open;
    bool has_gap;
    bool is_cut;            /* a gap made by the snap length */
    bool is_limited;        /* decoding was given up at a limit of ours */
    uint64_t missing_bytes; /* in gaps */
    struct content content;
};

struct decode {
    struct decoder *decoder;
    struct exchange *exchange;
    struct request request;
    struct request_body *request_body;
    struct document *document;
    struct decode_body body[2];     /* by enum dir */
    struct chunk_watch chunk_watch; /* of a response whose framing is not known */
    uint64_t number;                /* of the document, when it has begun */
    bool has_begun;
    size_t counted_bytes; /* of it, in decoder->n_bytes */
};

/* Of an exchange that has been seen so far. NULL: no memory. */
struct decode *decode_open(struct decoder *decoder, struct exchange *exchange);

/* NULL: no body of it is wanted. */
struct decode *decode_of(const struct exchange *exchange);

/* Begins a body: take gets it decoded, with the decode as its ctx. FEED_OK or FEED_NOMEM. */
enum feed decode_body_open(struct decode *decode, enum dir dir,
                           enum feed (*take)(void *, struct span, const struct origin *));

/* FEED_STOP: nothing more is needed of it, or it is not wanted at all. */
enum feed decode_body_feed(struct exchange *exchange, enum dir dir, struct span bytes,
                           const struct origin *origin);

/* An anomaly of the exchange; ctx: its decode. */
void decode_note(void *ctx, const struct anomaly *anomaly);

struct event decode_event(const struct decode *decode, enum event_kind kind,
                          const struct origin *origin);

/* Hands an event to the sink, unless it has asked for no more. */
enum feed decode_emit(struct decoder *decoder, struct event *event);

/* To be called behind whatever may have changed what is held for the exchange. */
void decode_recount(const struct exchange *exchange);

void decode_close(struct decode *decode);
