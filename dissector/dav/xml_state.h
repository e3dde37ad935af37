/* xml_state: what xml.c (bytes in, whole constructs of UTF-8 out), xml_parser.c (libxml2) and
 * xml_hole.c (what to do where bytes are missing) share. Nobody else includes it. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/dav/xml.h"
#include "dissector/dav/xml_encoding.h"
#include "dissector/dav/xml_scan.h"
#include "dissector/dav/xml_search.h"

#include <libxml/parser.h>

/* libxml2 gets no more at once, which bounds its buffer. */
enum { XML_SLICE_BYTES = 16 * 1024 };

struct xml_level {
    const char *local;
    size_t n_namespaces; /* declared here */
};

/* What it takes to go on behind a hole. */
struct xml_hole {
    bool has_been;             /* one, or more */
    bool is_searching;         /* for the place to go on at */
    bool is_replaying;         /* start tags that were told before */
    bool is_root_new;          /* the root's start tag was not told before */
    struct buf tags;           /* start tags of the open elements that may be kept */
    size_t ends[XML_MAX_KEPT]; /* of each of them in tags; SIZE_MAX: too long */
    struct xml_search search;
};

struct xml {
    struct xml_params params;
    enum body_state state;
    bool is_encoding_known, is_declaration_checked;
    struct buf head; /* until the encoding is known */
    struct xml_scan scan;
    struct buf tail; /* the beginning of a construct that is not whole yet */
    xmlParserCtxtPtr parser;
    struct xml_level *levels; /* of the open elements */
    size_t depth;
    size_t n_namespaces; /* in force */
    uint64_t n_elements;
    uint64_t root_end;   /* offset */
    uint64_t n_fed;      /* to the parser */
    uint64_t end_offset; /* in the input, of the end of all that the parser was fed */
    struct xml_hole hole;
    struct xml_decoder decoder; /* last: not zeroed at first, for it is large */
};

static inline bool xml_is_taking(const struct xml *xml)
{
    return xml->state == BODY_OPEN || xml->state == BODY_CLOSED;
}

static inline bool xml_is_settled(const struct xml *xml)
{
    return !xml_is_taking(xml);
}

/* ---- xml.c ---- */

/* Passes whole constructs on, plain ones as many at once as fit a slice; keeps the beginning of the
 * last. */
void xml_take_text(struct xml *xml, struct span text);

/* No more bytes come that could tell the encoding. */
void xml_settle_encoding(struct xml *xml);

/* ---- xml_parser.c ---- */

/* NULL: no memory. */
xmlParserCtxtPtr xml_parser_make(struct xml *xml);

void xml_parser_feed(struct xml *xml, struct span text);

/* The same with text of the document, behind what was passed before: counts it, so that offsets can
 * be told. */
void xml_parser_pass(struct xml *xml, struct span text);

/* libxml2 may keep the last text until it sees what follows. Nothing of ours will: an empty comment
 * makes it read on, and an error it finds there comes before whatever stops us behind it. */
void xml_parser_flush(struct xml *xml);

/* Settles the parser. libxml2 is not stopped inside its callbacks, where it still holds pointers
 * into its buffer: it may run to the end of the slice, unheard. */
void xml_settle(struct xml *xml, enum anomaly_kind kind, uint64_t offset, const char *text);

/* The innermost open element's name. */
struct span xml_inside(const struct xml *xml);

/* ---- xml_hole.c ---- */

/* The start tag of the element just opened may be needed behind a hole. depth <= XML_MAX_KEPT */
void xml_hole_keep_tag(struct xml *xml);

/* Behind a hole: passes over text up to where it can go on. */
void xml_hole_search(struct xml *xml, struct span text);
