/* document_play: a body fed to a document in every way it can arrive, and what came out as text.
 *
 * One line a call: "begin ROOT", "note KIND @OFFSET TEXT", "end VERDICT …" and for a resource
 *   HREF,HREF CLASS status=N flags=… if=CONDITION(HREF) desc="…" | 200 ok D:getetag | 404 absent …
 * DAV: is written D:, CalDAV C:, CardDAV CR:, calendarserver CS:, other namespaces {URI}.
 * Ends the program when there is no memory. */
#pragma once

#include "dissector/dav/document.h"

struct document_case {
    struct span body;
    uint16_t http_status;          /* 0: 207 */
    const struct limits *limits;   /* NULL: limits_default */
    const struct request *request; /* NULL: PROPFIND of /f/, seen */
    const char *media_type, *charset, *boundary;
    bool reads_batches, expects_batch;
    bool decides_late;  /* its end may change what stands before it: it is not played cut */
    bool shows_offsets; /* "[12,34)" before each resource */
};

struct document_plan {
    size_t max_bytes;         /* of one feed; 0: all at once */
    size_t split_at;          /* first feed; 0: none */
    size_t cut_at;            /* nothing behind this byte arrives, and it is known; SIZE_MAX: all */
    size_t gap_at, gap_bytes; /* these bytes are lost; gap_bytes 0: none */
};

/* The text, malloc'd. */
char *document_play(const struct document_case *played, const struct document_plan *plan);

/* Plays it whole, in feeds of 1, 2, 3, 7 and 64 bytes and at splits all over it; fails the test
 * when one of them gives anything else than expected. Then cut at lengths all over it: fails unless
 * the resources are a prefix of those of the whole, and the end admits it. */
void document_expect(const struct document_case *played, const char *expected);
