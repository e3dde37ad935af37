/* xml_scan: where each construct of an XML text ends (a tag, a comment, a reference, a piece of
 * text), without asking what it says. libxml2 judges that; cutting first means that it
 * - is handed whole constructs only, so that it neither keeps nor rescans unfinished ones, and says
 *   the same however the bytes arrive,
 * - never sees a DTD (RFC 4918 §20.6), nor a construct beyond our limits,
 * - never waits to the end of the body for the ';' of a bare '&'.
 *
 * Takes UTF-8 that was checked before; keeps no bytes. */
#pragma once

#include "dissector/base/anomaly.h"
#include "dissector/base/limit.h"
#include "dissector/base/span.h"

enum xml_scan_state {
    XML_SCAN_TEXT,
    XML_SCAN_OPENING, /* behind '<', '<!', '<!-', '<![', … */
    XML_SCAN_TAG,
    XML_SCAN_QUOTED, /* an attribute value */
    XML_SCAN_REFERENCE,
    XML_SCAN_COMMENT,
    XML_SCAN_INSTRUCTION,
    XML_SCAN_CDATA,
    XML_SCAN_REFUSED,
};

enum xml_construct {
    XML_PLAIN, /* a tag, a comment, a piece of text …: as libxml2 takes it */
    XML_CDATA_BEGIN,
    XML_CDATA_PIECE,
    XML_CDATA_END, /* a piece with "]]>" behind it */
};

struct xml_scan {
    const struct limits *limits;
    enum xml_scan_state state;
    uint8_t opening[9]; /* the first bytes of a construct, while they still decide what it is */
    uint8_t quote;
    size_t n_matched;             /* bytes just seen of the mark that ends the construct */
    size_t construct_bytes;       /* so far */
    size_t name_bytes;            /* of the current name in a tag */
    size_t n_attributes;          /* of the current tag */
    enum xml_construct construct; /* what is whole */
    /* XML_SCAN_REFUSED: */
    enum anomaly_kind refused_kind;
    const char *refused_text; /* static */
};

void xml_scan_init(struct xml_scan *scan, const struct limits *limits);

/* Reads on in bytes (not empty) and returns how many of them belong to the current construct, none
 * perhaps. *is_whole: it, or a piece of text that may be passed on alone, ends with them. With
 * state XML_SCAN_REFUSED the construct cannot be passed on, and nothing behind it. */
size_t xml_scan_next(struct xml_scan *scan, struct span bytes, bool *is_whole);

/* How many bytes at the start of bytes, from '<' to some '>', are whole tags without attributes,
 * and text: a quick look at what most documents are made of. xml_scan_next goes on behind them, and
 * would have found the same. 0: nothing, or a construct is under way. */
size_t xml_scan_simple(struct xml_scan *scan, struct span bytes);
