/* Counts a record in everything that is counted; see tally.h. Judges and formats nothing. */
#include "output/tally.h"

#include "dissector/base/text.h"
#include "output/clark.h"

enum { LEFT_OUT_BYTES = 4096 }; /* a longer name of a property is none */

static void count_statuses(struct tally *tally, const struct document_end *end)
{
    for (unsigned code = 0; end->by_status && code < STATUS_N; code++)
        tally->by_status[code] += end->by_status[code];
}

static void count_reason(struct tally *tally, const struct document_end *end)
{
    if (!end->reason)
        return;
    size_t i = 0;
    while (i < tally->n_reasons && (tally->reasons[i].verdict != end->verdict ||
                                    strcmp(tally->reasons[i].reason, end->reason) != 0))
        i++;
    if (i == TALLY_MAX_REASONS)
        return;
    if (i == tally->n_reasons)
        tally->reasons[tally->n_reasons++] =
            (struct reason_count){.verdict = end->verdict, .reason = end->reason};
    tally->reasons[i].n++;
}

static void count_left_out(struct tally *tally, const struct record *record)
{
    for (size_t i = 0; i < record->end.n_left_out; i++) {
        const struct left_out *left_out = &record->end.left_out[i];
        struct counts counts = {.n_documents = 1, .n_resources = left_out->n_resources};
        struct writer text;
        writer_init_memory(&text, LEFT_OUT_BYTES);
        clark_write_raw(&text, &left_out->property, 1);
        struct roster_key key = {record->connection->server, writer_span(&text)};
        if (text.error == 0)
            (void)roster_add(&tally->left_out, &key, &counts);
        else
            counts_add(&tally->left_out.others, &counts);
        (void)writer_close(&text);
    }
}

static bool is_doubt(const struct document_end *end)
{
    switch (end->verdict) {
    case VERDICT_UNDECODABLE:
    case VERDICT_INCOMPLETE:
        return true;
    case VERDICT_EMPTY:
        return end->reason && strcmp(end->reason, "suspicious") == 0;
    case VERDICT_MIXED:
    case VERDICT_ALL_FAILED:
        return counts_n_problems(end->by_class) == 0;
    default:
        return false;
    }
}

static void keep_doubt(struct tally *tally, const struct record *record,
                       const struct roster_entry *operation)
{
    if (tally->n_doubts == TALLY_MAX_DOUBTS) {
        tally->n_doubts_more++;
        return;
    }
    struct doubt *doubt = &tally->doubts[tally->n_doubts++];
    *doubt = (struct doubt){
        .verdict = record->end.verdict,
        .reason = record->end.reason,
        .operation = operation,
        .place = record_place(record),
        .n_resources = record->end.n_resources,
        .n_unseen = record->end.n_unseen,
    };
    const struct exchange *exchange = record->exchange;
    doubt->has_anomaly = exchange->n_anomalies > 0;
    if (doubt->has_anomaly)
        doubt->anomaly = exchange->anomalies[exchange->n_anomalies - 1];
    const struct record_url *url = &record->url;
    text_printable(doubt->url, sizeof doubt->url, url->full.ptr ? url->full : url->path);
}

void tally_init(struct tally *tally, const struct hash_key *hash_key)
{
    *tally = (struct tally){0};
    roster_init(&tally->operations, hash_key);
    roster_init(&tally->clients, hash_key);
    roster_init(&tally->servers, hash_key);
    roster_init(&tally->user_agents, hash_key);
    roster_init(&tally->opaque, hash_key);
    roster_init(&tally->quic, hash_key);
    roster_init(&tally->left_out, hash_key);
    routes_init(&tally->routes, hash_key);
    problems_init(&tally->problems, hash_key);
}

void tally_add(struct tally *tally, const struct record *record)
{
    struct counts counts = counts_of(record);
    struct roster_key operation = {.name = record->operation};
    if (operation.name.len == 0)
        operation.name = span_str("unknown");
    struct roster_key client = {.endpoint = {.address = record->connection->client.address}};
    struct roster_key server = {record->connection->server, record->url.domain};
    struct span user_agent = record->exchange->request.fields[HTTP_USER_AGENT];
    counts_add(&tally->total, &counts);
    tally->n_not_207 += record->exchange->status > 0 && record->exchange->status != 207;
    count_statuses(tally, &record->end);
    count_reason(tally, &record->end);
    count_left_out(tally, record);
    const struct roster_entry *by_operation = roster_add(&tally->operations, &operation, &counts);
    const struct roster_entry *by_server = roster_add(&tally->servers, &server, &counts);
    (void)roster_add(&tally->clients, &client, &counts);
    if (user_agent.len > 0)
        (void)roster_add(&tally->user_agents, &(struct roster_key){.name = user_agent}, &counts);
    routes_add(&tally->routes, record);
    problems_add(&tally->problems, record, by_operation, by_server);
    if (is_doubt(&record->end))
        keep_doubt(tally, record, by_operation);
}

void tally_add_exchange(struct tally *tally, const struct exchange *exchange)
{
    if (exchange->status < STATUS_N)
        tally->by_http_status[exchange->status]++;
}

void tally_add_opaque(struct tally *tally, const struct event *event)
{
    const struct counts one = {.n_documents = 1};
    const struct roster_key server = {event->connection->server, span_str(event->server_name)};
    (void)roster_add(event->is_quic ? &tally->quic : &tally->opaque, &server, &one);
}

void tally_leave_out(struct tally *tally)
{
    tally->n_left_out++;
}

void tally_free(struct tally *tally)
{
    roster_free(&tally->operations);
    roster_free(&tally->clients);
    roster_free(&tally->servers);
    roster_free(&tally->user_agents);
    roster_free(&tally->opaque);
    roster_free(&tally->quic);
    roster_free(&tally->left_out);
    routes_free(&tally->routes);
    problems_free(&tally->problems);
}
