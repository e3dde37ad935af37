/* In: the body of a response. Out: its begin, resources, notes and end, as document.h says. Sniffs
 * the format, hands the body to the reader of that, and has each resource compared with the
 * request, judged and counted. What comes of the whole stands in document_end.c. */
#include "dissector/dav/document_state.h"

#include "dissector/dav/html_title.h"
#include "dissector/dav/json_multistatus.h"
#include "dissector/dav/multipart.h"
#include "dissector/dav/multistatus.h"
#include "dissector/dav/schedule_status.h"

#include <stdlib.h>

/* Formats without a reader are recognised and not read. */
static const struct body_reader *const readers[FORMAT_N] = {
    [FORMAT_XML] = &multistatus_reader,
    [FORMAT_JSON] = &json_multistatus_reader,
    [FORMAT_MULTIPART] = &multipart_reader,
    [FORMAT_HTML] = &html_title_reader,
};

static bool is_207(const struct document *document)
{
    return document->params.http_status == MULTI_STATUS;
}

/* Before it is clear that this is a document, only the first notes are kept. */
static void emit_note(struct document *document, const struct anomaly *anomaly)
{
    if (document->has_begun)
        document->ops->note(document->ctx, anomaly);
    else if (document->n_pending < MAX_PENDING_NOTES)
        document->pending[document->n_pending++] = *anomaly;
}

static void note(struct document *document, enum anomaly_kind kind, uint64_t offset,
                 const char *text)
{
    struct anomaly anomaly = anomaly_make(kind, document->origin, 0, text);
    anomaly.has_offset = true;
    anomaly.offset = offset;
    emit_note(document, &anomaly);
}

static enum feed begin(struct document *document, enum root root)
{
    document->has_begun = true;
    document->tally.root = root;
    enum feed answer = document->ops->begin(document->ctx, root, document->origin);
    for (size_t i = 0; i < document->n_pending; i++)
        document->ops->note(document->ctx, &document->pending[i]);
    document->n_pending = 0;
    return answer;
}

static void count_status(struct document *document, const struct resource *resource)
{
    if (document->tally.root == ROOT_SCHEDULE_RESPONSE)
        return; /* its statuses are of another kind */
    if (resource->status.is_present)
        document->by_status[resource->status.code] += (uint32_t)resource->n_hrefs;
    for (size_t i = 0; i < resource->n_propstats; i++) {
        uint16_t code = resource->propstats[i].status.code;
        bool is_new = !resource->status.is_present || code != resource->status.code;
        for (size_t j = 0; j < i && is_new; j++)
            is_new = resource->propstats[j].status.code != code;
        if (is_new)
            document->by_status[code] += (uint32_t)resource->n_hrefs;
    }
}

/* What an href is known by: two spellings of one URL (RFC 3986 §6.2.2) are the same, and "/d//a" is
 * "/d/a" to most servers. Where a # stands in a name, what is behind it is a part of the name.
 * False: no memory. */
static bool make_key(struct document *document, struct span href, struct span *key)
{
    bool is_path = href.ptr[0] == '/' && span_find_byte(href, '#') == href.len;
    *key = href;
    if (!is_path || href_is_canonical(href))
        return true;
    bool is_made = href_form(&document->form, href, span_of(NULL, 0), DRIFT_DOUBLE_SLASH);
    *key = buf_span(&document->form);
    return is_made;
}

/* The empty hrefs of a failed bulk change name no resource, and the mark of a page is none. A batch
 * that is no WebDAV may do several things to one. */
static enum feed find_duplicates(struct document *document, struct resource *resource)
{
    struct span key;
    if (resource->flags & RESOURCE_NO_HREF || document->tally.root == ROOT_BATCH)
        return FEED_OK;
    for (size_t i = 0; i < resource->n_hrefs; i++) {
        if (resource->hrefs[i].len == 0)
            continue;
        if (!make_key(document, resource->hrefs[i], &key))
            return FEED_NOMEM;
        enum href_seen seen = href_set_add(&document->hrefs, key);
        if (seen == HREF_NOMEM)
            return FEED_NOMEM;
        if (seen == HREF_SEEN) {
            resource->flags |= RESOURCE_DUPLICATE;
            document->flags |= DOCUMENT_DUPLICATES;
        }
        if (seen == HREF_UNKNOWN && !document->is_href_limit_noted) {
            note(document, ANOMALY_LIMIT, resource->offset, "max_distinct_hrefs");
            document->is_href_limit_noted = true;
        }
    }
    return FEED_OK;
}

static enum feed on_root(void *ctx, enum root root, bool is_html, bool is_wrapped)
{
    struct document *document = ctx;
    if (is_html)
        document->format = FORMAT_HTML;
    if (is_wrapped)
        document->flags |= DOCUMENT_WRAPPED;
    if (root == ROOT_NONE && !is_207(document)) /* a page may still tell its title */
        return document->reader == &html_title_reader ? FEED_OK : FEED_STOP;
    if (root == ROOT_LOCKS) {
        document->tally.root = root;
        return document->ops->locks ? FEED_OK : FEED_STOP;
    }
    return begin(document, root);
}

/* The implied resource of a mkcol-response or error is the target itself. */
static enum feed relate(struct document *document, struct resource *resource)
{
    if (document->tally.root == ROOT_MULTISTATUS)
        return reconcile_resource(&document->reconcile, resource);
    bool is_implied =
        document->tally.root != ROOT_SCHEDULE_RESPONSE && document->tally.root != ROOT_BATCH;
    if (is_implied && document->params.request->is_seen)
        resource->relation = RELATION_SELF;
    return FEED_OK;
}

static enum feed on_resource(void *ctx, struct resource *resource, struct propstat *propstats)
{
    struct document *document = ctx;
    const struct request *request = document->params.request;
    if (document->tally.root == ROOT_LOCKS)
        return document->ops->locks(document->ctx, resource, document->origin);
    if (relate(document, resource) == FEED_NOMEM)
        return FEED_NOMEM;
    bool is_partial = resource->flags & RESOURCE_PARTIAL;
    if (document->tally.root == ROOT_SCHEDULE_RESPONSE && !is_partial)
        schedule_status_judge(resource);
    else
        outcome_judge(resource, propstats, &document->tally, request);
    bool is_mark = resource->class == OUTCOME_TRUNCATED;
    if (!is_mark && find_duplicates(document, resource) == FEED_NOMEM)
        return FEED_NOMEM;
    outcome_add(&document->tally, resource);
    if (document->tally.root == ROOT_MULTISTATUS &&
        property_check_resource(&document->property_check, resource) == FEED_NOMEM)
        return FEED_NOMEM;
    if (!is_mark)
        count_status(document, resource);
    if (!is_partial) {
        document->n_whole++;
        document->whole_bytes += resource->end - resource->offset;
    }
    return document->ops->resource(document->ctx, resource, document->origin);
}

static void on_note(void *ctx, enum anomaly_kind kind, uint64_t offset, const char *text)
{
    note(ctx, kind, offset, text);
}

static const struct body_ops body_ops = {on_root, on_resource, on_note};

static enum feed settle(struct document *document, enum feed feed)
{
    document->phase = PHASE_PASSING;
    document->settled = feed;
    return feed;
}

/* What the parser's state means for the document. */
static enum feed obey(struct document *document, enum body_state state)
{
    document->state = state;
    switch (document->state) {
    case BODY_OPEN:
    case BODY_CLOSED:
        return FEED_OK;
    case BODY_NOMEM:
        return settle(document, FEED_NOMEM);
    case BODY_EXTRA:
    case BODY_DAMAGED:
    case BODY_REFUSED:
    case BODY_LIMITED:
    case BODY_STOPPED:
        break;
    }
    return settle(document, FEED_STOP);
}

static enum feed decode(struct document *document, struct span bytes)
{
    return obey(document, document->reader->feed(document->reading, bytes));
}

static enum feed open_reader(struct document *document, size_t offset)
{
    struct body_params params = {
        .limits = document->params.limits,
        .request = document->params.request,
        .http_status = document->params.http_status,
        .charset = document->params.charset,
        .boundary = document->params.boundary,
        .is_expected = is_207(document) || document->params.expects_batch,
        .base_offset = offset,
        .ops = &body_ops,
        .ctx = document,
    };
    document->reader = readers[document->format];
    document->reading = document->reader->create(&params);
    if (!document->reading)
        return settle(document, FEED_NOMEM);
    document->phase = PHASE_DECODING;
    document->has_output_before = offset > 0;
    if (document->has_output_before)
        note(document, ANOMALY_XML_EXTRA, 0, "other output before the XML");
    return FEED_OK;
}

/* XML is a document by its root; anything else where a document has to be expected. Of a web page
 * the title is read in any case. */
static enum feed begin_format(struct document *document, const struct sniffed *sniffed)
{
    document->format = sniffed->format;
    bool may_be = is_207(document) || document->params.reads_batches ||
                  document->params.expects_batch || sniffed->format == FORMAT_XML ||
                  sniffed->format == FORMAT_HTML;
    if (readers[sniffed->format] && may_be)
        return open_reader(document, sniffed->offset);
    enum feed answer = is_207(document) ? begin(document, ROOT_NONE) : FEED_STOP;
    return settle(document, answer == FEED_NOMEM ? FEED_NOMEM : FEED_STOP);
}

/* Most bodies are known by the bytes of their first feed, and nothing is copied. */
static enum feed sniff_on(struct document *document, struct span bytes)
{
    struct buf *head = &document->head;
    struct span part = span_first(bytes, head->max_bytes - head->len);
    bool is_direct = head->len == 0;
    if (!is_direct && buf_append(head, part) != BUF_OK)
        return settle(document, FEED_NOMEM);
    struct span seen = is_direct ? part : buf_span(head);
    struct sniffed sniffed;
    if (!sniff(&sniffed, seen, seen.len == head->max_bytes, &document->sniffing)) {
        if (is_direct && buf_append(head, part) != BUF_OK)
            return settle(document, FEED_NOMEM);
        return FEED_OK;
    }
    if (sniffed.format == FORMAT_EMPTY) /* white space as far as was looked */
        sniffed.format = FORMAT_OTHER;
    enum feed answer = begin_format(document, &sniffed);
    if (answer == FEED_OK)
        answer = decode(document, span_after(seen, sniffed.offset));
    if (answer == FEED_OK && part.len < bytes.len)
        answer = decode(document, span_after(bytes, part.len));
    buf_free(head);
    return answer;
}

enum feed document_open(struct document **opened, const struct document_params *params,
                        const struct document_ops *ops, void *ctx)
{
    struct document *document = calloc(1, sizeof *document);
    *opened = document;
    if (!document)
        return FEED_NOMEM;
    document->params = *params;
    document->ops = ops;
    document->ctx = ctx;
    document->sniffing = (struct sniff_params){params->media_type, is_207(document)};
    buf_init(&document->head, params->limits->max_sniff_bytes);
    buf_init(&document->form, SIZE_MAX); /* bounded by max_text_bytes */
    href_set_init(&document->hrefs, params->limits->max_distinct_hrefs);
    reconcile_init(&document->reconcile, params->request);
    property_check_init(&document->property_check, params->request);
    return FEED_OK;
}

enum feed document_feed(struct document *document, struct span bytes, const struct origin *origin)
{
    if (document->settled != FEED_OK || bytes.len == 0)
        return document->settled;
    document->origin = origin;
    document->decoded_bytes += bytes.len;
    return document->phase == PHASE_SNIFFING ? sniff_on(document, bytes) : decode(document, bytes);
}

/* No more bytes come that could tell the format. Of a body none of which was seen, though there was
 * one, it is not known. */
static void settle_format(struct document *document, bool is_cut)
{
    struct sniffed sniffed;
    struct span head = buf_span(&document->head);
    sniff(&sniffed, head, true, &document->sniffing);
    if (is_cut && sniffed.format == FORMAT_EMPTY)
        sniffed.format = FORMAT_OTHER;
    if (begin_format(document, &sniffed) == FEED_OK)
        decode(document, span_after(head, sniffed.offset));
}

/* Where nothing stands before the hole, the body may be XML. */
enum feed document_gap(struct document *document, uint64_t n_bytes, const struct origin *origin)
{
    document->origin = origin;
    document->missing_bytes += n_bytes;
    if (document->settled != FEED_OK)
        return document->settled;
    document->has_gap = true;
    if (document->phase == PHASE_SNIFFING && document->head.len > 0)
        settle_format(document, true);
    else if (document->phase == PHASE_SNIFFING)
        open_reader(document, 0);
    if (document->settled != FEED_OK)
        return document->settled;
    return obey(document, document->reader->gap(document->reading, n_bytes));
}

/* ---- the end ---- */

/* No more bytes come: what was waiting for more is decided. */
static void flush(struct document *document, bool is_cut)
{
    if (document->phase == PHASE_SNIFFING)
        settle_format(document, is_cut);
    if (document->phase == PHASE_DECODING)
        document->state = document->reader->finish(document->reading);
}

void document_finish(struct document *document, const struct document_finish_params *params,
                     const struct origin *origin)
{
    document->origin = origin;
    bool is_cut = params->cut_reason != NULL || params->why != END_COMPLETE;
    document->is_undecided = is_cut && document->settled == FEED_OK &&
                             document->tally.root != ROOT_LOCKS && document->format != FORMAT_HTML;
    flush(document, is_cut);
    if (!document->has_begun && is_207(document))
        begin(document, ROOT_NONE);
    if (!document->has_begun)
        return;
    struct document_end end;
    document_end_fill(&end, document, params);
    document->ops->end(document->ctx, &end, origin);
}

bool document_is_undecided(const struct document *document)
{
    return document->is_undecided && !document->has_begun;
}

struct span document_page_title(const struct document *document)
{
    bool is_page = !document->has_begun && document->reader == &html_title_reader;
    return is_page && document->reading ? document->reader->rest(document->reading).description
                                        : span_of(NULL, 0);
}

size_t document_buffered_bytes(const struct document *document)
{
    size_t decoding = document->reading ? document->reader->buffered_bytes(document->reading) : 0;
    return sizeof *document + document->head.capacity_bytes + document->form.capacity_bytes +
           href_set_bytes(&document->hrefs) + reconcile_bytes(&document->reconcile) +
           property_check_bytes(&document->property_check) + decoding;
}

void document_close(struct document *document)
{
    if (!document)
        return;
    if (document->reading)
        document->reader->close(document->reading);
    buf_free(&document->head);
    buf_free(&document->form);
    href_set_free(&document->hrefs);
    reconcile_free(&document->reconcile);
    property_check_free(&document->property_check);
    free(document);
}
