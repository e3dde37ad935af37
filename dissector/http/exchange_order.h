/* exchange_order: whether the next HTTP/1 response answers the oldest waiting request.
 *
 * Responses come in the order of their requests (RFC 9112 §9.3.2), so as long as nothing is missing
 * they pair by counting. Once messages may be missing, counting proves nothing: any number of them
 * may have been in the hole. What helps is that almost no client pipelines: it sends a request when
 * it has the whole answer to the one before. For such a client nothing is outstanding when a
 * request begins, and the response that begins next is its answer. So order is known again when a
 * request begins and
 * - since requests went missing, a response has ended or may be missing too (a request that was in
 *   the hole had to be answered before the client went on); if one was in the hole for certain, a
 *   response that stands alone, and
 * - this client never had two requests outstanding, now included: one that did may have had two in
 *   the hole, and is not trusted again on this connection.
 * A client that is seen to have two outstanding later has disproved that, and nothing is known any
 * more. Where requests before the first one were not seen order is known in this way from the
 * start: one of them may still wait.
 *
 * That two are outstanding shows where a request begins before the answer to the last one is over,
 * or while one is due to a request that was lost for certain; where two responses begin and no
 * request between them; and in what TCP acknowledges: a request whose sender had not received all
 * of the last response, or a response whose sender had received nothing of the request that it
 * would answer.
 *
 * In doubt a request ends unanswered and a response stands alone; that costs at most the one
 * exchange hit by the loss when the client does not pipeline. */
#pragma once

#include "dissector/base/origin.h"
#include "dissector/base/sink.h"

struct exchange_order {
    /* fields are private; zeroed = known */
    bool is_lost;
    bool are_answers_lost; /* perhaps, and no message began since */
    bool needs_answer;     /* requests may be missing, and no response has ended since */
    bool is_pipelining;
    bool is_assumed;     /* known as long as the client does not pipeline */
    bool has_asked;      /* a request began or was lost, and no response began since, */
    bool is_answered;    /* or one did */
    uint64_t n_unpaired; /* requests that order tells nothing of, less responses that stood alone */
    uint64_t answer_at;  /* position of the last bytes of the last response; 0 not known */
};

/* Requests before the first one were not seen. */
void exchange_order_assume(struct exchange_order *order);

/* A request begins while another one waits. Returns whether neither can be told by order any more.
 */
bool exchange_order_overlap(struct exchange_order *order);

/* A request begins, its first byte at first; is_busy: an earlier one waits or a response is open.
 * Returns whether its response can be told by order. */
bool exchange_order_request(struct exchange_order *order, const struct origin *first, bool is_busy);

/* A final response begins with bytes of response, and by order it answers the request that begins
 * with bytes of request. False: it cannot, and nothing is known any more. */
bool exchange_order_may_answer(struct exchange_order *order, const struct origin *response,
                               const struct origin *request);

/* A final response begins; is_paired: it answers a request known to wait for it. */
void exchange_order_response(struct exchange_order *order, bool is_paired);

/* A final response has ended; last: of its last bytes, NULL: they were not seen. */
void exchange_order_answered(struct exchange_order *order, const struct origin *last);

/* Whether a loss of responses now leaves no doubt about the one request that waits: nothing was
 * lost before, and the client never had two outstanding. */
bool exchange_order_is_plain(const struct exchange_order *order);

/* Messages that dir sent may be missing; is_certain: one at least has begun in what is lost. */
void exchange_order_lost(struct exchange_order *order, enum dir dir, bool is_certain);
