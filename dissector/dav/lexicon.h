/* lexicon: what the names of one document mean, each found out once for each kind of element it
 * stands in. Remembered by where a name lies in memory: the parser keeps each one once, and until
 * the end (xml.h). A fixed number of entries; names beyond them are only looked up more often. */
#pragma once

#include "dissector/dav/grammar.h"

enum { LEXICON_ENTRIES = 64 }; /* a listing has some twenty names */

struct lexicon_entry {
    struct xml_tag tag; /* asked about; local NULL: the entry is free */
    enum element parent;
    enum element element; /* what it means there */
    bool is_broken;       /* it is not in the namespace of that meaning as it is written */
    struct name name;     /* as it is reported: variants of DAV: as DAV: */
};

/* Zeroed: nothing is known yet. */
struct lexicon {
    bool is_bare; /* the root has no namespace: names without one are reported as DAV: */
    struct lexicon_entry entries[LEXICON_ENTRIES];
};

/* Valid until the next call. is_bare must not change after the first. */
const struct lexicon_entry *lexicon_find(struct lexicon *lexicon, enum element parent,
                                         const struct xml_tag *tag);
