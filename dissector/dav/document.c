/* In: the body of a response. Out: its begin, resources, notes and end, as document.h says. Sniffs
 * the format, hands XML to multistatus, has each resource judged and counted by outcome, and
 * settles the verdict. JSON and multipart are recognised and not decoded. */
#include "dissector/dav/document.h"

#include "dissector/base/buf.h"
#include "dissector/dav/href_set.h"
#include "dissector/dav/html_title.h"
#include "dissector/dav/json_multistatus.h"
#include "dissector/dav/multipart.h"
#include "dissector/dav/multistatus.h"
#include "dissector/dav/outcome.h"
#include "dissector/dav/reconcile.h"
#include "dissector/dav/schedule_status.h"
#include "dissector/dav/sniff.h"

#include <stdlib.h>

enum { MULTI_STATUS = 207, MAX_PENDING_NOTES = 4 };

enum phase {
    PHASE_SNIFFING, /* the format is not known yet */
    PHASE_DECODING, /* by a reader */
    PHASE_PASSING,  /* nothing more can be learnt */
};

struct document {
    struct document_params params;
    const struct document_ops *ops;
    void *ctx;
    const struct origin *origin; /* of the call that is running */
    enum phase phase;
    enum feed settled; /* FEED_OK while it is not */
    struct buf head;   /* while sniffing */
    struct sniff_params sniffing;
    enum format format;
    const struct body_reader *reader; /* NULL: of this format nothing is read */
    void *reading;                    /* the reader's */
    enum body_state state;            /* of the reader */
    bool has_begun, has_gap, has_lost, is_one_by_one;
    bool is_undecided;                         /* it was cut before it was clear that it is none */
    bool has_output_before;                    /* something stood before the XML that is none */
    struct anomaly pending[MAX_PENDING_NOTES]; /* until it is clear that this is a document */
    size_t n_pending;
    uint32_t flags;
    struct outcome_tally tally;
    uint32_t by_status[STATUS_N];
    struct href_set hrefs;
    bool is_href_limit_noted;
    struct reconcile reconcile;
    struct property_check property_check;
    uint64_t decoded_bytes, missing_bytes;
    uint64_t n_whole, whole_bytes; /* resources seen from end to end, and their elements */
};

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

/* The empty hrefs of a failed bulk change name no resource. */
static enum feed find_duplicates(struct document *document, struct resource *resource)
{
    if (resource->flags & RESOURCE_NO_HREF)
        return FEED_OK;
    for (size_t i = 0; i < resource->n_hrefs; i++) {
        if (resource->hrefs[i].len == 0)
            continue;
        enum href_seen seen = href_set_add(&document->hrefs, resource->hrefs[i]);
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
    if (root == ROOT_NONE && !is_207(document))
        return FEED_STOP;
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
    if (find_duplicates(document, resource) == FEED_NOMEM ||
        relate(document, resource) == FEED_NOMEM)
        return FEED_NOMEM;
    bool is_partial = resource->flags & RESOURCE_PARTIAL;
    if (document->tally.root == ROOT_SCHEDULE_RESPONSE && !is_partial)
        schedule_status_judge(resource);
    else
        outcome_judge(resource, propstats, &document->tally, request);
    outcome_add(&document->tally, resource);
    if (document->tally.root == ROOT_MULTISTATUS &&
        property_check_resource(&document->property_check, resource) == FEED_NOMEM)
        return FEED_NOMEM;
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

/* XML is a document by its root; anything else where a document has to be expected. */
static enum feed begin_format(struct document *document, const struct sniffed *sniffed)
{
    document->format = sniffed->format;
    bool may_be = is_207(document) || document->params.reads_batches ||
                  document->params.expects_batch || sniffed->format == FORMAT_XML;
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

static const char *cut_reason(const struct document *document,
                              const struct document_finish_params *params)
{
    if (document->state == BODY_NOMEM)
        return "evicted";
    if (params->cut_reason)
        return params->cut_reason;
    if (document->has_gap)
        return "capture-gap";
    switch (params->why) {
    case END_COMPLETE:
        return document->state == BODY_OPEN && document->reader ? "wire-truncated" : NULL;
    case END_GAP:
        return "capture-gap";
    case END_CAPTURE:
        return "capture-ended";
    case END_EVICTED:
        return "evicted";
    default:
        return "wire-truncated";
    }
}

/* Why a body whose format is known is none of ours; NULL when it is, or might have become one. */
static const char *foreign_reason(const struct document *document, bool is_cut)
{
    static const char *const without_root[FORMAT_N] = {
        [FORMAT_XML] = "no-root",
        [FORMAT_JSON] = "json",
        [FORMAT_MULTIPART] = "multipart",
    };
    if (document->has_gap && document->tally.root == ROOT_NONE)
        return NULL;
    if (document->format == FORMAT_HTML)
        return "html";
    if (document->format == FORMAT_EMPTY || document->format == FORMAT_OTHER)
        return is_cut ? NULL : document->format == FORMAT_EMPTY ? "empty-body" : "plain-text";
    bool is_unread = document->format != FORMAT_XML && !document->reader;
    bool is_foreign = document->state == BODY_STOPPED && document->tally.root == ROOT_NONE;
    return is_unread || is_foreign ? without_root[document->format] : NULL;
}

static bool is_root_closed(const struct document *document)
{
    return document->state == BODY_CLOSED || document->state == BODY_EXTRA;
}

/* Why the XML is not well-formed, so that a client must assume nothing (RFC 4918 §8.2); or NULL. Of
 * what is cut nobody knows whether the rest would have mended it: a comment may be open. */
static const char *ill_formed_reason(const struct document *document, bool is_cut)
{
    if (document->has_gap)
        return NULL; /* behind a hole nothing is sure to be damage */
    if (document->state == BODY_DAMAGED)
        return "not-well-formed";
    if (document->state == BODY_REFUSED)
        return "dtd";
    bool has_extra = document->has_output_before || document->state == BODY_EXTRA;
    return has_extra && is_root_closed(document) && !is_cut ? "extra-output" : NULL;
}

/* DOMAIN.md 2.2, first match wins. A limit of ours hides bytes from us as a gap does. */
static enum verdict judge(const struct document *document, const char *cut, const char **reason)
{
    *reason = foreign_reason(document, cut != NULL);
    if (*reason)
        return VERDICT_UNDECODABLE;
    *reason = ill_formed_reason(document, cut != NULL);
    if (*reason)
        return VERDICT_UNDECODABLE;
    *reason = document->state == BODY_LIMITED || document->has_lost ? "limit" : cut;
    if (*reason)
        return VERDICT_INCOMPLETE;
    if (document->tally.root == ROOT_NONE) {
        *reason = "no-root";
        return VERDICT_UNDECODABLE;
    }
    return outcome_verdict(&document->tally, document->params.request, document->params.http_status,
                           reason);
}

static void add_rest(struct document *document, struct document_end *end)
{
    if (!document->reading)
        return;
    struct body_rest rest = document->reader->rest(document->reading);
    end->sync_token = rest.sync_token;
    end->has_sync_token = rest.sync_token.ptr != NULL;
    end->description = rest.description;
    end->broken_href = rest.broken_href;
    document->has_lost = rest.has_lost;
    document->flags |= rest.flags;
    if (document->state == BODY_LIMITED)
        document->flags |= DOCUMENT_CUT;
    document->tally.has_sync_token = end->has_sync_token;
    document->tally.is_failures_only = rest.is_failures_only;
    document->is_one_by_one = rest.is_one_by_one;
}

/* Of a bulk change the objects are counted: those that failed have no href. */
static void add_missing_objects(const struct document *document, struct document_end *end)
{
    const struct request *request = document->params.request;
    end->has_requested = request->is_body_whole && request->n_objects > 0;
    end->n_requested = request->n_objects;
    if (end->is_complete && request->n_objects > end->n_resources)
        end->n_missing = request->n_objects - end->n_resources;
}

static void add_missing_hrefs(struct document *document, struct document_end *end)
{
    struct reconcile *reconcile = &document->reconcile;
    end->has_requested = reconcile_knows_missing(reconcile);
    end->n_requested = document->params.request->n_hrefs;
    if (!end->has_requested || !end->is_complete || reconcile_finish(reconcile) != FEED_OK)
        return;
    end->missing = reconcile->missing;
    end->n_missing_named = reconcile->n_missing;
    end->n_missing = reconcile->n_missing;
}

/* What was asked for, and what of it a document that was seen to its end leaves out. */
static void add_missing(struct document *document, struct document_end *end)
{
    enum root root = document->tally.root;
    if (root == ROOT_BATCH || (root == ROOT_MULTISTATUS && end->operation == OPERATION_POST_BULK))
        add_missing_objects(document, end);
    else if (root == ROOT_MULTISTATUS)
        add_missing_hrefs(document, end);
    if (root == ROOT_BATCH && !document->is_one_by_one)
        end->n_missing = 0;
    if (outcome_unlisted_is_done(&document->tally, document->params.request))
        end->n_missing = end->n_missing_named = 0;
    document->tally.by_class[OUTCOME_MISSING] = end->n_missing;
    if (end->n_missing > 0)
        document->flags |= DOCUMENT_MISSING;
}

static void add_left_out(struct document *document, struct document_end *end)
{
    struct property_check *check = &document->property_check;
    if (check->is_early || property_check_finish(check) != FEED_OK)
        return;
    end->has_spoken = check->n_resources > 0;
    end->left_out = check->left_out;
    end->n_left_out = check->n_left_out;
}

static void add_drift(struct document *document, struct document_end *end)
{
    end->n_unsolicited = document->reconcile.n_unsolicited;
    if (end->n_unsolicited > 0)
        document->flags |= DOCUMENT_UNSOLICITED;
    uint32_t drifts = document->reconcile.drifts;
    if (drifts)
        document->flags |= DOCUMENT_HREF_DRIFT | drifts * DOCUMENT_SLASH_DRIFT;
}

/* What is missing is only known of a document that was seen to its end. */
static void add_flags(struct document *document, struct document_end *end)
{
    end->flags = document->flags | outcome_flags(&document->tally, document->params.request,
                                                 document->params.http_status);
    if (!end->is_complete || end->root != ROOT_MULTISTATUS)
        end->flags &= ~(uint32_t)DOCUMENT_TOKEN_MISSING;
    if (end->verdict == VERDICT_UNDECODABLE && operation_is_write(end->operation))
        end->flags |= DOCUMENT_OUTCOME_UNKNOWN;
}

/* Coded content is taken for evenly coded. */
static uint64_t estimate_unseen(const struct document *document, const struct document_end *end,
                                uint64_t seen_bytes)
{
    if (end->verdict != VERDICT_INCOMPLETE || end->missing_bytes == 0 || seen_bytes == 0 ||
        document->whole_bytes == 0)
        return 0;
    double decoded_a_byte = (double)document->decoded_bytes / (double)seen_bytes;
    double bytes_a_resource = (double)document->whole_bytes / (double)document->n_whole;
    double n = (double)end->missing_bytes * decoded_a_byte / bytes_a_resource;
    return n < (double)UINT32_MAX ? (uint64_t)n + 1 : UINT32_MAX;
}

void document_finish(struct document *document, const struct document_finish_params *params,
                     const struct origin *origin)
{
    document->origin = origin;
    bool is_cut = params->cut_reason != NULL || params->why != END_COMPLETE;
    document->is_undecided = is_cut && document->settled == FEED_OK;
    flush(document, is_cut);
    if (!document->has_begun && is_207(document))
        begin(document, ROOT_NONE);
    if (!document->has_begun)
        return;
    struct document_end end = {.format = document->format, .root = document->tally.root};
    add_rest(document, &end);
    const char *cut = cut_reason(document, params);
    end.operation = outcome_operation(&document->tally, document->params.request);
    end.is_operation_inferred =
        !document->params.request->is_seen && end.operation != OPERATION_OTHER;
    end.is_complete = !cut && !document->has_lost && is_root_closed(document);
    end.n_resources = document->tally.n_resources;
    add_missing(document, &end);
    add_left_out(document, &end);
    add_drift(document, &end);
    end.verdict = judge(document, cut, &end.reason);
    memcpy(end.by_class, document->tally.by_class, sizeof end.by_class);
    end.by_status = document->by_status;
    end.decoded_bytes = document->decoded_bytes;
    end.missing_bytes = params->missing_bytes > document->missing_bytes ? params->missing_bytes
                                                                        : document->missing_bytes;
    end.is_missing_at_most = params->is_missing_at_most;
    end.n_unseen = estimate_unseen(document, &end, params->seen_bytes);
    add_flags(document, &end);
    document->ops->end(document->ctx, &end, origin);
}

bool document_is_undecided(const struct document *document)
{
    return document->is_undecided && !document->has_begun;
}

size_t document_buffered_bytes(const struct document *document)
{
    size_t decoding = document->reading ? document->reader->buffered_bytes(document->reading) : 0;
    return sizeof *document + document->head.capacity_bytes + href_set_bytes(&document->hrefs) +
           reconcile_bytes(&document->reconcile) + property_check_bytes(&document->property_check) +
           decoding;
}

void document_close(struct document *document)
{
    if (!document)
        return;
    if (document->reading)
        document->reader->close(document->reading);
    buf_free(&document->head);
    href_set_free(&document->hrefs);
    reconcile_free(&document->reconcile);
    property_check_free(&document->property_check);
    free(document);
}
