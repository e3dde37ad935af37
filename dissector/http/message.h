/* message: one HTTP request or response as it goes by: head, body, end. HTTP/1 and HTTP/2 emit the
 * same, so what follows need not know which it was. RFC 9110.
 *
 * Of the header fields only the allow-listed ones below are ever copied. Credentials and cookies
 * have no row, so they cannot leave http/. */
#pragma once

#include "dissector/base/sink.h"

enum http_field {
    HTTP_HOST,
    HTTP_USER_AGENT,
    HTTP_SERVER,
    HTTP_CONTENT_TYPE,
    HTTP_CONTENT_ENCODING,
    HTTP_ACCEPT_ENCODING,
    HTTP_CONTENT_LENGTH,
    HTTP_CONTENT_LOCATION,
    HTTP_TRANSFER_ENCODING,
    HTTP_CONNECTION,
    HTTP_UPGRADE,
    HTTP_EXPECT,
    HTTP_DATE,
    HTTP_LOCATION,
    HTTP_RETRY_AFTER,
    HTTP_ETAG,
    HTTP_OC_ETAG,
    HTTP_IF_MATCH,
    HTTP_IF_NONE_MATCH,
    HTTP_IF_SCHEDULE_TAG_MATCH,
    HTTP_LINK,
    HTTP_VIA,
    HTTP_FORWARDED,
    HTTP_X_FORWARDED_HOST,
    HTTP_X_FORWARDED_PROTO,
    HTTP_X_FORWARDED_PREFIX,
    HTTP_DAV,
    HTTP_DEPTH,
    HTTP_DESTINATION,
    HTTP_OVERWRITE,
    HTTP_PREFER,
    HTTP_PREFERENCE_APPLIED,
    HTTP_BRIEF,
    HTTP_TRANSLATE,
    HTTP_X_HTTP_METHOD_OVERRIDE,
    HTTP_X_HTTP_METHOD,
    HTTP_X_METHOD_OVERRIDE,
    HTTP_FIELD_N
};

/* The field's name in lower case ("user-agent"). */
const char *http_field_name(enum http_field field);

/* The field a name (any case) stands for, or HTTP_FIELD_N when it is not allow-listed. */
enum http_field http_field_find(struct span name);

enum http_framing {
    HTTP_FRAMING_NONE,   /* no body follows */
    HTTP_FRAMING_LENGTH, /* content_length bytes */
    HTTP_FRAMING_CHUNKED,
    HTTP_FRAMING_UNTIL_CLOSE, /* HTTP/1 only */
    HTTP_FRAMING_STREAM,      /* HTTP/2: until END_STREAM */
};

/* A head as parsed. All spans are borrowed until the callback returns. */
struct http_head {
    uint8_t version_major, version_minor;
    struct span method;               /* requests; any token; empty: not known (HTTP/2) */
    struct span target;               /* requests; as sent */
    struct span reason;               /* HTTP/1 responses; may be empty */
    uint16_t status;                  /* responses; 100..999, or 0: not known (HTTP/2) */
    struct span fields[HTTP_FIELD_N]; /* ptr NULL = absent; repeated fields joined with ", " */
    bool is_cut[HTTP_FIELD_N];        /* the value was longer than limits.max_field_bytes */
    bool is_partial;                  /* the rest was not seen: what is absent may have been sent */
    bool is_right_behind_loss;        /* HTTP/1: no byte came between a loss and this */
    bool is_found;                    /* by a search: it may be text in a body that began before */
    bool is_behind_end; /* requests: and there is one, the end of which was seen before this, and
                           the server said nothing since */
    bool has_authorization; /* credentials were sent; their value is never copied */
    bool has_lock_token;    /* If or Lock-Token was sent; the tokens are never copied */
    uint64_t
        lock_token;   /* the fingerprint of that of Lock-Token, else of the first in If; 0: none */
    uint64_t account; /* tells accounts apart: a fingerprint of what stays the same in credentials
                         from request to request; 0: none were sent, or nothing stays the same */
    enum http_framing framing;
    uint64_t content_length; /* with HTTP_FRAMING_LENGTH */
    uint64_t head_bytes;     /* of the head on the wire */
    struct origin first; /* where its first byte was; the callback's origin completed the head, */
    struct origin last;  /* or showed that its rest is lost: then where the last byte of it was */
};

/* Whether something may be known of a field although its value is never kept: credentials, lock
 * tokens. name: any case. */
bool http_is_secret(struct span name);

/* Then this: a fingerprint of what in the value stays the same from request to request and tells
 * accounts, or locks, apart; 0: nothing does. */
uint64_t http_secret_fingerprint(struct span name, struct span value);

/* Notes in head that the secret was sent. Any other field is passed over. */
void http_head_note_secret(struct http_head *head, struct span name, uint64_t fingerprint);

/* What of a loss was in no body, as far as is known. */
struct http_hole {
    uint64_t n_bytes; /* 0: not known */
    bool is_cut;      /* by the snap length */
    bool has_begun;   /* a message has, in what is lost, for certain */
};

/* What the taker of a head says about the body. */
enum http_body {
    HTTP_BODY_WANTED,
    HTTP_BODY_UNWANTED, /* framed as said and skipped */
    HTTP_BODY_UNSURE, /* wanted if there is one: the request was not seen and may have been HEAD */
    HTTP_BODY_ABSENT, /* whatever the fields say, none follows: the request was HEAD */
    HTTP_BODY_TUNNEL, /* the connection is no longer HTTP: 2xx to CONNECT, 101 */
    HTTP_BODY_NOMEM,
};

/* stream: 0 in HTTP/1; the HTTP/2 stream id otherwise. Messages of one stream and direction come
 * one after the other: head, body and gap in any number, end. Interim (1xx) responses come as a
 * head and an end. All callbacks obey the rules in base/sink.h. */
struct http_ops {
    enum http_body (*head)(void *ctx, enum dir dir, uint32_t stream, const struct http_head *head,
                           const struct origin *origin);
    /* Body bytes after transfer coding. FEED_STOP: the rest of this body is not needed. */
    enum feed (*body)(void *ctx, enum dir dir, uint32_t stream, struct span bytes,
                      const struct origin *origin);
    /* n body bytes will never come; n = 0 when their number cannot be known, and a note tells how
     * many bytes are lost in all. */
    enum feed (*gap)(void *ctx, enum dir dir, uint32_t stream, uint64_t n_bytes, bool is_cut,
                     const struct origin *origin);
    void (*note)(void *ctx, enum dir dir, uint32_t stream, const struct anomaly *anomaly);
    /* END_COMPLETE: the framing was satisfied. body_bytes: of the body on the wire, framing apart,
     * gaps and skipped bytes included. */
    enum feed (*end)(void *ctx, enum dir dir, uint32_t stream, enum end why, uint64_t body_bytes,
                     const struct origin *origin);
    /* A loss or damage was so large that messages of this direction may be missing entirely. What
     * waits for its other half must not be paired with what follows. hole: NULL: it was damage, or
     * is told again behind the head of a request that may be among those answered in it. */
    void (*lost)(void *ctx, enum dir dir, const struct http_hole *hole,
                 const struct origin *origin);
    /* HTTP/2: dir ends this stream before its time; what is open on it ends now. May be NULL. */
    void (*reset)(void *ctx, enum dir dir, uint32_t stream, const struct origin *origin);
    /* HTTP/2: nothing more will come on this stream; what is open on it has been ended. */
    void (*closed)(void *ctx, uint32_t stream, const struct origin *origin);
    /* HTTP/1: bytes the server sent that were passed over in the search for its next message: those
     * of a message whose head was lost. The beginning of that next message may be among them. May
     * be NULL. */
    enum feed (*stray)(void *ctx, struct span bytes, const struct origin *origin);
    /* HTTP/1: whether the client asked for HTTP/2, and no answer to that was seen. May be NULL. */
    bool (*may_upgrade)(void *ctx);
    /* The answer that was not seen switched the connection. FEED_OK or FEED_NOMEM. */
    enum feed (*upgraded)(void *ctx);
};

struct http_sink {
    const struct http_ops *ops;
    void *ctx;
};
