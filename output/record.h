/* record: one document, complete and chosen: all that a renderer is given of it. Borrowed until the
 * renderer returns.
 *
 * Resources were copied while they went by (see collect.h): in order, perhaps not all of them.
 * Hrefs, locations and the request's URL went through secret.h, so no renderer can print
 * credentials in them. Other texts are captured bytes: escape them. */
#pragma once

#include "output/place.h"
#include "output/sighting.h"

enum resources {
    RESOURCES_DEFAULT, /* as the renderer's row says */
    RESOURCES_ALL,
    RESOURCES_PROBLEMS, /* whose class is a problem (outcome_is_problem) */
    RESOURCES_NONE,
};

/* A resource as it is kept: of a listing nearly all are alike but for their hrefs. */
struct record_resource {
    const struct record_resource *next;
    const struct resource *pattern; /* what it shares with others */
    const struct span *hrefs;
    size_t n_hrefs;
};

/* All of it, but for its values and its place in the document, which are not kept. */
struct resource record_read(const struct record_resource *kept);

/* The request's URL in parts, as far as known; ptr NULL = unknown. */
struct record_url {
    struct span full;   /* scheme, host and target; from TLS or not, Host and the target */
    struct span domain; /* without port and brackets */
    struct span path;   /* as sent */
    struct span query;  /* as sent, without "?" */
};

struct record {
    struct origin origin; /* of the frame that completed it */
    const struct event_connection *connection;
    const struct exchange *exchange;
    const struct request *request;
    struct document_end end;     /* its flags have DOCUMENT_CUT when is_limited */
    const char *content_unknown; /* a coding that cannot be undone, or NULL */
    struct record_url url;
    struct span operation;   /* its name, or the method's token; may be empty */
    struct span destination; /* of a COPY or MOVE, credentials masked; ptr NULL = none */
    /* For show, credentials masked; those of request and end are for comparing. ptr NULL = none. */
    struct span token_sent, token_given;
    /* Those kept, in order; behind them what is missing, with the href that was asked for. */
    const struct record_resource *resources;
    bool is_limited;                   /* resources were left out because of a limit of collect.h */
    const struct sightings *sightings; /* the rules that apply to it, the worst first; or NULL */
};

/* Whether a renderer that shows `which` (not RESOURCES_DEFAULT) shows this resource. */
bool record_shows(enum resources which, const struct resource *resource);

/* How many of end.n_resources are not shown then. Each href counts as one. */
uint64_t record_n_omitted(const struct record *record, enum resources which);

struct place record_place(const struct record *record);

/* Whether it stands for something that the answer leaves out. */
bool record_is_missing(const struct resource *resource);

/* What decided the class of a resource: its own status, or that of a propstat. */
struct record_cause {
    uint16_t status; /* 0 = none readable */
    const struct conditions *conditions;
    struct span description;
    const struct propstat *propstat; /* NULL: the response-level status */
};
struct record_cause record_cause(const struct resource *resource);
