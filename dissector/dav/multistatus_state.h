/* multistatus_state: what multistatus.c (elements and texts in, holes) and multistatus_element.c
 * (what each element means for the resource) share. Nobody else includes it. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/dav/body.h"
#include "dissector/dav/draft.h"
#include "dissector/dav/lexicon.h"
#include "dissector/dav/vendor_entry.h"
#include "dissector/dav/xml.h"

struct multistatus {
    struct body_params params;
    struct xml *xml;
    struct draft draft;
    uint8_t *stack; /* enum element of each open element */
    size_t depth;
    struct lexicon lexicon; /* from the root on */
    bool is_root_known;
    bool is_root_lost;    /* in a hole: what it declares is not known */
    bool is_root_guessed; /* and never will be, although we went on as if it had been seen */
    bool is_ns_noted, is_ns_broken, is_cut, has_lost;
    uint64_t n_resources;
    uint64_t n_barren;         /* elements since the last that told something */
    uint64_t n_value_elements; /* inside the property that is open */
    const char *limits_noted[8];
    struct buf text;        /* of the href, status, … being read */
    struct buf description; /* of the description being read; other texts may stand inside it */
    struct buf document_description, sync_token;
    bool has_sync_token;
    struct vendor_entry vendor;
    uint64_t vendor_offset; /* of the element in it that opened last */
};

/* What is done when an element opens and closes; NULL: nothing. text is what it held, trimmed. */
struct multistatus_action {
    void (*on_open)(struct multistatus *m, const struct name *name);
    void (*on_close)(struct multistatus *m, struct span text);
    bool keeps_text;
};

extern const struct multistatus_action multistatus_actions[ELEMENT_N];

/* What the innermost open element means. */
static inline enum element multistatus_top(const struct multistatus *m)
{
    return m->depth > 0 ? m->stack[m->depth - 1] : ELEMENT_DOCUMENT;
}

/* Each limit is noted once a document. */
void multistatus_note_limit(struct multistatus *m, const char *name);

/* What the document's sink answered. */
void multistatus_obey(struct multistatus *m, enum feed answer);

/* After each use of the draft. */
void multistatus_take_failure(struct multistatus *m);
static inline void multistatus_check_draft(struct multistatus *m)
{
    if (m->draft.is_nomem || m->draft.met || m->draft.has_lost)
        multistatus_take_failure(m);
}

/* The resource that is being read is over; end: its last byte. */
void multistatus_end_resource(struct multistatus *m, uint64_t end);
