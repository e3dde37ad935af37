/* In: bytes of one XML document. Out: elements, texts, notes. libxml2 gets whole constructs, as
 * UTF-8, and is stopped at the first thing that cannot be passed over. Knows no element by name. */
#include "dissector/dav/xml.h"

#include "dissector/base/buf.h"
#include "dissector/dav/xml_encoding.h"
#include "dissector/dav/xml_error.h"
#include "dissector/dav/xml_scan.h"
#include "dissector/dav/xml_search.h"

#include <assert.h>
#include <libxml/parser.h>
#include <stdlib.h>

/* libxml2 gets no more at once, which bounds its buffer. */
enum { SLICE_BYTES = 16 * 1024 };

struct level {
    struct span local;
    size_t n_namespaces; /* declared here */
};

/* What it takes to go on behind a hole. */
struct hole {
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
    struct xml_decoder decoder;
    struct xml_scan scan;
    struct buf tail; /* the beginning of a construct that is not whole yet */
    xmlParserCtxtPtr parser;
    struct level *levels; /* of the open elements */
    size_t depth;
    size_t n_namespaces; /* in force */
    uint64_t n_elements;
    uint64_t root_end;   /* offset */
    uint64_t n_fed;      /* to the parser */
    uint64_t end_offset; /* in the input, of the end of all that the parser was fed */
    struct hole hole;
};

static bool is_taking(const struct xml *xml)
{
    return xml->state == BODY_OPEN || xml->state == BODY_CLOSED;
}

static bool is_settled(const struct xml *xml)
{
    return !is_taking(xml);
}

/* Settles the parser. libxml2 is not stopped inside its
 * callbacks, where it still holds pointers into its buffer: it may run to the end of the slice,
 * unheard. */
static void settle(struct xml *xml, enum anomaly_kind kind, uint64_t offset, const char *text)
{
    if (is_settled(xml))
        return;
    if (xml->state == BODY_CLOSED) {
        xml->state = BODY_EXTRA;
        if (xml->hole.has_been)
            return;
        xml->params.ops->note(xml->params.ctx, ANOMALY_XML_EXTRA, xml->root_end,
                              "bytes behind the root");
        return;
    }
    xml->state = kind == ANOMALY_LIMIT     ? BODY_LIMITED
                 : kind == ANOMALY_XML_DTD ? BODY_REFUSED
                                           : BODY_DAMAGED;
    if (xml->state == BODY_DAMAGED && xml->hole.has_been)
        return;
    xml->params.ops->note(xml->params.ctx, kind, offset, text);
}

/* The input offset of at, a place in what the parser was fed: what stands behind it there is
 * counted back from the end. */
static uint64_t offset_of(const struct xml *xml, const xmlChar *at)
{
    const xmlParserInput *input = xml->parser->input;
    enum xml_encoding encoding = xml->decoder.encoding;
    struct span behind = span_of(at, (size_t)(input->end - at));
    uint64_t n_bytes = xml_encoding_bytes(encoding, behind);
    /* A CR at the end of a feed is put aside until the feed is parsed. */
    if (input->consumed + (uint64_t)(input->end - input->base) < xml->n_fed)
        n_bytes += xml_encoding_bytes(encoding, span_str("\r"));
    return xml->end_offset - n_bytes;
}

uint64_t xml_offset(const struct xml *xml)
{
    return offset_of(xml, xml->parser->input->cur);
}

uint64_t xml_tag_offset(const struct xml *xml)
{
    const xmlParserInput *input = xml->parser->input;
    const xmlChar *at = input->cur;
    while (at > input->base && *at != '<')
        at--;
    return offset_of(xml, at);
}

static struct span string(const xmlChar *text)
{
    return span_str((const char *)text);
}

/* The innermost open element's name. */
static struct span inside(const struct xml *xml)
{
    return xml->depth > 0 ? xml->levels[xml->depth - 1].local : span_str(NULL);
}

static bool enter(struct xml *xml, struct span local, size_t n_namespaces)
{
    const struct limits *limits = xml->params.limits;
    const char *met = NULL;
    if (xml->depth >= limits->max_depth)
        met = "max_depth";
    else if (++xml->n_elements > limits->max_elements)
        met = "max_elements";
    else if ((xml->n_namespaces += n_namespaces) > limits->max_namespaces)
        met = "max_namespaces";
    if (met) {
        settle(xml, ANOMALY_LIMIT, xml_tag_offset(xml), met);
        return false;
    }
    xml->levels[xml->depth++] = (struct level){local, n_namespaces};
    return true;
}

/* The start tag of the element just opened may be needed behind a hole. */
static void keep_tag(struct xml *xml)
{
    size_t level = xml->depth - 1;
    if (level >= XML_MAX_KEPT || !xml->params.ops->gap)
        return;
    struct hole *hole = &xml->hole;
    const xmlParserInput *input = xml->parser->input;
    const xmlChar *begin = input->cur, *end = input->cur;
    while (begin > input->base && *begin != '<')
        begin--;
    while (end < input->end && *end != '>')
        end++;
    size_t before = level > 0 ? hole->ends[level - 1] : 0;
    hole->tags.len = before == SIZE_MAX ? 0 : before;
    bool is_kept = before != SIZE_MAX && end < input->end;
    enum buf_result kept = BUF_LIMIT;
    if (is_kept)
        kept = buf_append(&hole->tags, span_of(begin, (size_t)(end - begin) + 1));
    hole->ends[level] = kept == BUF_OK ? hole->tags.len : SIZE_MAX;
    if (kept == BUF_NOMEM)
        xml->state = BODY_NOMEM;
}

static void on_open(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                    int n_namespaces, const xmlChar **namespaces, int n_attributes, int n_defaulted,
                    const xmlChar **attributes)
{
    struct xml *xml = ctx;
    (void)namespaces, (void)n_attributes, (void)n_defaulted, (void)attributes;
    struct xml_element element = {{string(uri), string(local)}, string(uri ? NULL : prefix)};
    if (is_settled(xml) || !enter(xml, element.name.local, (size_t)n_namespaces) ||
        xml->hole.is_replaying)
        return;
    keep_tag(xml);
    xml->params.ops->opened(xml->params.ctx, &element);
}

static void on_close(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    struct xml *xml = ctx;
    (void)local, (void)prefix, (void)uri;
    if (is_settled(xml))
        return;
    assert(xml->depth > 0);
    xml->n_namespaces -= xml->levels[--xml->depth].n_namespaces;
    xml->params.ops->closed(xml->params.ctx);
    if (xml->depth > 0 || xml->state != BODY_OPEN)
        return;
    xml->state = BODY_CLOSED;
    xml->root_end = xml_offset(xml);
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
    struct xml *xml = ctx;
    if (!is_settled(xml))
        xml->params.ops->text(xml->params.ctx, span_of(text, (size_t)len));
}

/* libxml2 tells a missing root at one of several places, as its buffer was cut. */
static uint64_t error_offset(const struct xml *xml, int code)
{
    return code == XML_ERR_DOCUMENT_EMPTY ? xml->params.base_offset : xml_offset(xml);
}

#if LIBXML_VERSION >= 21200
static void on_error(void *ctx, const xmlError *error)
#else
static void on_error(void *ctx, xmlError *error)
#endif
{
    struct xml *xml = ctx;
    if (error->code == XML_ERR_NO_MEMORY) {
        xml->state = BODY_NOMEM;
        return;
    }
    bool is_namespace = error->domain == XML_FROM_NAMESPACE && error->level == XML_ERR_ERROR &&
                        error->code != XML_WAR_NS_URI && error->code != XML_WAR_NS_URI_RELATIVE;
    if (is_settled(xml) || (error->level != XML_ERR_FATAL && !is_namespace))
        return;
    char text[ANOMALY_TEXT_BYTES];
    xml_error_describe(text, error->code, span_trim(span_str(error->message)), inside(xml));
    if (is_namespace)
        xml->params.ops->note(xml->params.ctx, ANOMALY_XML_NAMESPACE, 0, text);
    else
        settle(xml, ANOMALY_XML_MALFORMED, error_offset(xml, error->code), text);
}

static xmlParserCtxtPtr make_parser(struct xml *xml)
{
    /* White space goes where text goes, CDATA as well; what has no handler is passed over. */
    xmlSAXHandler sax = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_open,
        .endElementNs = on_close,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .serror = on_error,
    };
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&sax, xml, NULL, 0, NULL);
    /* The encoding is settled before libxml2: whatever the declaration says, it gets UTF-8. */
    if (parser)
        xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    return parser;
}

static void check_declaration(struct xml *xml, struct span text)
{
    if (!xml->is_declaration_checked && xml_encoding_contradicts(xml->decoder.encoding, text))
        xml->params.ops->note(xml->params.ctx, ANOMALY_XML_ENCODING, xml->end_offset,
                              "the declaration contradicts the encoding");
    xml->is_declaration_checked = true;
}

static void feed_parser(struct xml *xml, struct span text)
{
    if (text.len == 0 || is_settled(xml))
        return;
    xml->n_fed += text.len;
    xmlParseChunk(xml->parser, (const char *)text.ptr, (int)text.len, 0);
    if (xmlDictGetUsage(xml->parser->dict) > xml->params.limits->max_names_bytes)
        settle(xml, ANOMALY_LIMIT, xml->end_offset, "max_names_bytes");
}

/* Any number of whole constructs, none of CDATA. */
static void pass_plain(struct xml *xml, struct span text)
{
    if (text.len == 0)
        return;
    check_declaration(xml, text);
    xml->end_offset += xml_encoding_bytes(xml->decoder.encoding, text);
    feed_parser(xml, text);
}

/* libxml2 keeps a CDATA section until it is whole, whatever its size; so each piece is made one.
 * Outside of elements there is none, and what looks like one is an error at its beginning. */
static void pass_cdata(struct xml *xml, struct span text)
{
    xml->end_offset += xml_encoding_bytes(xml->decoder.encoding, text);
    feed_parser(xml, text);
    if (xml->scan.construct == XML_CDATA_PIECE && xml->depth > 0)
        feed_parser(xml, span_str("]]><![CDATA["));
}

/* libxml2 may keep the last text until it sees what follows. Nothing of ours will: an empty comment
 * makes it read on, and an error it finds there comes before whatever stops us behind it. */
static void flush_parser(struct xml *xml)
{
    struct span comment = span_str("<!---->");
    xml->end_offset += xml_encoding_bytes(xml->decoder.encoding, comment);
    feed_parser(xml, comment);
}

/* part belongs to a construct that began in an earlier feed. */
static void add_to_tail(struct xml *xml, struct span part, bool is_whole)
{
    if (buf_append(&xml->tail, part) != BUF_OK) {
        xml->state = BODY_NOMEM;
        return;
    }
    if (!is_whole)
        return;
    if (xml->scan.construct == XML_PLAIN)
        pass_plain(xml, buf_span(&xml->tail));
    else
        pass_cdata(xml, buf_span(&xml->tail));
    buf_clear(&xml->tail);
}

/* The scan refused the construct that begins at the mark. */
static void settle_refused(struct xml *xml)
{
    char text[ANOMALY_TEXT_BYTES];
    bool is_damage = xml->scan.refused_kind == ANOMALY_XML_MALFORMED;
    uint64_t offset = xml->end_offset;
    flush_parser(xml);
    xml_error_describe(text, 0, span_str(xml->scan.refused_text),
                       is_damage ? inside(xml) : span_str(NULL));
    settle(xml, xml->scan.refused_kind, offset, text);
}

/* Passes whole constructs on, plain ones as many at once as fit a slice; keeps the beginning of the
 * last. */
static void take_text(struct xml *xml, struct span text)
{
    size_t passed = 0, whole = 0, at = 0; /* text was passed on, is whole, is scanned up to here */
    while (at < text.len && !is_settled(xml)) {
        bool is_whole = true;
        struct span slice = span_first(span_after(text, at), SLICE_BYTES - (whole - passed));
        size_t n = xml->tail.len == 0 ? xml_scan_simple(&xml->scan, slice) : 0;
        if (n == 0)
            n = xml_scan_next(&xml->scan, span_after(text, at), &is_whole);
        if (xml->scan.state == XML_SCAN_REFUSED)
            break;
        at += n;
        bool is_plain = xml->scan.construct == XML_PLAIN;
        if (xml->tail.len > 0) {
            add_to_tail(xml, span_of(text.ptr + at - n, n), is_whole);
            passed = whole = at;
        } else if (is_whole && is_plain) {
            whole = at;
        }
        if (whole - passed >= SLICE_BYTES || (is_whole && whole < at)) {
            pass_plain(xml, span_of(text.ptr + passed, whole - passed));
            passed = whole;
        }
        if (is_whole && whole < at) {
            pass_cdata(xml, span_of(text.ptr + whole, at - whole));
            passed = whole = at;
        }
    }
    pass_plain(xml, span_of(text.ptr + passed, whole - passed));
    if (xml->scan.state == XML_SCAN_REFUSED)
        settle_refused(xml);
    else if (whole < at && !is_settled(xml))
        add_to_tail(xml, span_of(text.ptr + whole, at - whole), false);
}

/* The parser cannot go on where text is missing: it begins anew, with the start tags of what is
 * still open. An empty comment makes it read them. */
static void restart_parser(struct xml *xml)
{
    if (xmlCtxtResetPush(xml->parser, NULL, 0, NULL, NULL) != 0) {
        xml->state = BODY_NOMEM;
        return;
    }
    xml->n_fed = 0;
    xml->depth = 0;
    xml->n_namespaces = 0;
    xml->hole.is_replaying = !xml->hole.is_root_new;
    feed_parser(xml, buf_span(&xml->hole.tags));
    feed_parser(xml, span_str("<!---->"));
    xml->hole.is_replaying = false;
}

/* Behind a hole: passes over text up to where it can go on. */
static void search_text(struct xml *xml, struct span text)
{
    if (buf_append(&xml->tail, text) != BUF_OK) {
        xml->state = BODY_NOMEM;
        return;
    }
    bool is_found;
    size_t n = xml_search_next(&xml->hole.search, buf_span(&xml->tail), &is_found);
    buf_drop_first(&xml->tail, n);
    xml->end_offset = xml->params.base_offset + xml->decoder.offset -
                      xml_encoding_bytes(xml->decoder.encoding, buf_span(&xml->tail));
    if (!is_found)
        return;
    struct buf found = xml->tail;
    buf_init(&xml->tail, SIZE_MAX);
    xml->hole.is_searching = false;
    xml_scan_init(&xml->scan, xml->params.limits);
    restart_parser(xml);
    take_text(xml, buf_span(&found));
    buf_free(&found);
}

static void decode(struct xml *xml, struct span bytes)
{
    while (!is_settled(xml)) {
        struct span text = xml_decoder_next(&xml->decoder, &bytes);
        if (text.len == 0)
            break;
        if (xml->hole.is_searching)
            search_text(xml, text);
        else
            take_text(xml, text);
    }
    if (!xml->decoder.error || is_settled(xml))
        return;
    flush_parser(xml);
    settle(xml, xml->decoder.is_character ? ANOMALY_XML_MALFORMED : ANOMALY_XML_ENCODING,
           xml->params.base_offset + xml->decoder.offset, xml->decoder.error);
}

/* White space before an XML declaration, which makes it ill-placed, is passed over and noted. */
static struct span skip_blank_lines(struct xml *xml, struct span head)
{
    size_t n = 0;
    while (n < head.len && span_trim(span_of(head.ptr + n, 1)).len == 0)
        n++;
    struct span rest = span_after(head, n);
    if (n == 0 || !span_starts(rest, span_str("<?xml")))
        return head;
    xml->params.ops->note(xml->params.ctx, ANOMALY_XML_EXTRA, xml->end_offset,
                          "white space before the XML declaration");
    xml->decoder.offset += n;
    xml->end_offset += n;
    return rest;
}

/* The encoding is known: the bytes kept go the way of all that follow. */
static void begin_decoding(struct xml *xml, const struct xml_encoding_choice *choice)
{
    xml->is_encoding_known = true;
    xml_decoder_init(&xml->decoder, choice->encoding);
    xml->decoder.offset = choice->bom_bytes;
    xml->end_offset = xml->params.base_offset + choice->bom_bytes;
    if (choice->odd)
        xml->params.ops->note(xml->params.ctx, ANOMALY_XML_ENCODING, xml->params.base_offset,
                              choice->odd);
    decode(xml, skip_blank_lines(xml, span_after(buf_span(&xml->head), choice->bom_bytes)));
    buf_free(&xml->head);
}

struct xml *xml_open(const struct xml_params *params)
{
    struct xml *xml = calloc(1, sizeof *xml);
    if (!xml)
        return NULL;
    xml->params = *params;
    buf_init(&xml->head, params->limits->max_sniff_bytes);
    buf_init(&xml->tail, SIZE_MAX); /* the scan bounds it, or the search */
    buf_init(&xml->hole.tags, XML_MAX_KEPT_BYTES);
    xml_scan_init(&xml->scan, params->limits);
    xml->levels = calloc(params->limits->max_depth, sizeof *xml->levels);
    xml->parser = make_parser(xml);
    if (!xml->levels || !xml->parser) {
        xml_close(xml);
        return NULL;
    }
    return xml;
}

enum body_state xml_feed(struct xml *xml, struct span bytes)
{
    if (is_settled(xml))
        return xml->state;
    if (!xml->is_encoding_known) {
        struct span part = span_first(bytes, xml->head.max_bytes - xml->head.len);
        if (buf_append(&xml->head, part) != BUF_OK) {
            xml->state = BODY_NOMEM;
            return xml->state;
        }
        struct xml_encoding_choice choice;
        bool is_full = xml->head.len == xml->head.max_bytes;
        if (!xml_encoding_choose(&choice, buf_span(&xml->head), is_full, xml->params.charset))
            return xml->state;
        begin_decoding(xml, &choice);
        bytes = span_after(bytes, part.len);
    }
    decode(xml, bytes);
    return xml->state;
}

/* No more bytes come that could tell the encoding. */
static void settle_encoding(struct xml *xml)
{
    struct xml_encoding_choice choice;
    if (is_taking(xml) && !xml->is_encoding_known &&
        xml_encoding_choose(&choice, buf_span(&xml->head), true, xml->params.charset))
        begin_decoding(xml, &choice);
}

/* What was open where the hole begins. */
static enum xml_search_state search_state(const struct xml *xml)
{
    if (xml->hole.is_searching)
        return xml_search_old(&xml->hole.search);
    switch (xml->scan.state) {
    case XML_SCAN_CDATA:
        return XML_SEARCH_OLD_CDATA;
    case XML_SCAN_COMMENT:
        return XML_SEARCH_OLD_COMMENT;
    case XML_SCAN_OPENING:
        if (xml->scan.construct_bytes > 2 && xml->scan.opening[2] == '[')
            return XML_SEARCH_OLD_CDATA;
        return xml->scan.construct_bytes > 2 ? XML_SEARCH_OLD_COMMENT : XML_SEARCH_TEXT;
    default:
        return XML_SEARCH_TEXT;
    }
}

/* Forgets all open elements but those that are kept. */
static void leave_elements(struct xml *xml, uint64_t offset)
{
    struct hole *hole = &xml->hole;
    size_t n_kept = xml->params.ops->gap(xml->params.ctx, offset);
    assert(n_kept <= XML_MAX_KEPT && n_kept <= xml->depth);
    size_t end = n_kept > 0 ? hole->ends[n_kept - 1] : 0;
    if (end == SIZE_MAX && xml->state == BODY_OPEN)
        xml->state = BODY_STOPPED;
    if (end != SIZE_MAX)
        hole->tags.len = end;
    hole->is_root_new = n_kept == 0;
}

uint64_t xml_end(const struct xml *xml)
{
    return xml->params.base_offset + xml->decoder.offset + xml->decoder.n_carry;
}

enum body_state xml_gap(struct xml *xml, uint64_t n_bytes)
{
    settle_encoding(xml);
    if (xml->state == BODY_OPEN && !xml->hole.is_searching)
        flush_parser(xml);
    if (xml->state == BODY_CLOSED)
        xml->state = BODY_STOPPED; /* what is lost behind the root matters to nobody */
    if (is_settled(xml))
        return xml->state;
    uint64_t offset = xml_end(xml);
    enum xml_search_state state = search_state(xml);
    if (!xml->hole.is_searching)
        leave_elements(xml, offset);
    buf_clear(&xml->tail);
    xml_decoder_gap(&xml->decoder, n_bytes);
    xml->end_offset = offset + n_bytes;
    xml->hole.has_been = xml->hole.is_searching = true;
    xml->hole.search = (struct xml_search){state, xml->params.ops->matches, xml->params.ctx};
    return xml->state;
}

struct span xml_kept_tags(const struct xml *xml)
{
    return buf_span(&xml->hole.tags);
}

void xml_begin_with(struct xml *xml, struct span tag)
{
    buf_clear(&xml->hole.tags);
    if (buf_append(&xml->hole.tags, tag) != BUF_OK)
        xml->state = BODY_NOMEM;
}

enum body_state xml_finish(struct xml *xml)
{
    settle_encoding(xml);
    if (xml->hole.is_searching)
        return xml->state;
    if (xml->state == BODY_OPEN && xml->is_encoding_known)
        flush_parser(xml);
    if (xml->state != BODY_CLOSED)
        return xml->state;
    pass_plain(xml, buf_span(&xml->tail));
    if (!is_settled(xml))
        xmlParseChunk(xml->parser, NULL, 0, 1);
    return xml->state;
}

void xml_stop(struct xml *xml)
{
    xml->state = BODY_STOPPED;
}

void xml_limit(struct xml *xml, const char *name)
{
    settle(xml, ANOMALY_LIMIT, xml_offset(xml), name);
}

void xml_nomem(struct xml *xml)
{
    xml->state = BODY_NOMEM;
}

size_t xml_buffered_bytes(const struct xml *xml)
{
    return sizeof *xml + xml->head.capacity_bytes + xml->tail.capacity_bytes +
           xml->hole.tags.capacity_bytes + SLICE_BYTES +
           xml->params.limits->max_depth * sizeof *xml->levels + xmlDictGetUsage(xml->parser->dict);
}

void xml_close(struct xml *xml)
{
    if (!xml)
        return;
    xmlFreeParserCtxt(xml->parser);
    free(xml->levels);
    buf_free(&xml->head);
    buf_free(&xml->tail);
    buf_free(&xml->hole.tags);
    free(xml);
}
