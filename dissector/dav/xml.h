/* xml: the bytes of one XML document in, elements and texts out. The one place that knows libxml2's
 * push parser; multistatus and request bodies stand on it.
 *
 * encoding (xml_encoding) -> constructs (xml_scan) -> libxml2 SAX2 -> xml_ops. No tree, no DTD, no
 * entities but the five, no network, nothing on stderr, no global state. libxml2's own bounds stay
 * on (XML_PARSE_HUGE is not set), but ours are met first.
 *
 * The first thing that cannot be passed over settles the parser; what it was is noted once. An
 * undeclared prefix is noted and passed over. Behind a hole damage is not noted, since it may be of
 * our making. */
#pragma once

#include "dissector/base/anomaly.h"
#include "dissector/base/limit.h"
#include "dissector/dav/body.h"

enum xml_match { XML_MATCH_NO, XML_MATCH_YES, XML_MATCH_MORE };

/* Open elements that can be kept across a hole, the root and one inside it, while their start tags
 * together are not longer than this: each place to go on is looked up in them. */
enum { XML_MAX_KEPT = 2, XML_MAX_KEPT_BYTES = 8192 };

/* Names live as long as the parser, texts until the callback returns. */
struct xml_element {
    struct name name;   /* space.ptr NULL: in no namespace */
    struct span prefix; /* as written, where it is not declared; else empty */
};

/* The same as the parser tells it: each different string lies in one place, where it is known again
 * without being read. NULL: there is none. */
struct xml_tag {
    const char *uri, *local, *prefix;
};

static inline struct xml_element xml_element_of(const struct xml_tag *tag)
{
    return (struct xml_element){{span_str(tag->uri), span_str(tag->local)}, span_str(tag->prefix)};
}

struct xml_ops {
    void (*opened)(void *ctx, const struct xml_tag *tag);
    void (*closed)(void *ctx);
    void (*text)(void *ctx, struct span text); /* in pieces; white space included */
    /* ANOMALY_XML_NAMESPACE may come often, without offset: ask xml_offset when it is wanted. */
    void (*note)(void *ctx, enum anomaly_kind kind, uint64_t offset, const char *text);
    /* For xml_gap only; else NULL. Everything before the hole at offset was told. Answers how many
     * of the open elements, at most XML_MAX_KEPT, are taken for open behind it too; the others end
     * without closed. 0: the root was not seen, and matches may begin one. */
    size_t (*gap)(void *ctx, uint64_t offset);
    /* Whether text behind the hole, beginning with '<', is where to go on: in the innermost of the
     * elements kept. Asked again with more text when it needs that. */
    enum xml_match (*matches)(void *ctx, struct span text);
};

struct xml_params {
    const struct limits *limits;
    struct span charset;  /* of the media type; empty = none. Read until the first feed returns */
    uint64_t base_offset; /* added to every offset */
    const struct xml_ops *ops;
    void *ctx;
};

struct xml; /* opaque */

/* NULL: no memory. */
struct xml *xml_open(const struct xml_params *params);

enum body_state xml_feed(struct xml *xml, struct span bytes);

/* n bytes are lost here. What stands before them is told, then ops->gap; what follows is passed
 * over until ops->matches. Namespaces are those of the elements kept. BODY_STOPPED: their start
 * tags are too long. */
enum body_state xml_gap(struct xml *xml, uint64_t n_bytes);

/* From inside matches: the start tags of the elements kept, the innermost last. */
struct span xml_kept_tags(const struct xml *xml);

/* From inside matches, when nothing was kept: the root's start tag, to stand for the one that was
 * not seen. It is told as opened before what matches. */
void xml_begin_with(struct xml *xml, struct span tag);

/* No more bytes come. BODY_OPEN: the root element is not closed. */
enum body_state xml_finish(struct xml *xml);

/* Inside a callback: where the parser is, in bytes of the input; inside closed: the end of the tag.
 * And inside opened: where the tag begins. Counts some thousand bytes when these are not UTF-8. */
uint64_t xml_offset(const struct xml *xml);

/* Outside of callbacks: the bytes of the input so far, those before it included. */
uint64_t xml_end(const struct xml *xml);
uint64_t xml_tag_offset(const struct xml *xml);

/* From inside a callback: nothing more is wanted. */
void xml_stop(struct xml *xml);
/* From inside a callback: a limit of the caller's was met; name as in struct limits. */
void xml_limit(struct xml *xml, const char *name);
/* From inside a callback: memory ran out there. */
void xml_nomem(struct xml *xml);

size_t xml_buffered_bytes(const struct xml *xml);
void xml_close(struct xml *xml); /* NULL is fine */
