/* decode_response: what was answered: the body of a response in, the events of its document out.
 * What struct exchange_ops says of these four; ctx is the decoder. */
#pragma once

#include "dissector/http/exchange.h"

enum http_body decode_response(void *ctx, struct exchange *exchange, const struct origin *origin);
enum feed decode_response_body(void *ctx, struct exchange *exchange, struct span bytes,
                               const struct origin *origin);
enum feed decode_response_gap(void *ctx, struct exchange *exchange, uint64_t n_bytes, bool is_cut,
                              const struct origin *origin);
enum feed decode_response_end(void *ctx, struct exchange *exchange, enum end why,
                              const struct origin *origin);
