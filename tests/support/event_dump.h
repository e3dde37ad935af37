/* event_dump: events as lines of text, one an event, to compare with lines that a person wrote or
 * read. Nothing in a line depends on how the same bytes were cut into frames: no frame numbers, no
 * times; connections and documents are numbered as they first appear. */
#pragma once

#include "dissector/event.h"

struct event_line {
    enum event_kind kind;
    uint64_t document;    /* number in the dump; 0 with EVENT_EXCHANGE */
    enum verdict verdict; /* with EVENT_DOCUMENT_END */
    bool is_whole;        /* what it speaks of was wholly seen, or so it says */
    char *text;           /* without line end */
};

struct event_dump {
    struct event_line *lines;
    size_t n_lines;
    /* private: the dissector's numbers, in order of appearance */
    uint64_t *connections, *documents;
    size_t n_connections, n_documents;
};

/* dump must be zeroed before and freed after. No memory ends the program. */
struct event_sink event_dump_sink(struct event_dump *dump);
void event_dump_free(struct event_dump *dump);
