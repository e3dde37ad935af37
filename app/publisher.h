/* publisher: brings the metrics of a run to the endpoint of --metrics about once a second. */
#pragma once

#include "output/exporter.h"
#include "output/output.h"

struct publisher {
    /* fields are private */
    struct exporter *exporter; /* NULL: not asked for */
    struct writer writer;
    int64_t next_ns; /* CLOCK_MONOTONIC */
};

/* place may be NULL: then nothing is ever published. False: error says why. */
bool publisher_open(struct publisher *publisher, const char *place, struct error *error);

/* Whether the metrics that are there are a second old. */
bool publisher_is_due(const struct publisher *publisher);

void publisher_publish(struct publisher *publisher, const struct output *output,
                       const struct run_facts *facts);

void publisher_close(struct publisher *publisher); /* a zeroed one is fine */
