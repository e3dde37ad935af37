/* metrics: what --metrics tells a Prometheus server: counters fed with events, and their text.
 * https://prometheus.io/docs/instrumenting/exposition_formats/ (text format 0.0.4).
 *
 * Counted is everything, whatever the filter chooses to show, and never reset. Label values come
 * from tables of ours, so that no traffic can make new ones: an operation that is not known has the
 * name "other", that of a request that was not seen "unknown"; a status without a standard name is
 * "other", none at all "none". Series without a count are left out. One owner thread. */
#pragma once

#include "output/diagnosis.h"
#include "output/report.h"
#include "output/writer.h"

/* Versions for davscope_build_info. */
struct metrics_build {
    const char *version, *libpcap, *libxml2, *zlib;
};

struct metrics; /* opaque */

struct metrics *metrics_open(void); /* NULL: no memory */

void metrics_add(struct metrics *metrics, const struct event *event);

/* The findings that an exchange raised. */
void metrics_add_sightings(struct metrics *metrics, const struct sightings *sightings);

/* Writes all metrics; facts are those of the moment. */
void metrics_write(const struct metrics *metrics, const struct run_facts *facts,
                   const struct metrics_build *build, struct writer *writer);

void metrics_close(struct metrics *metrics); /* NULL is fine */
