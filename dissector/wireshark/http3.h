/* SPDX-License-Identifier: GPL-2.0-or-later */
/* http3: the messages of one HTTP/3 connection, joined from the STREAM frames that the host's QUIC
 * dissector has decrypted.
 *
 * The host's own HTTP/3 shows frames, not which stream they are of, and release 4.0 no heads. So
 * only what it shows of QUIC is taken, which is tested with 4.0.17; of the releases behind it the
 * sources were read, in which these fields have the same names. Streams and heads come from http/.
 * A message is given when its last piece has come, in whichever frame that was, so bodies may be
 * spread over many packets, mixed with others, out of order and sent again.
 *
 * Bounded: of the streams for both sides that are open at once the oldest is given up; an answer
 * with a body that was wanted is then told as cut. What cannot be read, or not yet, is noted at the
 * frame where that begins. */
#pragma once

#include "dissector/wireshark/message.h"

/* Lives as long as the capture file is open. */
struct http3_note {
    enum http3_note_kind {
        HTTP3_NOTE_WAITS,    /* a head waits for what the QPACK encoder sends, */
        HTTP3_NOTE_PARTIAL,  /* or was read without that, as too many wait */
        HTTP3_NOTE_GIVEN_UP, /* the stream: too many are open, or too much of it is missing */
    } kind;
    uint64_t stream_id;
    bool is_settled;         /* what it waited for has come: there is nothing to tell */
    struct http3_note *next; /* of who is told */
};

struct http3; /* opaque; lives as long as the capture file is open */

struct http3_calls {
    /* A head: is_request, or is_response with a final status; status 0: it could not be read.
     * -> whether the body is wanted. Spans are packet memory. */
    bool (*head)(void *ctx, const struct message *message);
    /* The message is over; its body if it was wanted, valid until the call returns. */
    void (*end)(void *ctx, const struct message *message);
    void (*note)(void *ctx, struct http3_note *note);
};

/* max_streams: for both sides, open at once; each direction counts. */
struct http3 *http3_new(size_t max_streams);

/* Takes a piece; the calls come before this returns. */
void http3_take(struct http3 *http3, const struct message *piece, packet_info *pinfo,
                const struct http3_calls *calls, void *ctx);
