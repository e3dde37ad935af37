/* anomaly: something odd that was seen on the wire, or a limit that was met. Anomalies are data:
 * they ride on the exchange they touch and never stop the program.
 *
 * A new kind is one enum value here and one row (its name) in anomaly.c. */
#pragma once

#include "dissector/base/origin.h"

#include <stdbool.h>

enum anomaly_kind {
    /* bytes that were not seen */
    ANOMALY_CAPTURE_GAP,   /* bytes the peer acknowledged, or that later bytes prove; bytes = n */
    ANOMALY_SNAPLEN,       /* the tail of a frame was cut by the snap length; bytes = n */
    ANOMALY_JOINED_MIDWAY, /* the beginning of the connection or message was not captured */
    ANOMALY_EVICTED,       /* forgotten to stay inside a limit of ours */
    /* TCP */
    ANOMALY_OVERLAP_CONFLICT, /* a retransmission carried other bytes; the first copy was kept */
    /* TLS */
    ANOMALY_TLS_RECORD, /* a record that none of the keys known opens, or a changed one */
    /* HTTP */
    ANOMALY_START_LINE,      /* none where one must be: resynchronised; or text = what is odd */
    ANOMALY_FIELD_LINE,      /* a header line without a colon, or with a forbidden byte */
    ANOMALY_OBS_FOLD,        /* a folded header line, RFC 9112 §5.2 */
    ANOMALY_BARE_LF,         /* lines end with LF alone */
    ANOMALY_LENGTH_CONFLICT, /* several Content-Length, or one beside Transfer-Encoding */
    ANOMALY_CHUNK,           /* a chunk-size line or chunk end that cannot be read */
    ANOMALY_TRUNCATED,       /* the sender stopped before its own framing said so */
    ANOMALY_UNPAIRED,        /* a response whose request was not seen */
    ANOMALY_HTTP2_FRAME,     /* a frame that cannot be, or not there; text = what is wrong */
    ANOMALY_HPACK,           /* a header block that breaks RFC 7541; text = how */
    ANOMALY_LIMIT,           /* one of struct limits was met; text = the limit's name */
    /* content codings */
    ANOMALY_CODING_UNKNOWN,     /* a coding this build cannot undo; text = its name */
    ANOMALY_CODING_UNLABELLED,  /* coded, although no header says so */
    ANOMALY_CODING_MISLABELLED, /* a header names a coding, and the bytes are not so coded */
    ANOMALY_CODING_DAMAGED,     /* the coded bytes are corrupt or stop too early */
    ANOMALY_CODING_TRAILING,    /* bytes after the end of the coded content */
    /* documents */
    ANOMALY_XML_MALFORMED,  /* not well-formed; text = construct and reason, offset = byte */
    ANOMALY_XML_NAMESPACE,  /* an undeclared prefix or a wrong name for DAV: */
    ANOMALY_XML_DTD,        /* a DTD was present; it was refused */
    ANOMALY_XML_ENCODING,   /* declared and real encoding differ, or bytes are invalid in it */
    ANOMALY_XML_EXTRA,      /* bytes before the XML or after its root */
    ANOMALY_JSON_MALFORMED, /* no JSON; offset = byte behind which it is none */
    ANOMALY_N
};

/* Longest text of an anomaly with its NUL. It is for people; longer ones are cut with "…". */
enum { ANOMALY_TEXT_BYTES = 120 };

struct anomaly {
    enum anomaly_kind kind;
    struct origin origin;
    uint64_t offset;  /* byte in the decoded body it speaks of, when has_offset */
    uint64_t n_bytes; /* how many bytes it concerns; 0 = not a matter of bytes */
    bool has_offset;
    char text[ANOMALY_TEXT_BYTES]; /* valid UTF-8, NUL-terminated, printable; may be empty */
};

/* The kind's name in output: lower case with hyphens ("capture-gap"). Never NULL. */
const char *anomaly_name(enum anomaly_kind kind);

/* Makes an anomaly without offset. text may be NULL. Text from captured bytes is made printable:
 * control bytes and invalid UTF-8 become '?'. */
struct anomaly anomaly_make(enum anomaly_kind kind, const struct origin *origin, uint64_t n_bytes,
                            const char *text);
