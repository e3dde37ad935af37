/* http1_half: what one direction of an HTTP/1 connection tells its sink, and the state it is in
 * then. Private to http1. All return FEED_OK or FEED_NOMEM, which settles both directions. */
#pragma once

#include "dissector/http/http1.h"

/* Whether a message's head was passed on and its end was not. */
bool http1_half_is_open(const struct http1_half *half);

enum feed http1_half_settle_nomem(struct http1_half *half);

void http1_half_note(struct http1_half *half, const struct anomaly *anomaly);

/* What is gathered is a whole head: passes it on and enters its body, or ends it. */
enum feed http1_half_begin(struct http1_half *half, const struct origin *origin);

/* What is gathered is the beginning of a head, at least its start line, and the rest will not come:
 * passes on the whole lines of it. The message is then open and has to be ended. */
enum feed http1_half_begin_cut(struct http1_half *half, const struct origin *origin);

/* Body bytes, or their gap; not passed on when unwanted. */
enum feed http1_half_pass_body(struct http1_half *half, struct span bytes,
                               const struct origin *origin);
enum feed http1_half_pass_gap(struct http1_half *half, uint64_t n_bytes, bool is_cut,
                              const struct origin *origin);

/* n_bytes of the left_bytes of a body or chunk have gone by. */
enum feed http1_half_advance(struct http1_half *half, uint64_t n_bytes,
                             const struct origin *origin);

/* Ends the open message; the next one is expected. */
enum feed http1_half_end(struct http1_half *half, enum end why, const struct origin *origin);

/* The search for a message passes over these bytes, or begins with them. */
enum feed http1_half_pass_stray(struct http1_half *half, struct span bytes,
                                const struct origin *origin);

/* What comes next is not known: forgets all but the current line and looks for a message. hole: as
 * lost() is told it (message.h). */
void http1_half_lose_place(struct http1_half *half, const struct http_hole *hole,
                           const struct origin *origin);
