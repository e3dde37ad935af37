/* routes: figures by who asks whom for what: client, server, collection and operation together
 * (DOMAIN.md 2.9). Bounded: the first ROUTES_MAX different ones have an entry each; the others
 * share one, so that sums stay exact. One owner thread. */
#pragma once

#include "dissector/base/hash.h"
#include "dissector/base/table.h"
#include "output/causes.h"
#include "output/counts.h"
#include "output/histogram.h"

enum {
    ROUTES_MAX = 500, /* about 14 KiB each */
    ROUTE_COLLECTION_BYTES = 256,
    ROUTE_OPERATION_BYTES = 64,
    ROUTE_PRODUCT_BYTES = 64,
};

/* What is measured of each document. */
enum measure {
    MEASURE_FIRST_BYTE_NS, /* from the whole request to the first byte of the response */
    MEASURE_BODY_NS,       /* from there to its last byte */
    MEASURE_BYTES,         /* decoded */
    MEASURE_ITEMS,         /* resources */
    MEASURE_PAGES, /* of each synchronisation: a chain of pages (RFC 6578 §3.6), most of one;
                      of the total without what shares an entry */
    MEASURE_N
};

struct figures {
    struct counts counts;
    struct causes causes;                 /* of the resources that went wrong */
    uint64_t by_drift[DRIFT_N];           /* documents with an href not as it was asked for */
    uint64_t n_pages;                     /* documents that say that more is to come */
    struct histogram measures[MEASURE_N]; /* of what was wholly seen; times where both ends were */
};

struct route {
    struct table_node node;
    struct address client;
    struct endpoint server;
    char collection[ROUTE_COLLECTION_BYTES]; /* the folder asked about; printable, or empty */
    char operation[ROUTE_OPERATION_BYTES];   /* printable, or empty */
    char product[ROUTE_PRODUCT_BYTES];       /* that the server names itself last; or empty */
    struct figures figures;
    /* private: of the synchronisation that is not over */
    uint64_t n_pages;    /* so far; 0: there is none */
    uint64_t next_token; /* that goes on with it; its hash */
};

struct routes {
    struct figures total, others;
    /* the rest is private */
    struct table table;
    struct hash_key hash_key;
};

struct routes_sorted {
    const struct route **routes; /* the caller's to free; NULL when there are none */
    size_t n;
};

void routes_init(struct routes *routes, const struct hash_key *hash_key);

void routes_add(struct routes *routes, const struct record *record);

/* Most root causes first, then most documents, then by name. False: no memory. */
bool routes_sort(const struct routes *routes, struct routes_sorted *sorted);

/* Resources that failed by themselves; dependents are no causes. */
uint64_t figures_n_causes(const struct figures *figures);

void routes_free(struct routes *routes);
