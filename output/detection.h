/* detection: what a rule is given to look at, and how it says what it saw.
 *
 * A rule is one function in detect_FAMILY.c and one row in the table at the end of that file; its
 * texts are the row of the same id in rule.c. It looks at one resource, at a document whose end has
 * come, or at an exchange that had no document, and calls detection_report once for each thing that
 * it applies to. Everything else is done here: occurrences are counted, gathered by cause and
 * server, ranked and shown.
 *
 * A new rule: a row in rule.c; a function `static void d59_name(struct detection *d, ...)` and a
 * row in the family's table, with the traits that a resource must have some of (trait.h); a test in
 * tests/findings/ (its README says how). A rule that needs to know what other exchanges said asks
 * d->history and never keeps anything itself.
 *
 * Be conservative: what a healthy server and client do is at most SEVERITY_INFO, and what may have
 * two reasons says "may". */
#pragma once

#include "dissector/base/buf.h"
#include "output/facts.h"
#include "output/history.h"
#include "output/record.h"
#include "output/sighting.h"
#include "output/source.h"
#include "output/writer.h"

struct detection {
    const struct event *event; /* connection, exchange, request; borrowed */
    const struct facts *facts; /* of the resources so far; zero without a document */
    struct history *history;   /* what exchanges before this one told */
    enum operation operation;  /* what the request wanted, as far as known: of plain methods too */
    struct record_cause cause; /* of the resource looked at */
    struct sources sources;    /* captures, of the run */
    bool has_pseudonyms;       /* spellings of a name look like other names, see redact.h */
    /* the rest is private */
    const struct rule *rule;
    struct sightings *sightings;
    struct sighting *current; /* whose detail is being written */
    struct writer detail;
    struct buf scratch; /* URLs, masked */
    bool is_rehearsal;  /* what fails is meant to fail: a test suite is at work */
};

/* What a rule saw. All but what matters may stay zero. */
struct clue {
    enum severity severity; /* NONE: the rule's */
    enum owner owner;       /* NONE: the rule's */
    struct span cause;      /* tells findings of this rule apart; captured bytes allowed */
    struct span href;       /* of the resource concerned; ptr NULL: it is about the exchange */
    uint64_t weight;        /* the detail of the weightiest occurrence is shown */
};

/* Counts an occurrence. What is written to the writer becomes its detail: one to three short
 * sentences; captured bytes go in raw (writer_bytes), they are escaped later. The writer is never
 * NULL; when the detail is not wanted it drops what is written. Valid until the rule returns or
 * reports again. */
struct writer *detection_report(struct detection *detection, const struct clue *clue);

void detection_init(struct detection *detection);

/* Sets event and what follows from it; the other members that rules see are the caller's. */
void detection_look_at(struct detection *detection, const struct event *event);

/* One rule's turn: everything it reports goes to sightings. */
static inline void detection_begin(struct detection *detection, const struct rule *rule)
{
    detection->rule = rule;
}
void detection_finish(struct detection *detection); /* what was reported last */
static inline void detection_end(struct detection *detection)
{
    if (detection->current)
        detection_finish(detection);
}

void detection_free(struct detection *detection);

/* ---- what several rules ask ---- */

/* Whether what fails is meant to fail: compliance suites provoke refusals. */
bool detection_is_test_suite(struct span user_agent);

/* Whether the client calls itself so (anywhere in User-Agent). */
bool detection_is_client(const struct detection *detection, const char *marker);

/* Of the whole request to the first byte, and of the first to the last byte, of the response; 0
 * when not known, as the second behind a hole in the capture. */
uint64_t detection_first_byte_ns(const struct detection *detection);
uint64_t detection_body_ns(const struct detection *detection);

/* Whether that is a change a WebDAV client makes: any but a POST, which other interfaces use too.
 */
bool detection_is_write(const struct detection *detection);

/* Whether what the server may have said of a refusal beside the status was captured. */
bool detection_has_reason(const struct detection *detection);

/* The first anomaly of that kind on the exchange, or NULL. */
const struct anomaly *detection_anomaly(const struct detection *detection, enum anomaly_kind kind);

/* Header fields; empty when absent. */
struct span detection_asked(const struct detection *detection, enum http_field field);
struct span detection_answered(const struct detection *detection, enum http_field field);

/* The method as it is meant (X-HTTP-Method-Override), and the request-target as sent. */
struct span detection_method(const struct detection *detection);
struct span detection_target(const struct detection *detection);

/* The path of the folder something is in, with its slash. */
struct span detection_folder(struct span path);

/* Whether the document is a DAV:error: then rules about what the status alone tells apply too. */
bool detection_is_refusal(const struct document_end *end);

/* Whether the status, of HTTP, is 2xx. */
bool detection_is_success(const struct detection *detection);

/* Whether this is the whole answer to a sync-collection, or to a PROPFIND with Depth: 1. */
bool detection_is_sync(const struct document_end *end);
bool detection_is_listing(const struct detection *detection, const struct document_end *end);

/* What a memo of history->memory is about, of this request's client and server. */
struct memo_key detection_about(const struct detection *detection, enum memo_kind kind,
                                struct span path);

/* Looks it up (NULL: nothing), and notes it once more (NULL: no memory). */
struct memo *detection_recall(struct detection *detection, enum memo_kind kind, struct span path);
struct memo *detection_remember(struct detection *detection, enum memo_kind kind, struct span path);

/* Whether since then a request to this server was not captured that succeeded, or the answer to
 * one, of the same client or of anybody: nobody knows what it changed. */
bool detection_has_missed_own(const struct detection *detection, int64_t since_ns);
bool detection_has_missed(const struct detection *detection, int64_t since_ns);

/* Whether it is one of the times and attributes of files that Explorer sets after each upload
 * (DOMAIN.md 1.10). */
bool detection_is_of_windows(const struct name *property);

/* Whether one of them is called so, in whatever namespace (servers get it wrong). */
bool conditions_have(const struct conditions *conditions, const char *local);
