/* In: whole constructs of UTF-8. Out: elements, texts, notes: the callbacks of libxml2, the limits
 * that are counted in elements, and offsets. Knows no element by name. */
#include "dissector/dav/xml_state.h"

#include "dissector/dav/xml_error.h"

#include <assert.h>

void xml_settle(struct xml *xml, enum anomaly_kind kind, uint64_t offset, const char *text)
{
    if (xml_is_settled(xml))
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

struct span xml_inside(const struct xml *xml)
{
    return xml->depth > 0 ? span_str(xml->levels[xml->depth - 1].local) : span_str(NULL);
}

static bool enter(struct xml *xml, const char *local, size_t n_namespaces)
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
        xml_settle(xml, ANOMALY_LIMIT, xml_tag_offset(xml), met);
        return false;
    }
    xml->levels[xml->depth++] = (struct xml_level){local, n_namespaces};
    return true;
}

static void on_open(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                    int n_namespaces, const xmlChar **namespaces, int n_attributes, int n_defaulted,
                    const xmlChar **attributes)
{
    struct xml *xml = ctx;
    (void)namespaces, (void)n_attributes, (void)n_defaulted, (void)attributes;
    struct xml_tag tag = {(const char *)uri, (const char *)local,
                          uri ? NULL : (const char *)prefix};
    if (xml_is_settled(xml) || !enter(xml, tag.local, (size_t)n_namespaces) ||
        xml->hole.is_replaying)
        return;
    if (xml->depth <= XML_MAX_KEPT)
        xml_hole_keep_tag(xml);
    xml->params.ops->opened(xml->params.ctx, &tag);
}

static void on_close(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    struct xml *xml = ctx;
    (void)local, (void)prefix, (void)uri;
    if (xml_is_settled(xml))
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
    if (!xml_is_settled(xml))
        xml->params.ops->text(xml->params.ctx, span_of(text, (size_t)len));
}

/* libxml2 tells a missing root, and the end of a CDATA section in text, at one of several places,
 * as its buffer was cut; the latter never behind where it stands. */
static uint64_t error_offset(const struct xml *xml, int code)
{
    const xmlParserInput *input = xml->parser->input;
    if (code == XML_ERR_DOCUMENT_EMPTY)
        return xml->params.base_offset;
    if (code != XML_ERR_MISPLACED_CDATA_END)
        return xml_offset(xml);
    struct span rest = span_of(input->cur, (size_t)(input->end - input->cur));
    return offset_of(xml, input->cur + span_find(rest, span_str("]]>")));
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
    if (xml_is_settled(xml) || (error->level != XML_ERR_FATAL && !is_namespace))
        return;
    char text[ANOMALY_TEXT_BYTES];
    xml_error_describe(text, error->code, span_trim(span_str(error->message)), xml_inside(xml));
    if (is_namespace)
        xml->params.ops->note(xml->params.ctx, ANOMALY_XML_NAMESPACE, 0, text);
    else
        xml_settle(xml, ANOMALY_XML_MALFORMED, error_offset(xml, error->code), text);
}

xmlParserCtxtPtr xml_parser_make(struct xml *xml)
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

void xml_parser_feed(struct xml *xml, struct span text)
{
    if (text.len == 0 || xml_is_settled(xml))
        return;
    xml->n_fed += text.len;
    xmlParseChunk(xml->parser, (const char *)text.ptr, (int)text.len, 0);
    if (xmlDictGetUsage(xml->parser->dict) > xml->params.limits->max_names_bytes)
        xml_settle(xml, ANOMALY_LIMIT, xml->end_offset, "max_names_bytes");
}

void xml_parser_pass(struct xml *xml, struct span text)
{
    xml->end_offset += xml_encoding_bytes(xml->decoder.encoding, text);
    xml_parser_feed(xml, text);
}

/* Text that was kept in case it went on to be more. */
static void pass_kept_text(struct xml *xml)
{
    if (xml->scan.state != XML_SCAN_TEXT)
        return;
    xml_parser_pass(xml, buf_span(&xml->tail));
    buf_clear(&xml->tail);
}

void xml_parser_flush(struct xml *xml)
{
    pass_kept_text(xml);
    xml_parser_pass(xml, span_str("<!---->"));
}
