/* phrase: numbers, statuses and counts as people read them. */
#pragma once

#include "output/counts.h"
#include "output/source.h"
#include "output/writer.h"

/* "1,234,567". */
void phrase_number(struct writer *writer, uint64_t n);

/* "1 document", "1,234 documents"; plural NULL: singular with an s. */
void phrase_count(struct writer *writer, uint64_t n, const char *singular, const char *plural);

/* "987 bytes", "1.2 MiB". */
void phrase_bytes(struct writer *writer, uint64_t n_bytes);

/* "423 Locked"; "no status" for 0; the number alone when it has no standard name. */
void phrase_status(struct writer *writer, uint16_t status);

/* The same of a resource of this class: 425 has two meanings, of which "Insufficient Space on
 * Resource" alone is a failure (DOMAIN.md 1.4). And the name alone: NULL when there is none. */
const char *phrase_status_name(uint16_t status, enum outcome class);
void phrase_status_of(struct writer *writer, uint16_t status, enum outcome class);

/* What became of the resources, of those missing too, worst first: "3 failed, 1 redirect of 120
 * resources", "120 resources", "no resources". */
void phrase_outcome(struct writer *writer, const uint64_t by_class[OUTCOME_N],
                    uint64_t n_resources);

/* Of a document with has_requested: "asked 50, answered 48, missing 2"; "asked 2, answered 1, not
 * listed and presumed done 1". */
void phrase_asked(struct writer *writer, const struct document_end *end);

/* ", up to about 3 more unseen" of a document whose missing bytes tell; nothing of others. */
void phrase_unseen(struct writer *writer, uint64_t n_unseen);

/* What a resource is called: its href, or, when that is empty (failures of a bulk change), its uid:
 * "(uid 7)", "(no href)". */
void phrase_resource(struct writer *writer, struct span href, struct span uid);

/* "frames 12-15, 40"; of several captures "frame 12 of a.pcap, 40 of b.pcap", and where one place
 * is in two, "frames 12 of a.pcap to 3 of b.pcap". */
void phrase_places(struct writer *writer, const struct place *places, size_t n,
                   const struct sources *sources);

/* "xml-malformed at byte 812 in frame 12: mismatched tag". */
void phrase_anomaly(struct writer *writer, const struct anomaly *anomaly);
