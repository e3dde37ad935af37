/* detector: the rules at work: one row a rule, in the table of its family (detect_FAMILY.c). */
#pragma once

#include "output/trait.h"

struct detector {
    const char *rule; /* its id, "D36" */
    /* What it looks at; any of them may be NULL. Each exchange comes once: as a document when it
     * has one, be it a DAV:error, when that ends, or else as an exchange when it ends. */
    uint32_t traits; /* enum trait; resources that have none of them are not looked at */
    void (*resource)(struct detection *detection, const struct resource *resource);
    void (*document)(struct detection *detection, const struct document_end *end);
    void (*exchange)(struct detection *detection);
    /* A page that nobody went on from for so long; of the request only target and client are known.
     */
    void (*page)(struct detection *detection, const struct page *page, uint64_t waited_ns);
    const char *unseen; /* why traffic cannot show it, when there is nothing to look at */
};

/* A family: its rows. */
struct detectors {
    const struct detector *rows;
    size_t n;
};

extern const struct detectors detect_xml, detect_answer, detect_body, detect_href, detect_listing,
    detect_sync, detect_item, detect_identity, detect_collection, detect_write, detect_rights,
    detect_refused, detect_discovery, detect_service, detect_connection, detect_entry;

/* Row i of all families, NULL behind the last. */
const struct detector *detector_at(size_t i);
