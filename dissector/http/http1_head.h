/* http1_head: the bytes of one whole HTTP/1 head in, struct http_head with its framing out.
 * RFC 9112 §3 to §6.
 *
 * The head's spans point into the bytes given or, where a value does not stand in one piece there
 * (repeated fields, folded lines), into memory owned here: valid until http1_head_free. Oddities
 * are tolerated and told by their notes. */
#pragma once

#include "dissector/base/limit.h"
#include "dissector/http/message.h"

enum http1_note {
    HTTP1_NOTE_BARE_LF,
    HTTP1_NOTE_OBS_FOLD,
    HTTP1_NOTE_START_CONTROL,      /* in the target or the reason; kept as it is */
    HTTP1_NOTE_METHOD,             /* there is none then */
    HTTP1_NOTE_NO_FIELD,           /* a line that is no field line; passed over */
    HTTP1_NOTE_SPACE_BEFORE_COLON, /* taken as if it were not there */
    HTTP1_NOTE_FORBIDDEN_BYTE,     /* NUL or CR inside a copied value */
    HTTP1_NOTE_LENGTHS_DIFFER,     /* the first counts */
    HTTP1_NOTE_LENGTH_MALFORMED,   /* as if it were not there */
    HTTP1_NOTE_LENGTH_AND_CODING,  /* Transfer-Encoding wins */
    HTTP1_NOTE_CHUNKED_NOT_LAST,   /* RFC 9112 §6.3: responses end with the connection */
    HTTP1_NOTE_MAX_FIELDS,         /* further fields count for the framing alone */
    HTTP1_NOTE_MAX_FIELD_BYTES,
    HTTP1_NOTE_N,
};

/* What a note says: a kind and a text for struct anomaly. */
struct http1_note_text {
    enum anomaly_kind kind;
    const char *text;
};
extern const struct http1_note_text http1_note_texts[HTTP1_NOTE_N];

struct http1_head {
    struct http_head head;
    bool is_noted[HTTP1_NOTE_N];
    /* private */
    uint8_t *joined;
    size_t joined_len;
};

/* bytes: from a start line of dir (http1_start_parse says so) up to and including the empty line.
 * Everything is set but head.first. FEED_NOMEM or FEED_OK. */
enum feed http1_head_parse(struct http1_head *parsed, const struct limits *limits, enum dir dir,
                           struct span bytes);

void http1_head_free(struct http1_head *parsed);

/* Sets framing and content_length from version, status and fields, RFC 9112 §6.3, for a message
 * whose request was neither HEAD nor CONNECT. Used by http1_head_parse. */
void http1_framing(struct http1_head *parsed, enum dir dir);
