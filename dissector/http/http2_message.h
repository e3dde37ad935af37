/* http2_message: what one direction of an HTTP/2 connection tells its sink about the messages of
 * its streams. Private to http2. All return FEED_OK or FEED_NOMEM, which settles both directions.
 */
#pragma once

#include "dissector/http/http2.h"
#include "dissector/http/http2_head.h"
#include "dissector/http/http2_stream.h"

enum feed http2_settle_nomem(struct http2 *http2);

/* Of a message on stream, or 0: of none. */
void http2_note(struct http2_half *half, uint32_t stream, enum anomaly_kind kind, const char *text,
                const struct origin *origin);

/* The message that half sends on a stream, when it is open; else NULL. */
struct http2_message *http2_message_find(const struct http2_half *half, uint32_t stream);

/* A head on a stream: without a body, as head->head.framing says, the message ends with it. Interim
 * responses come and end. Beyond limits.max_streams the stream that was opened first is given up.
 */
enum feed http2_message_begin(struct http2_half *half, uint32_t stream,
                              const struct http2_head *head, const struct origin *origin);

/* The fields behind a body, or none, which end a message. */
enum feed http2_message_trailers(struct http2_half *half, uint32_t stream,
                                 const struct http2_head *head, const struct origin *origin);

/* DATA, of the stream of half->frame. First: n_bytes of content are next; what a hole took of the
 * body before them is told then. */
enum feed http2_data_begin(struct http2_half *half, uint32_t n_bytes, const struct origin *origin);
enum feed http2_data_bytes(struct http2_half *half, struct span bytes, const struct origin *origin);
/* gap: of so many bytes of the content. */
enum feed http2_data_gap(struct http2_half *half, const struct anomaly *gap);
/* What half->hole took, it took from this body; how much of it, is not known. */
enum feed http2_data_hole(struct http2_half *half, const struct origin *origin);
bool http2_data_is_wanted(const struct http2_half *half);
void http2_data_skipped(struct http2_half *half, uint64_t n_bytes);

/* The content is over: so is the message, when the frame says so. */
enum feed http2_data_end(struct http2_half *half, enum end why, const struct origin *origin);

/* Why a stream is closed before its messages have ended. */
struct http2_closing {
    enum end why;
    enum anomaly_kind kind;
    const char *text; /* NULL: nothing odd about it */
};
enum feed http2_stream_close(struct http2 *http2, uint32_t stream,
                             const struct http2_closing *closing, const struct origin *origin);

/* The bytes of half are over: ends what is open. */
enum feed http2_messages_finish(struct http2_half *half, enum end why, const struct origin *origin);
