/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A whole body into dav/document and its events into an arena; see decoding.h. Nothing of the host
 * that could leave by an exception is called while the parser is open. */
#include "dissector/wireshark/decoding.h"

#include "dissector/dav/resource_copy.h"

/* A document that is shown takes several times this in the host's tree. */
enum { MAX_KEPT_BYTES = 64 << 20, MAX_NOTES = 100 };

static enum feed on_begin(void *ctx, enum root root, const struct origin *origin)
{
    (void)ctx, (void)root, (void)origin;
    return FEED_OK;
}

static enum feed on_resource(void *ctx, const struct resource *resource,
                             const struct origin *origin)
{
    struct decoding *decoding = ctx;
    (void)origin;
    if (!decoding->keeps_resources)
        return FEED_OK;
    struct copier copier = {.arena = &decoding->arena, .text = copier_keep};
    struct list *list = &decoding->resource_list;
    const struct resource *before =
        list->n > 0 ? ((struct resource **)list->items)[list->n - 1] : NULL;
    struct resource *copy = arena_take(&decoding->arena, sizeof *copy);
    if (!copy || !resource_copy(copy, resource, before, &copier)) {
        decoding->n_left_out += resource->n_hrefs;
        return FEED_OK;
    }
    struct resource **place = list_add(list, &decoding->arena, sizeof(struct resource *));
    if (place)
        *place = copy;
    else
        decoding->n_left_out += resource->n_hrefs;
    return FEED_OK;
}

static void on_note(void *ctx, const struct anomaly *anomaly)
{
    struct decoding *decoding = ctx;
    if (decoding->note_list.n >= MAX_NOTES)
        return;
    struct anomaly *copy = arena_take(&decoding->arena, sizeof *copy);
    if (!copy)
        return;
    *copy = *anomaly;
    struct anomaly **place =
        list_add(&decoding->note_list, &decoding->arena, sizeof(struct anomaly *));
    if (place)
        *place = copy;
}

static struct span kept(struct decoding *decoding, struct span text)
{
    return text.ptr ? arena_copy(&decoding->arena, text) : text;
}

/* What the end points to lives no longer than the call. */
static void on_end(void *ctx, const struct document_end *end, const struct origin *origin)
{
    struct decoding *decoding = ctx;
    (void)origin;
    decoding->is_document = true;
    decoding->end = *end;
    decoding->end.sync_token = kept(decoding, end->sync_token);
    decoding->end.description = kept(decoding, end->description);
    uint32_t *by_status = arena_take(&decoding->arena, STATUS_N * sizeof *by_status);
    if (by_status)
        memcpy(by_status, end->by_status, STATUS_N * sizeof *by_status);
    decoding->end.by_status = by_status;
    struct span *missing = arena_take(&decoding->arena, end->n_missing_named * sizeof *missing);
    for (size_t i = 0; missing && i < end->n_missing_named; i++)
        missing[i] = kept(decoding, end->missing[i]);
    decoding->end.missing = missing;
    decoding->end.n_missing_named = missing ? end->n_missing_named : 0;
}

static const struct document_ops ops = {on_begin, on_resource, on_note, on_end, NULL};

static void feed(struct document *document, const struct decoding_params *params)
{
    const struct answer *answer = params->answer;
    struct span body = span_first(params->body, params->max_bytes);
    struct document_finish_params finish = {
        .why = END_COMPLETE,
        .cut_reason = answer->cut_reason,
        .missing_bytes = answer->missing_bytes,
    };
    if (body.len < params->body.len) {
        finish.cut_reason = "limit";
        finish.missing_bytes = params->body.len - body.len;
    }
    if (finish.missing_bytes > 0)
        finish.why = END_GAP;
    if (body.len > 0)
        document_feed(document, body, &params->origin);
    document_finish(document, &finish, &params->origin);
}

void decoding_run(struct decoding *decoding, const struct decoding_params *params)
{
    const struct exchange *exchange = params->answer->exchange;
    struct document *document = NULL;
    struct document_params asked = {
        .limits = &limits_default,
        .request = &exchange->request,
        .http_status = exchange->status,
        .media_type = exchange->media_type,
        .charset = exchange->charset,
        .boundary = exchange->boundary,
        .expects_batch = exchange->expects_batch,
    };
    *decoding = (struct decoding){.keeps_resources = params->keeps_resources};
    arena_init(&decoding->arena, MAX_KEPT_BYTES);
    if (document_open(&document, &asked, &ops, decoding) != FEED_OK)
        return;
    feed(document, params);
    document_close(document);
    decoding->resources = decoding->resource_list.items;
    decoding->n_resources = decoding->resource_list.n;
    decoding->notes = decoding->note_list.items;
    decoding->n_notes = decoding->note_list.n;
}

void decoding_free(struct decoding *decoding)
{
    arena_free(&decoding->arena);
}

/* ---- summary ---- */

static void sum_statuses(struct summary *summary, const uint32_t *by_status)
{
    struct status_count counts[STATUS_N];
    for (unsigned status = 0; by_status && status < STATUS_N; status++)
        if (by_status[status] > 0)
            counts[summary->n_statuses++] =
                (struct status_count){(uint16_t)status, by_status[status]};
    summary->by_status =
        wmem_memdup(wmem_file_scope(), counts, summary->n_statuses * sizeof *counts);
}

struct summary decoding_summary(const struct decoding *decoding, const struct exchange *exchange)
{
    const struct document_end *end = &decoding->end;
    struct summary summary = {.verdict = end->verdict, .n_resources = end->n_resources};
    memcpy(summary.by_class, end->by_class, sizeof summary.by_class);
    summary.operation = operation_name(end->operation);
    struct span method = exchange->request.method;
    if (end->operation == OPERATION_OTHER && method.len > 0)
        summary.operation = wmem_strndup(wmem_file_scope(), (const char *)method.ptr, method.len);
    sum_statuses(&summary, end->by_status);
    return summary;
}
