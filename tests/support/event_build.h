/* event_build: the events of one document, made by hand. Begins as a PROPFIND of
 * http://dav.example.org/d/ by 192.0.2.7 that is answered by a 207; a test changes what it is about
 * and sends. Counts follow from the resources sent. */
#pragma once

#include "dissector/event.h"

enum { EVENT_BUILD_MAX = 8 };

struct event_build {
    struct event_sink sink;
    struct event_connection connection;
    struct exchange exchange;
    struct request request;
    struct document_end end;
    uint64_t document;
    uint32_t by_status[STATUS_N];
    struct anomaly anomalies[EVENT_BUILD_MAX];
    enum feed feed; /* what the sink answered last */
};

/* number: tells documents apart; it is also the minute in which the exchange takes place, and its
 * frames are 10 * number + 1 (request) and 10 * number + 3 to + 5 (response). */
void event_build_init(struct event_build *build, struct event_sink sink, unsigned number);

/* Adds an anomaly to the exchange. */
void event_build_note(struct event_build *build, enum anomaly_kind kind, uint64_t n_bytes,
                      const char *text);

void event_build_begin(struct event_build *build);

/* A resource as it is; counted by its class, once for each href, and by its statuses. */
void event_build_resource(struct event_build *build, const struct resource *resource);

/* One href with a status of its own. */
void event_build_status(struct event_build *build, const char *href, uint16_t status,
                        enum outcome class);

/* The end of the document, and of its exchange. */
void event_build_end(struct event_build *build, enum verdict verdict, const char *reason);
