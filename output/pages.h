/* pages: partial results that wait to be continued (RFC 6578 §3.6), for the rule about pages that
 * never are. Bounded: the PAGES_MAX latest. One owner thread. */
#pragma once

#include "output/memory.h"
#include "output/place.h"

enum {
    PAGES_MAX = 128, /* clients in the middle of a large first synchronisation */
    PAGE_TEXT_BYTES = 512,
};

/* A client that has not gone on after so long will not: ten minutes. */
#define PAGE_PATIENCE_NS (600 * SECOND_NS)

struct page {
    struct event_connection connection;
    struct place place;
    struct origin first, last; /* of the request, and of what ended the page */
    uint64_t document;         /* its number */
    uint64_t n_items;
    uint32_t number; /* of the page in its synchronisation, from 1 */
    char path[PAGE_TEXT_BYTES], user_agent[PAGE_TEXT_BYTES]; /* NUL-terminated, perhaps cut */
    uint64_t key; /* private: of whose synchronisation it is part; 0: an unused entry */
};

struct pages {
    /* fields are private */
    struct page items[PAGES_MAX];
    size_t next; /* to be used, again perhaps */
    size_t n_used;
};

struct page_size {
    uint64_t n_items;
    uint32_t number; /* in its synchronisation, from 1 */
};

/* A page ended with this event. key: memory_key of its synchronisation. */
void pages_wait(struct pages *pages, uint64_t key, const struct event *event,
                struct page_size size);

/* The synchronisation went on, or began anew. */
void pages_continue(struct pages *pages, uint64_t key);

/* It is of no interest after all. */
void pages_forget(struct pages *pages, uint64_t document);

/* Takes out the first page that at now_ns has waited for at least patience_ns. False: none. */
bool pages_take(struct pages *pages, int64_t now_ns, int64_t patience_ns, struct page *page);
