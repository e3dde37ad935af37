/* http_record: an http_sink and an exchange_sink that write their calls into a call_log.
 *
 * Messages (C client, S server):          Exchanges (N its number):
 *     C head PROPFIND /a 1.1 length 7         N request PROPFIND /a [length 7]
 *     S head 207 Multi-Status 1.1 chunked     N response 207 [chunked]
 *     C body BYTES                            N request-body BYTES
 *     C gap 10 (cut)                          N request-gap 10 (cut)
 *     C note KIND TEXT                        N ended METHOD TARGET STATUS !KIND(TEXT) and M more
 *     C end WHY BODY_BYTES                    N request-end WHY BODY_BYTES
 *     C lost
 *     closed 5
 *
 * C5 and S5: of a message on HTTP/2 stream 5.
 * "partial" behind a head: the rest of it was not seen. A target that was cut ends with '!'; "?"
 * stands for a request that was not seen. */
#pragma once

#include "dissector/http/exchange.h"
#include "tests/support/call_log.h"
#include "tests/support/stream_play.h"

/* What a test makes of a head; the defaults (NULL) want every body. */
struct http_record {
    struct call_log log;
    const struct limits *limits; /* NULL: the defaults */
    enum http_body (*on_message)(enum dir dir, const struct http_head *head);
    enum http_body (*on_exchange)(enum dir dir, const struct exchange *exchange);
    enum feed body_answer; /* to every body callback */
    bool shows_ends_only;  /* of exchanges only the ended lines */
    bool shows_fields;     /* a line "C field NAME VALUE" for each field after the head */
};

struct http_sink http_record_sink(struct http_record *record);
struct exchange_sink http_record_exchange_sink(struct http_record *record);

/* Begins the record's log with the exchanges that plays make, ending what is then open with
 * END_CAPTURE. */
void http_record_play(struct http_record *record, const struct play *plays,
                      const struct play_way *way);
