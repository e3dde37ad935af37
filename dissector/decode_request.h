/* decode_request: what was asked: the head and body of a request, to its struct decode. What
 * struct exchange_ops says of these four; ctx is the decoder. */
#pragma once

#include "dissector/http/exchange.h"

enum http_body decode_request(void *ctx, struct exchange *exchange, const struct origin *origin);
enum feed decode_request_body(void *ctx, struct exchange *exchange, struct span bytes,
                              const struct origin *origin);
enum feed decode_request_gap(void *ctx, struct exchange *exchange, uint64_t n_bytes, bool is_cut,
                             const struct origin *origin);
enum feed decode_request_end(void *ctx, struct exchange *exchange, enum end why,
                             const struct origin *origin);
