/* resource: one direct DAV:response child of a document, decoded (RFC 4918 §14.24), and what it
 * comes to (DOMAIN.md 2.1 to 2.6). Plain data; everything is borrowed and valid until the callback
 * that hands it out returns. All texts are UTF-8 as the XML parser gave them, white space at the
 * ends trimmed. */
#pragma once

#include "dissector/dav/href.h"
#include "dissector/dav/privilege.h"

struct name {
    struct span space; /* namespace URI; empty = none */
    struct span local;
};

/* Item classes, DOMAIN.md 2.1. The order is that of harm, for display. */
enum outcome {
    OUTCOME_OK,
    OUTCOME_UNCHANGED,
    OUTCOME_ABSENT,
    OUTCOME_NEUTRAL,
    OUTCOME_PENDING,
    OUTCOME_TRUNCATED,
    OUTCOME_REDIRECT,
    OUTCOME_UNSOLICITED,
    OUTCOME_UNKNOWN,
    OUTCOME_DEPENDENT,
    OUTCOME_MISSING,
    OUTCOME_FAILED,
    OUTCOME_N
};
const char *outcome_name(enum outcome class);

/* Whether an item of this class makes a result bad: redirect, dependent, missing, failed. */
bool outcome_is_problem(enum outcome class);

enum retry { RETRY_NONE, RETRY_LATER, RETRY_AFTER_FIX, RETRY_NEVER, RETRY_N };
const char *retry_name(enum retry retry);

/* What is remarkable about one resource; bits. Names ("no-status") by resource_flag_name. */
enum resource_flag {
    RESOURCE_NO_HREF = 1 << 0,          /* href is synthetic: "#n" */
    RESOURCE_NO_STATUS = 1 << 1,        /* neither status nor propstat */
    RESOURCE_STATUS_MISSING = 1 << 2,   /* a propstat without status, or an empty status */
    RESOURCE_STATUS_MALFORMED = 1 << 3, /* text without a number that can be read */
    RESOURCE_STATUS_ODD = 1 << 4,       /* readable, but not as RFC 4918 §14.28 has it */
    RESOURCE_BOTH_SHAPES = 1 << 5,      /* status and propstat together */
    RESOURCE_NO_PROP = 1 << 6,          /* a propstat without prop */
    RESOURCE_DUPLICATE = 1 << 7,        /* the same href stood before in this document */
    RESOURCE_NESTED = 1 << 8,           /* contained response elements of its own; not counted */
    RESOURCE_NS_BROKEN = 1 << 9,
    RESOURCE_CUT = 1 << 10,      /* something in it met a limit and was cut */
    RESOURCE_PARTIAL = 1 << 11,  /* bytes inside it were not seen; class unknown */
    RESOURCE_VANISHED = 1 << 12, /* listed, but gone when looked at */
    RESOURCE_DEGRADED = 1 << 13, /* ok, though some property, or something inside one, failed */
    RESOURCE_NO_PROPERTIES = 1 << 14,         /* exists; nothing was reported about it */
    RESOURCE_CONTRADICTION = 1 << 15,         /* success beside a failure or an error condition */
    RESOURCE_CULPRIT_MISSING = 1 << 16,       /* only dependents: nobody says what failed first */
    RESOURCE_TOMBSTONE_INITIAL = 1 << 17,     /* a removal in a first synchronisation */
    RESOURCE_ALREADY_GONE = 1 << 18,          /* DELETE of what was not there */
    RESOURCE_NO_REQUESTED_PROPERTY = 1 << 19, /* exists; none of the named properties does */
    RESOURCE_UNSOLICITED = 1 << 20,           /* nobody asked for it */
    /* what has to be overlooked for its href to be the one that was asked for (href.h) */
    RESOURCE_SLASH_DRIFT = 1 << 21,
    RESOURCE_ENCODING_DRIFT = 1 << 22,
    RESOURCE_NFC_NFD = 1 << 23,
    RESOURCE_DOUBLE_ENCODED = 1 << 24,
    RESOURCE_DOUBLE_SLASH = 1 << 25,
    RESOURCE_PROXY_REWRITE = 1 << 26,
    RESOURCE_CASE_DRIFT = 1 << 27,
    RESOURCE_FLAG_N = 28,
};
/* Name of flag bit i (0..RESOURCE_FLAG_N-1). */
const char *resource_flag_name(unsigned i);

/* A DAV status line, tolerantly read (DOMAIN.md 1.4). */
struct status_line {
    uint16_t code;   /* 100..999; 0 = none readable */
    bool is_present; /* the element was there and not empty */
    bool is_odd;     /* readable, but a strict client would refuse it */
    /* Text behind the code, may be empty; of a line that is odd or has no code, all of it. */
    struct span reason;
};

struct conditions {
    const struct name *names; /* children of DAV:error, in order */
    size_t n;
    const struct span *hrefs; /* href elements inside them, in order */
    size_t n_hrefs;
};

struct propstat {
    struct status_line status;
    bool has_prop;
    const struct name *properties; /* children of prop */
    size_t n_properties;           /* kept */
    uint64_t n_properties_more;    /* not kept: a limit */
    struct conditions conditions;
    struct span description;
    enum outcome class;
};

/* Properties whose values tell something about other messages, or whether the resource is a folder.
 * Their texts are short; no other value is kept. */
enum value {
    VALUE_ETAG,
    VALUE_LAST_MODIFIED,
    VALUE_CREATION_DATE,
    VALUE_SYNC_TOKEN,
    VALUE_CTAG,
    VALUE_QUOTA_AVAILABLE,
    VALUE_PERMISSIONS,  /* letters of ownCloud and Nextcloud, for what may be done */
    VALUE_RESOURCETYPE, /* text beside elements: there should be none */
    VALUE_DISPLAYNAME,
    VALUE_PRINCIPAL, /* href of current-user-principal */
    VALUE_N,
};

/* A lock in lockdiscovery (RFC 4918 §14.1, §15.8). ptr NULL, 0: not told. */
struct active_lock {
    uint64_t token; /* a fingerprint: who knows the token may use it */
    bool is_shared; /* others may hold one too */
    bool is_deep;   /* holds for everything below too */
    struct span root;
    struct span owner;   /* what its client calls the holder */
    struct span timeout; /* how long it holds from then on, "Second-600" */
};

struct resource {
    uint64_t ordinal;         /* from 0 in its document */
    uint64_t offset, end;     /* of the element in the decoded body; end = offset: not known */
    const struct span *hrefs; /* at least one, perhaps synthetic; several only in the status form */
    size_t n_hrefs;
    struct status_line status; /* response-level */
    const struct propstat *propstats;
    size_t n_propstats;
    struct conditions conditions;
    struct span description;
    struct span location; /* href of DAV:location */
    struct span uid;      /* calendarserver uid of a bulk change */
    /* of properties that were delivered (their propstat's status is 2xx); ptr NULL = not */
    struct span values[VALUE_N];
    bool has_locks; /* lockdiscovery was delivered: */
    const struct active_lock *locks;
    size_t n_locks;
    bool is_collection;         /* resourcetype says so */
    bool has_type;              /* resourcetype holds some element */
    bool is_folder_type;        /* one that only collections have (calendar, addressbook) */
    bool has_nested_collection; /* collection stands inside one of these elements */
    bool is_unauthenticated;  /* current-user-principal says that nobody is logged in (RFC 5397) */
    bool offers_sync;         /* supported-report-set names sync-collection */
    bool has_privileges;      /* current-user-privilege-set was delivered, and not of rights of the
                               * server's own alone, of which nobody knows what they hold: */
    uint32_t privileges;      /* enum privilege */
    uint32_t needed;          /* those that a refusal says are missing (need-privileges) */
    uint16_t schedule_status; /* of a recipient of a schedule-response, 307 for "3.7"; 0: none, or
                                 not readable */
    uint16_t nested_status; /* of the responses inside its properties (RFC 3253 §3.8) the first that
                             * says that something failed, whatever it is; 0: none does */
    uint32_t flags;         /* enum resource_flag */
    enum relation relation; /* of the first href to what was asked about */
    bool is_of_destination; /* COPY, MOVE: to the destination, not to the target */
    bool is_of_json;        /* where statuses are numbers or words, not status lines */
    /* the judgement; set by outcome.h */
    bool
        is_told; /* of a result that is no WebDAV: class is what its words say, whatever the code */
    enum outcome class;
    enum retry retry;
};
