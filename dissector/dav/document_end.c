/* What a document comes to when no more of it is read: whether it is whole, what of it is missing,
 * and its verdict; see document_state.h. */
#include "dissector/dav/document_state.h"
#include "dissector/dav/outcome_shape.h"

static bool is_root_closed(const struct document *document)
{
    return document->state == BODY_CLOSED || document->state == BODY_EXTRA;
}

static const char *cut_reason(const struct document *document,
                              const struct document_finish_params *params)
{
    if (document->state == BODY_NOMEM)
        return "evicted";
    if (params->is_end_open && document->format == FORMAT_XML && is_root_closed(document))
        return NULL;
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
    if (outcome_unlisted_is_done(&document->tally, document->params.request)) {
        end->n_unlisted = end->n_missing;
        end->n_missing = end->n_missing_named = 0;
    }
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

/* Whether all that was not lost was read, so that nothing but what was lost is unseen. */
static bool is_read_to_end(const struct document *document)
{
    return document->state == BODY_OPEN || is_root_closed(document);
}

/* Coded content is taken for evenly coded. */
static uint64_t estimate_unseen(const struct document *document, const struct document_end *end,
                                uint64_t seen_bytes)
{
    if (end->verdict != VERDICT_INCOMPLETE || end->missing_bytes == 0 || seen_bytes == 0 ||
        document->whole_bytes == 0 || !is_read_to_end(document))
        return 0;
    double decoded_a_byte = (double)document->decoded_bytes / (double)seen_bytes;
    double bytes_a_resource = (double)document->whole_bytes / (double)document->n_whole;
    double n = (double)end->missing_bytes * decoded_a_byte / bytes_a_resource;
    return n < (double)UINT32_MAX ? (uint64_t)n + 1 : UINT32_MAX;
}

void document_end_fill(struct document_end *end, struct document *document,
                       const struct document_finish_params *params)
{
    *end = (struct document_end){.format = document->format, .root = document->tally.root};
    add_rest(document, end);
    const char *cut = cut_reason(document, params);
    end->operation = outcome_operation(&document->tally, document->params.request);
    end->is_operation_inferred = !outcome_shape_is_told(document->params.request) &&
                                 end->operation != OPERATION_OTHER &&
                                 end->operation != OPERATION_REPORT;
    end->is_complete = !cut && !document->has_lost && is_root_closed(document);
    end->n_resources = document->tally.n_resources;
    add_missing(document, end);
    add_left_out(document, end);
    add_drift(document, end);
    end->verdict = judge(document, cut, &end->reason);
    memcpy(end->by_class, document->tally.by_class, sizeof end->by_class);
    end->by_status = document->by_status;
    end->decoded_bytes = document->decoded_bytes;
    end->missing_bytes = params->missing_bytes > document->missing_bytes ? params->missing_bytes
                                                                         : document->missing_bytes;
    end->is_missing_at_most = params->is_missing_at_most;
    end->n_unseen = estimate_unseen(document, end, params->seen_bytes);
    add_flags(document, end);
}
