/* In: bytes of one XML document. Out: elements, texts, notes. libxml2 gets whole constructs, as
 * UTF-8, and is stopped at the first thing that cannot be passed over. Knows no element by name. */
#include "dissector/dav/xml_state.h"

#include "dissector/dav/xml_error.h"

#include <stdlib.h>

static void check_declaration(struct xml *xml, struct span text)
{
    if (!xml->is_declaration_checked && xml_encoding_contradicts(xml->decoder.encoding, text))
        xml->params.ops->note(xml->params.ctx, ANOMALY_XML_ENCODING, xml->end_offset,
                              "the declaration contradicts the encoding");
    xml->is_declaration_checked = true;
}

/* Any number of whole constructs, none of CDATA. */
static void pass_plain(struct xml *xml, struct span text)
{
    if (text.len == 0)
        return;
    check_declaration(xml, text);
    xml_parser_pass(xml, text);
}

/* libxml2 keeps a CDATA section until it is whole, whatever its size; so each piece is made one.
 * Outside of elements there is none, and what looks like one is an error at its beginning. */
static void pass_cdata(struct xml *xml, struct span text)
{
    xml_parser_pass(xml, text);
    if (xml->scan.construct == XML_CDATA_PIECE && xml->depth > 0)
        xml_parser_feed(xml, span_str("]]><![CDATA["));
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
    xml_parser_flush(xml);
    xml_error_describe(text, 0, span_str(xml->scan.refused_text),
                       is_damage ? xml_inside(xml) : span_str(NULL));
    xml_settle(xml, xml->scan.refused_kind, offset, text);
}

void xml_take_text(struct xml *xml, struct span text)
{
    size_t passed = 0, whole = 0, at = 0; /* text was passed on, is whole, is scanned up to here */
    while (at < text.len && !xml_is_settled(xml)) {
        bool is_whole = true;
        struct span slice = span_first(span_after(text, at), XML_SLICE_BYTES - (whole - passed));
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
        if (whole - passed >= XML_SLICE_BYTES || (is_whole && whole < at)) {
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
    else if (whole < at && !xml_is_settled(xml))
        add_to_tail(xml, span_of(text.ptr + whole, at - whole), false);
}

static void decode(struct xml *xml, struct span bytes);

/* Behind a hole, a byte that cannot be text is as good as lost: the place to go on stands behind
 * it, perhaps in the next byte. So what was kept with it is decoded anew. */
static bool pass_over_error(struct xml *xml, struct span *bytes)
{
    struct xml_decoder *decoder = &xml->decoder;
    uint8_t kept[sizeof decoder->carry];
    size_t n_kept = decoder->n_carry;
    if (!decoder->error || !xml->hole.is_searching)
        return false;
    memcpy(kept, decoder->carry, n_kept);
    decoder->n_carry = 0;
    decoder->error = NULL;
    if (n_kept == 0)
        *bytes = span_after(*bytes, 1);
    (void)xml_gap(xml, 1);
    if (n_kept > 1)
        decode(xml, span_of(kept + 1, n_kept - 1));
    return true;
}

static void decode(struct xml *xml, struct span bytes)
{
    while (!xml_is_settled(xml)) {
        struct span text = xml_decoder_next(&xml->decoder, &bytes);
        if (text.len == 0 && pass_over_error(xml, &bytes))
            continue;
        if (text.len == 0)
            break;
        if (xml->hole.is_searching)
            xml_hole_search(xml, text);
        else
            xml_take_text(xml, text);
    }
    if (!xml->decoder.error || xml_is_settled(xml))
        return;
    xml_parser_flush(xml);
    xml_settle(xml, xml->decoder.is_character ? ANOMALY_XML_MALFORMED : ANOMALY_XML_ENCODING,
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
    struct xml *xml = malloc(sizeof *xml);
    if (!xml)
        return NULL;
    memset(xml, 0, offsetof(struct xml, decoder));
    xml_decoder_init(&xml->decoder, XML_UTF_8);
    xml->params = *params;
    buf_init(&xml->head, params->limits->max_sniff_bytes);
    buf_init(&xml->tail, SIZE_MAX); /* the scan bounds it, or the search */
    buf_init(&xml->hole.tags, XML_MAX_KEPT_BYTES);
    xml_scan_init(&xml->scan, params->limits);
    xml->levels = malloc(params->limits->max_depth * sizeof *xml->levels);
    xml->parser = xml_parser_make(xml);
    if (!xml->levels || !xml->parser) {
        xml_close(xml);
        return NULL;
    }
    return xml;
}

enum body_state xml_feed(struct xml *xml, struct span bytes)
{
    if (xml_is_settled(xml))
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

void xml_settle_encoding(struct xml *xml)
{
    struct xml_encoding_choice choice;
    if (xml_is_taking(xml) && !xml->is_encoding_known &&
        xml_encoding_choose(&choice, buf_span(&xml->head), true, xml->params.charset))
        begin_decoding(xml, &choice);
}

uint64_t xml_end(const struct xml *xml)
{
    return xml->params.base_offset + xml->decoder.offset + xml->decoder.n_carry;
}

enum body_state xml_finish(struct xml *xml)
{
    xml_settle_encoding(xml);
    if (xml->hole.is_searching)
        return xml->state;
    if (xml->state == BODY_OPEN && xml->is_encoding_known)
        xml_parser_flush(xml);
    if (xml->state != BODY_CLOSED)
        return xml->state;
    pass_plain(xml, buf_span(&xml->tail));
    if (!xml_is_settled(xml))
        xmlParseChunk(xml->parser, NULL, 0, 1);
    return xml->state;
}

void xml_stop(struct xml *xml)
{
    xml->state = BODY_STOPPED;
}

void xml_limit(struct xml *xml, const char *name)
{
    xml_settle(xml, ANOMALY_LIMIT, xml_offset(xml), name);
}

void xml_nomem(struct xml *xml)
{
    xml->state = BODY_NOMEM;
}

size_t xml_buffered_bytes(const struct xml *xml)
{
    return sizeof *xml + xml->head.capacity_bytes + xml->tail.capacity_bytes +
           xml->hole.tags.capacity_bytes + XML_SLICE_BYTES +
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
