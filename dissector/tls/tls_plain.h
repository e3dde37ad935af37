/* tls_plain: what leaves tls: plain bytes, their gaps and ends to the sink of a half, and early
 * data, which is kept until the server says whether it takes it. Private to tls*.c. All that return
 * enum feed answer what the sink did, or what the half was settled with. */
#pragma once

#include "dissector/tls/tls_half.h"

/* Whether plain bytes may be among what is missing of a half: behind some, or what the peer waits
 * for. A client speaks first; a server sends tickets before it answers. */
bool tls_plain_may_lack(const struct tls_half *half);

/* n_bytes of content are missing. Where they may be padding or tickets in part, the sink is told
 * that nobody knows how many. */
enum feed tls_plain_gap(struct tls_half *half, uint64_t n_bytes, bool is_cut,
                        const struct origin *origin);

enum feed tls_plain_give(struct tls_half *half, struct span bytes, const struct origin *origin);

enum feed tls_plain_end(struct tls_half *half, enum end why, const struct origin *origin);

void tls_plain_note_sealed(struct tls_half *half, const struct origin *origin);

enum feed tls_plain_keep_early(struct tls *tls, struct span bytes, const struct origin *origin);

/* Early data is missing; nothing of it that comes behind is kept. */
enum feed tls_plain_tear_early(struct tls *tls, bool is_cut, const struct origin *origin);

/* TLS_EARLY_UNSURE: nobody will say whether it was taken; then it counts as missing. */
enum feed tls_plain_decide_early(struct tls *tls, enum tls_early early);
