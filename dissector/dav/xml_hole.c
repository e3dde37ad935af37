/* Where bytes are missing: what is open there is left, and behind the hole the next place is looked
 * for (xml_search) at which a new parser can go on. See xml.h. */
#include "dissector/dav/xml_state.h"

#include <assert.h>

void xml_hole_keep_tag(struct xml *xml)
{
    size_t level = xml->depth - 1;
    if (!xml->params.ops->gap)
        return;
    struct xml_hole *hole = &xml->hole;
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
    xml_parser_feed(xml, buf_span(&xml->hole.tags));
    xml_parser_feed(xml, span_str("<!---->"));
    xml->hole.is_replaying = false;
}

void xml_hole_search(struct xml *xml, struct span text)
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
    xml_take_text(xml, buf_span(&found));
    buf_free(&found);
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
    struct xml_hole *hole = &xml->hole;
    size_t n_kept = xml->params.ops->gap(xml->params.ctx, offset);
    assert(n_kept <= XML_MAX_KEPT && n_kept <= xml->depth);
    size_t end = n_kept > 0 ? hole->ends[n_kept - 1] : 0;
    if (end == SIZE_MAX && xml->state == BODY_OPEN)
        xml->state = BODY_STOPPED;
    if (end != SIZE_MAX)
        hole->tags.len = end;
    hole->is_root_new = n_kept == 0;
}

enum body_state xml_gap(struct xml *xml, uint64_t n_bytes)
{
    xml_settle_encoding(xml);
    if (!xml_is_settled(xml) && !xml->hole.is_searching)
        xml_parser_flush(xml); /* behind the root too: there may be bytes too many */
    if (xml->state == BODY_CLOSED)
        xml->state = BODY_STOPPED; /* what is lost behind the root matters to nobody */
    if (xml_is_settled(xml))
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
