/* The families; see detector.h. */
#include "output/detector.h"

static const struct detectors *const families[] = {
    &detect_xml,        &detect_answer,  &detect_body,       &detect_href,
    &detect_listing,    &detect_sync,    &detect_item,       &detect_identity,
    &detect_collection, &detect_write,   &detect_rights,     &detect_refused,
    &detect_discovery,  &detect_service, &detect_connection, &detect_entry,
};

const struct detector *detector_at(size_t i)
{
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        if (i < families[f]->n)
            return &families[f]->rows[i];
        i -= families[f]->n;
    }
    return NULL;
}
