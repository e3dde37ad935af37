/* A table of findings, never given back before findings_free; see finding.h. */
#include "output/finding.h"

#include "dissector/base/text.h"
#include "output/address.h"
#include "output/columns.h"
#include "output/phrase.h"

#include <stdlib.h>

enum { MAX_PATH_WIDTH = 60 };

/* What a finding is looked up by. */
struct key {
    const struct sighting *sighting;
    const struct endpoint *server;
};

static bool has_key(const struct table_node *node, const void *wanted)
{
    const struct finding *finding = (const struct finding *)node;
    const struct key *key = wanted;
    return finding->rule == key->sighting->rule && endpoint_equal(&finding->server, key->server) &&
           strcmp(finding->cause, key->sighting->cause) == 0;
}

static uint64_t hash_of(const struct findings *findings, const struct key *key)
{
    uint64_t parts[] = {
        rule_index(key->sighting->rule),
        hash_bytes(&findings->hash_key, span_str(key->sighting->cause)),
        hash_bytes(&findings->hash_key,
                   span_of(key->server->address.bytes, sizeof key->server->address.bytes)),
        key->server->port,
    };
    return hash_bytes(&findings->hash_key, span_of(parts, sizeof parts));
}

/* The first places stay, of the others the latest. */
static void keep_place(struct finding *finding, const struct place *place)
{
    if (finding->n_places == FINDING_MAX_PLACES) {
        struct place *latest = &finding->places[FINDING_FIRST_PLACES];
        size_t n_moved = FINDING_MAX_PLACES - FINDING_FIRST_PLACES - 1;
        memmove(latest, latest + 1, n_moved * sizeof *latest);
        finding->n_places--;
    }
    finding->places[finding->n_places++] = *place;
}

/* Once more, there. */
static void note_place(struct finding *finding, const struct place *place)
{
    if (finding->n_exchanges == 1 || place->time_ns < finding->first_ns)
        finding->first_ns = place->time_ns;
    if (finding->n_exchanges == 1 || place->time_ns > finding->last_ns)
        finding->last_ns = place->time_ns;
    keep_place(finding, place);
}

static void note_witness(struct finding *finding, const struct witness *witness)
{
    char address[ADDRESS_TEXT_BYTES], endpoint[ENDPOINT_TEXT_BYTES];
    address_text(&witness->connection->client.address, address);
    endpoint_text(&witness->connection->server, endpoint);
    top_add(&finding->clients, span_str(address), 1);
    top_add(&finding->servers, span_str(endpoint), 1);
    if (witness->user_agent.len > 0)
        top_add(&finding->user_agents, witness->user_agent, 1);
    note_place(finding, &witness->place);
}

static bool is_worse(const struct sighting *sighting, const struct finding *finding)
{
    if (sighting->severity != finding->severity)
        return sighting->severity > finding->severity;
    return sighting->weight > finding->weight;
}

static void note_doubt(struct finding *finding, struct finding_doubt doubt)
{
    struct finding_doubt *doubts = finding->doubts;
    size_t i = 0;
    while (i < finding->n_doubts && doubts[i].server != doubt.server)
        i++;
    if (i < finding->n_doubts) {
        doubts[i].meant = doubt.meant > doubts[i].meant ? doubt.meant : doubts[i].meant;
        return;
    }
    if (finding->n_doubts == FINDING_DOUBTS)
        memmove(doubts, doubts + 1, --finding->n_doubts * sizeof *doubts);
    doubts[finding->n_doubts++] = doubt;
}

static void add(struct finding *finding, const struct sighting *sighting,
                const struct witness *witness)
{
    if (finding->n == 0 || is_worse(sighting, finding)) {
        finding->severity = sighting->severity;
        finding->owner = sighting->owner;
        finding->weight = sighting->weight;
        memcpy(finding->detail, sighting->detail, sizeof finding->detail);
    }
    if (sighting->doubted != SEVERITY_NONE)
        note_doubt(finding, (struct finding_doubt){sighting->doubt, sighting->doubted});
    finding->n += sighting->n_resources > 0 ? sighting->n_resources : 1;
    finding->n_exchanges++;
    top_merge(&finding->hrefs, &sighting->hrefs);
    note_witness(finding, witness);
}

/* All of one finding in another, as if its occurrences had gone there. */
static void gather(struct finding *rest, const struct finding *old)
{
    bool is_first = rest->n == 0;
    if (is_first || old->severity > rest->severity) {
        rest->severity = old->severity;
        rest->owner = old->owner;
        rest->weight = old->weight;
        memcpy(rest->detail, old->detail, sizeof rest->detail);
    }
    rest->first_ns = is_first || old->first_ns < rest->first_ns ? old->first_ns : rest->first_ns;
    rest->last_ns = is_first || old->last_ns > rest->last_ns ? old->last_ns : rest->last_ns;
    for (size_t i = 0; i < old->n_doubts; i++)
        note_doubt(rest, old->doubts[i]);
    rest->n += old->n;
    rest->n_exchanges += old->n_exchanges;
    for (size_t i = 0; i < old->n_places; i++)
        keep_place(rest, &old->places[i]);
    top_merge(&rest->hrefs, &old->hrefs);
    top_merge(&rest->clients, &old->clients);
    top_merge(&rest->servers, &old->servers);
    top_merge(&rest->user_agents, &old->user_agents);
}

static void free_finding(struct finding *finding)
{
    if (!finding)
        return;
    top_free(&finding->hrefs);
    top_free(&finding->clients);
    top_free(&finding->servers);
    top_free(&finding->user_agents);
    free(finding);
}

static struct finding *rest_of(struct findings *findings, const struct rule *rule)
{
    struct finding **rest = &findings->rests[rule_index(rule)];
    if (*rest)
        return *rest;
    *rest = calloc(1, sizeof **rest);
    if (!*rest)
        return NULL;
    (*rest)->rule = rule;
    (*rest)->is_rest = true;
    return *rest;
}

/* The finding of a rule that was not seen for longest. */
static struct finding *latest_least(const struct findings *findings, const struct rule *rule)
{
    struct finding *least = NULL;
    for (struct table_node *node = table_oldest(&findings->table); node; node = table_newer(node)) {
        struct finding *finding = (struct finding *)node;
        if (finding->rule == rule && (!least || finding->last_ns < least->last_ns))
            least = finding;
    }
    return least;
}

/* Of a rule that has all its findings: gathers one that is old in the rest. */
static void make_room(struct findings *findings, const struct rule *rule, int64_t now_ns)
{
    struct finding *old = latest_least(findings, rule);
    if (!old || !origin_has_passed(old->last_ns, now_ns, FINDING_LASTS_NS))
        return;
    struct finding *rest = rest_of(findings, rule);
    if (!rest)
        return;
    gather(rest, old);
    table_remove(&findings->table, &old->node);
    free_finding(old);
    findings->n_of_rule[rule_index(rule)]--;
}

static struct finding *new_finding(struct findings *findings, const struct key *key, int64_t now_ns)
{
    size_t *n_of_rule = &findings->n_of_rule[rule_index(key->sighting->rule)];
    if (*n_of_rule == FINDINGS_OF_RULE)
        make_room(findings, key->sighting->rule, now_ns);
    struct finding *finding = *n_of_rule < FINDINGS_OF_RULE ? calloc(1, sizeof *finding) : NULL;
    if (!finding)
        return NULL;
    finding->rule = key->sighting->rule;
    finding->server = *key->server;
    memcpy(finding->cause, key->sighting->cause, sizeof finding->cause);
    if (!table_insert(&findings->table, &finding->node, hash_of(findings, key), 0)) {
        free(finding);
        return NULL;
    }
    (*n_of_rule)++;
    return finding;
}

/* NULL: no memory at all. */
static struct finding *finding_of(struct findings *findings, const struct key *key, int64_t now_ns)
{
    struct table_node *node = table_find(&findings->table, hash_of(findings, key), has_key, key);
    struct finding *finding = node ? (struct finding *)node : new_finding(findings, key, now_ns);
    return finding ? finding : rest_of(findings, key->sighting->rule);
}

static int compare_text(const struct finding *a, const struct finding *b)
{
    int by_rule = strcmp(a->rule->id, b->rule->id);
    int by_cause = by_rule != 0 ? by_rule : strcmp(a->cause, b->cause);
    if (by_cause != 0)
        return by_cause;
    int by_address = memcmp(&a->server.address, &b->server.address, sizeof a->server.address);
    return by_address != 0 ? by_address : (int)a->server.port - (int)b->server.port;
}

static int compare(const void *left, const void *right)
{
    const struct finding *a = *(const struct finding *const *)left;
    const struct finding *b = *(const struct finding *const *)right;
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    if (a->first_ns != b->first_ns)
        return a->first_ns < b->first_ns ? -1 : 1;
    return compare_text(a, b);
}

void findings_init(struct findings *findings, const struct hash_key *hash_key)
{
    *findings = (struct findings){.hash_key = *hash_key};
    table_init(&findings->table, SIZE_MAX, SIZE_MAX);
}

void findings_add(struct findings *findings, const struct sightings *sightings,
                  const struct witness *witness)
{
    bool has_lost = sightings->has_lost;
    for (size_t i = 0; i < sightings->n; i++) {
        const struct sighting *sighting = sightings->items[i];
        struct key key = {sighting, &witness->connection->server};
        struct finding *finding = finding_of(findings, &key, witness->place.time_ns);
        if (finding)
            add(finding, sighting, witness);
        has_lost |= !finding;
    }
    findings->n_lost += has_lost;
}

static void confirm(struct finding *finding, uint64_t server)
{
    for (size_t i = 0; finding && i < finding->n_doubts; i++) {
        struct finding_doubt *doubt = &finding->doubts[i];
        if (doubt->server != server)
            continue;
        if (doubt->meant > finding->severity)
            finding->severity = doubt->meant;
        memmove(doubt, doubt + 1, (--finding->n_doubts - i) * sizeof *doubt);
        return;
    }
}

void findings_confirm(struct findings *findings, uint64_t server)
{
    for (struct table_node *node = table_oldest(&findings->table); node; node = table_newer(node))
        confirm((struct finding *)node, server);
    for (size_t i = 0; i < RULES_MAX; i++)
        confirm(findings->rests[i], server);
}

size_t findings_n(const struct findings *findings)
{
    size_t n = table_n_nodes(&findings->table);
    for (size_t i = 0; i < RULES_MAX; i++)
        n += findings->rests[i] != NULL;
    return n;
}

static void put(struct findings_sorted *sorted, struct finding *finding)
{
    top_sort(&finding->hrefs);
    top_sort(&finding->clients);
    top_sort(&finding->servers);
    top_sort(&finding->user_agents);
    sorted->findings[sorted->n++] = finding;
}

bool findings_sort(struct findings *findings, struct findings_sorted *sorted)
{
    *sorted = (struct findings_sorted){0};
    size_t n = findings_n(findings);
    if (n == 0)
        return true;
    sorted->findings = malloc(n * sizeof *sorted->findings);
    if (!sorted->findings)
        return false;
    for (struct table_node *node = table_oldest(&findings->table); node; node = table_newer(node))
        put(sorted, (struct finding *)node);
    for (size_t i = 0; i < RULES_MAX; i++)
        if (findings->rests[i])
            put(sorted, findings->rests[i]);
    qsort(sorted->findings, sorted->n, sizeof *sorted->findings, compare);
    return true;
}

bool findings_sorted_add(struct findings_sorted *sorted, const struct finding *finding)
{
    const struct finding **larger =
        realloc(sorted->findings, (sorted->n + 1) * sizeof *sorted->findings);
    if (!larger)
        return false;
    size_t i = sorted->n++;
    for (; i > 0 && compare(&finding, &larger[i - 1]) < 0; i--)
        larger[i] = larger[i - 1];
    larger[i] = finding;
    sorted->findings = larger;
    return true;
}

/* A path of any length, as much of it as a title can bear. */
static void write_path(struct writer *writer, struct span path)
{
    char printable[TOP_TEXT_BYTES + 4];
    text_printable(printable, sizeof printable, path);
    (void)columns_shorten(writer, span_str(printable), MAX_PATH_WIDTH);
}

static void write_subject(struct writer *writer, const struct finding *finding)
{
    const struct top *hrefs = &finding->hrefs;
    struct span common = top_common(hrefs);
    bool is_one = hrefs->n == 1 && !hrefs->is_overflown;
    if (is_one)
        write_path(writer, top_text(&hrefs->entries[0]));
    else if (finding->n_exchanges == 1)
        phrase_count(writer, finding->n, "resource", NULL);
    else if (hrefs->is_overflown)
        writer_text(writer, "many resources");
    else
        phrase_count(writer, hrefs->n, "resource", NULL);
    if (!is_one && common.len > 0) {
        writer_text(writer, " in ");
        write_path(writer, common);
    }
}

void finding_title(const struct finding *finding, char out[FINDING_TITLE_BYTES])
{
    struct writer writer;
    writer_init_memory(&writer, SIZE_MAX);
    writer_text(&writer, finding->rule->title);
    bool has_hrefs = finding->hrefs.n > 0;
    if (has_hrefs) {
        writer_text(&writer, ": ");
        write_subject(&writer, finding);
    }
    if (finding->n_exchanges > 1) {
        writer_text(&writer, has_hrefs ? ", " : ": ");
        phrase_count(&writer, finding->n_exchanges, "time", NULL);
    }
    text_printable(out, FINDING_TITLE_BYTES, writer_span(&writer));
    (void)writer_close(&writer);
}

void findings_free(struct findings *findings)
{
    struct table_node *node;
    while ((node = table_oldest(&findings->table))) {
        table_remove(&findings->table, node);
        free_finding((struct finding *)node);
    }
    table_free(&findings->table);
    for (size_t i = 0; i < RULES_MAX; i++)
        free_finding(findings->rests[i]);
    *findings = (struct findings){0};
}
