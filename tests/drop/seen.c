/* Events in, plain data out. */
#include "tests/drop/seen.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void *grown(void *array, size_t n, size_t item_bytes)
{
    void *larger = realloc(array, (n + 1) * item_bytes);
    if (!larger)
        abort();
    return larger;
}

/* A text is written to the stream and is then in *text. */
static FILE *begin_text(char **text, size_t *len)
{
    FILE *stream = open_memstream(text, len);
    if (!stream)
        abort();
    return stream;
}

static void write_span(FILE *stream, const char *label, struct span s)
{
    fprintf(stream, "%s", label);
    if (s.len > 0)
        fwrite(s.ptr, 1, s.len, stream);
}

static char *resource_hrefs(const struct resource *resource)
{
    char *text;
    size_t len;
    FILE *stream = begin_text(&text, &len);
    for (size_t i = 0; i < resource->n_hrefs; i++)
        write_span(stream, " ", resource->hrefs[i]);
    fclose(stream);
    return text;
}

static char *resource_text(const struct resource *resource)
{
    char *text;
    size_t len;
    FILE *stream = begin_text(&text, &len);
    fprintf(stream, "%u", resource->status.code);
    for (size_t i = 0; i < resource->n_propstats; i++) {
        const struct propstat *propstat = &resource->propstats[i];
        fprintf(stream, " [%u", propstat->status.code);
        for (size_t j = 0; j < propstat->n_properties; j++)
            write_span(stream, " ", propstat->properties[j].local);
        fprintf(stream, "]");
    }
    fclose(stream);
    return text;
}

/* Documents are numbered from 1 in the order in which they begin. */
static struct seen_document *document_of(struct seen *seen, uint64_t number)
{
    while (seen->n_documents < number) {
        seen->documents = grown(seen->documents, seen->n_documents, sizeof *seen->documents);
        seen->documents[seen->n_documents++] = (struct seen_document){.verdict = VERDICT_N};
    }
    return &seen->documents[number - 1];
}

static void add_resource(struct seen *seen, const struct event *event)
{
    struct seen_document *document = document_of(seen, event->document);
    document->resources = grown(document->resources, document->n, sizeof *document->resources);
    document->resources[document->n++] = (struct seen_resource){
        .hrefs = resource_hrefs(event->resource),
        .text = resource_text(event->resource),
        .class = event->resource->class,
        .offset = event->resource->offset,
        .end = event->resource->end,
    };
}

static void write_message(FILE *stream, const struct exchange_message *message)
{
    fprintf(stream, " %s %d %" PRIu64, message->has_ended ? end_name(message->end) : "open",
            message->is_complete, message->body_bytes);
}

static char *exchange_text(struct seen *seen, const struct event *event)
{
    const struct exchange *exchange = event->exchange;
    char *text;
    size_t len;
    FILE *stream = begin_text(&text, &len);
    write_span(stream, "", exchange->method);
    write_span(stream, " ", exchange->target);
    write_message(stream, &exchange->request);
    fprintf(stream, " %u", exchange->status);
    write_message(stream, &exchange->response);
    if (event->document > 0) {
        const struct seen_document *document = document_of(seen, event->document);
        fprintf(stream, " %s %s", verdict_name(document->verdict),
                document->reason ? document->reason : "");
        for (size_t i = 0; i < document->n; i++)
            fprintf(stream, "\n  %s%s %s at %" PRIu64, outcome_name(document->resources[i].class),
                    document->resources[i].hrefs, document->resources[i].text,
                    document->resources[i].offset);
    }
    fclose(stream);
    return text;
}

static void add_exchange(struct seen *seen, const struct event *event)
{
    const struct exchange *exchange = event->exchange;
    const struct event_connection *connection = event->connection;
    bool is_named = connection->proxy.address.version != 0; /* the client, by its proxy */
    bool has_twin = connection->client_twin.address.version != 0;
    seen->exchanges = grown(seen->exchanges, seen->n, sizeof *seen->exchanges);
    seen->exchanges[seen->n++] = (struct seen_exchange){
        .text = exchange_text(seen, event),
        .client = is_named ? connection->proxy : connection->client,
        .server = connection->server,
        .client_twin = has_twin ? connection->client_twin : connection->client,
        .server_twin = has_twin ? connection->server_twin : connection->server,
        .first = {exchange->request.first.frame, exchange->response.first.frame},
        .last = {exchange->request.last.frame, exchange->response.last.frame},
        .tls_version = connection->tls_version,
        .is_partial = exchange->response.is_partial,
        .framing = exchange->response.framing,
        .end = exchange->response.end,
        .missing_bytes = exchange->response.missing_bytes,
        .document = event->document,
    };
}

static enum feed take_event(void *ctx, const struct event *event)
{
    struct seen *seen = ctx;
    switch (event->kind) {
    case EVENT_DOCUMENT_BEGIN:
        document_of(seen, event->document);
        break;
    case EVENT_RESOURCE:
        add_resource(seen, event);
        break;
    case EVENT_DOCUMENT_END:
        document_of(seen, event->document)->verdict = event->end->verdict;
        document_of(seen, event->document)->reason = event->end->reason;
        break;
    case EVENT_EXCHANGE:
        add_exchange(seen, event);
        break;
    case EVENT_LOCKS:
    case EVENT_TLS_OPAQUE:
        break;
    }
    return FEED_OK;
}

struct event_sink seen_sink(struct seen *seen)
{
    return (struct event_sink){take_event, seen};
}

void seen_free(struct seen *seen)
{
    for (size_t i = 0; i < seen->n; i++)
        free(seen->exchanges[i].text);
    for (size_t i = 0; i < seen->n_documents; i++) {
        for (size_t j = 0; j < seen->documents[i].n; j++) {
            free(seen->documents[i].resources[j].hrefs);
            free(seen->documents[i].resources[j].text);
        }
        free(seen->documents[i].resources);
    }
    free(seen->exchanges);
    free(seen->documents);
    *seen = (struct seen){0};
}
