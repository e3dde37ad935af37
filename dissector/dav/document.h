/* document: the door of dav/. The decoded body of one response in; its resources, judged, and a
 * verdict out. Used alike by the dissector and by the Wireshark plugin.
 *
 * in:  document_open with what is known of the exchange, then the body's bytes in order, then
 *      document_finish. A hole is told by document_gap.
 * out: document_ops, inside the calls: at most one begin (once the root element is known), then
 * resources as they close, notes whenever something odd is met, and one end from document_finish.
 *
 * libxml2 SAX2 push, never a tree; no DTD, no entity but the five, no network (RFC 4918 §17,
 * §20.6). All limits are struct limits. The root decides (DOMAIN.md 1.1, 1.7), not the media type.
 * Not well-formed: resources before the damage are kept, the verdict is undecodable. An undeclared
 * prefix is mapped and flagged. Only direct children of the root count; of property values only
 * those of enum value are kept. One owner thread; sets no global state of libxml2. */
#pragma once

#include "dissector/base/limit.h"
#include "dissector/base/sink.h"
#include "dissector/dav/property_check.h"
#include "dissector/dav/request.h"
#include "dissector/dav/resource.h"

/* DOMAIN.md 2.2; the first that fits wins. */
enum verdict {
    VERDICT_ALL_OK,
    VERDICT_MIXED,
    VERDICT_ALL_FAILED,
    VERDICT_EMPTY,
    VERDICT_UNDECODABLE,
    VERDICT_INCOMPLETE,
    VERDICT_N
};
const char *verdict_name(enum verdict verdict);

enum format {
    FORMAT_XML,
    FORMAT_JSON,
    FORMAT_MULTIPART,
    FORMAT_HTML,
    FORMAT_EMPTY,
    FORMAT_OTHER,
    FORMAT_N
};
const char *format_name(enum format format);

/* Root elements that are recognised, DOMAIN.md 1.2 and 1.7. */
enum root {
    ROOT_NONE, /* none of these; a document only because its HTTP status is 207 */
    ROOT_MULTISTATUS,
    ROOT_ERROR,
    ROOT_MKCOL_RESPONSE,
    ROOT_MKCALENDAR_RESPONSE,
    ROOT_SCHEDULE_RESPONSE,
    ROOT_BATCH, /* results that are no WebDAV: JSON, multipart, XML of another vendor */
    ROOT_LOCKS, /* what a LOCK gave: no document */
};

/* Orthogonal flags of a document; bits. Names ("truncated") by document_flag_name. */
enum document_flag {
    DOCUMENT_TRUNCATED = 1 << 0, /* a 507 marks a page: more is to come; it is not counted */
    DOCUMENT_NS_BROKEN = 1 << 1,
    DOCUMENT_TOKEN_MISSING = 1 << 2,
    DOCUMENT_CONTRADICTION = 1 << 3,
    DOCUMENT_DUPLICATES = 1 << 4,
    DOCUMENT_UNKNOWN = 1 << 5,         /* some resource's outcome is unknown */
    DOCUMENT_WRAPPED = 1 << 6,         /* the multistatus stood inside another root */
    DOCUMENT_UNEXPECTED = 1 << 7,      /* this operation has no Multi-Status */
    DOCUMENT_UNUSUAL = 1 << 8,         /* a 207 where the specification has another status */
    DOCUMENT_OUTCOME_UNKNOWN = 1 << 9, /* a write whose answer cannot be used (RFC 4918 §8.2) */
    DOCUMENT_CUT = 1 << 10,            /* a limit of ours cut something */
    DOCUMENT_MISSING = 1 << 11,        /* something asked for has no answer */
    DOCUMENT_UNSOLICITED = 1 << 12,    /* something was answered that nobody asked for */
    DOCUMENT_HREF_DRIFT = 1 << 13,     /* some href is not as it was asked for: */
    DOCUMENT_SLASH_DRIFT = 1 << 14,    /* enum drift from here on */
    DOCUMENT_ENCODING_DRIFT = 1 << 15,
    DOCUMENT_NFC_NFD = 1 << 16,
    DOCUMENT_DOUBLE_ENCODED = 1 << 17,
    DOCUMENT_DOUBLE_SLASH = 1 << 18,
    DOCUMENT_PROXY_REWRITE = 1 << 19,
    DOCUMENT_CASE_DRIFT = 1 << 20,
    DOCUMENT_FLAG_N = 21,
};
const char *document_flag_name(unsigned i);

/* What the caller knows before the body. Spans must live as long as the document. */
struct document_params {
    const struct limits *limits;
    const struct request *request; /* never NULL; may still be filled until the root is seen */
    uint16_t http_status;
    struct span media_type; /* Content-Type without parameters; empty = none */
    struct span charset;    /* its charset parameter; empty = none */
    struct span boundary;   /* the same */
    bool reads_batches;     /* results in JSON or multipart count whatever the status is, where
                               they can be nothing else, */
    bool expects_batch;     /* and as under 207 when this was asked for */
};

enum { STATUS_N = 1000 }; /* codes are 0..999; 0 = none readable */

struct document_end {
    enum verdict verdict;
    const char *reason; /* sub-reason ("no-match", "wire-truncated"), or NULL. Static */
    enum operation operation;
    bool is_operation_inferred; /* what was asked was not seen; guessed from the shape */
    enum format format;
    enum root root;
    uint32_t flags;
    uint64_t n_resources;         /* hrefs count one each */
    uint64_t by_class[OUTCOME_N]; /* of the resources, and of those missing beside them */
    const uint32_t *by_status;    /* STATUS_N counts: how many resources show that status */
    uint64_t decoded_bytes;       /* 0 where it is not known where the body begins */
    uint64_t missing_bytes;       /* of the body as sent, as far as their number is known, */
    bool is_missing_at_most;      /* or so many at most */
    uint64_t n_unseen;          /* incomplete: about so many more resources may stand in the missing
                                   bytes, if they are as long as those seen. 0: cannot be told */
    bool is_complete;           /* every byte was seen, and the root element closed */
    bool has_requested;         /* one by one, and the request was wholly seen: */
    uint64_t n_requested;       /* different resources asked for */
    uint64_t n_missing;         /* of these, without an answer, */
    uint64_t n_unlisted;        /* or not listed, which by custom of the method says that they are
                                   done (outcome_unlisted_is_done) */
    const struct span *missing; /* the hrefs of those, as asked for */
    size_t n_missing_named;     /* how many; the rest has no href, or met a limit */
    uint64_t n_unsolicited;     /* resources nobody asked for */
    bool has_spoken; /* some resource had to speak of each property that the request names, and of
                      * these it is known which every one speaks of: */
    const struct left_out *left_out; /* the others */
    size_t n_left_out;
    bool has_sync_token;
    struct span sync_token, description; /* of the document; ptr NULL = absent */
    struct span broken_href; /* the resource within which reading ended; ptr NULL = none, unknown */
};

struct document_ops {
    /* The root is known to be one of enum root, or the status is 207. */
    enum feed (*begin)(void *ctx, enum root root, const struct origin *origin);
    enum feed (*resource)(void *ctx, const struct resource *resource, const struct origin *origin);
    void (*note)(void *ctx, const struct anomaly *anomaly);
    void (*end)(void *ctx, const struct document_end *end, const struct origin *origin);
    /* The body is no document, but what a LOCK that was granted is answered with: the locks on the
     * target (RFC 4918 §9.10.1). None of the others is called then. NULL: not wanted. */
    enum feed (*locks)(void *ctx, const struct resource *resource, const struct origin *origin);
};

struct document; /* opaque */

/* *document is NULL after FEED_NOMEM. */
enum feed document_open(struct document **document, const struct document_params *params,
                        const struct document_ops *ops, void *ctx);

/* FEED_STOP: not a document, or nothing more can be decoded. */
enum feed document_feed(struct document *document, struct span bytes, const struct origin *origin);

/* n bytes of the decoded body are lost (0: number unknown). */
enum feed document_gap(struct document *document, uint64_t n_bytes, const struct origin *origin);

/* How the body ended, seen from outside. */
struct document_finish_params {
    enum end why;           /* END_COMPLETE: the message's framing was satisfied */
    const char *cut_reason; /* static; why bytes are missing ("capture-gap", "wire-truncated",
                               "snaplen", "capture-ended", "stalled", "framing-damaged",
                               "coding-damaged", "coding-unknown", "limit", "evicted"), NULL when
                               none are */
    bool is_end_open;       /* the framing says no end but the connection's, which was a reset:
                               XML whose root is closed is whole in spite of cut_reason */
    uint64_t missing_bytes;
    bool is_missing_at_most; /* missing_bytes is no count, but no more are missing */
    uint64_t seen_bytes;     /* of the body as sent */
};

/* Calls end, unless the body turned out to be no document at all (no known root, not a 207). */
void document_finish(struct document *document, const struct document_finish_params *params,
                     const struct origin *origin);

/* After document_finish: whether the body ended, for us, before it was clear that it is none. */
bool document_is_undecided(const struct document *document);

/* After document_finish: the title of a web page that is no document; ptr NULL: none. Valid until
 * document_close. */
struct span document_page_title(const struct document *document);

size_t document_buffered_bytes(const struct document *document);
void document_close(
    struct document *document); /* NULL is fine; without finish nothing is emitted */
