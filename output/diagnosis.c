/* Finds the inquiry of an event, lets the rules look, and hands on what they saw; see diagnosis.h.
 */
#include "output/diagnosis.h"

#include "output/webdav.h"

#include <assert.h>
#include <stdlib.h>

/* One open document. */
struct inquiry {
    struct table_node node;
    uint64_t document;
    struct facts facts;
    struct sightings sightings;
    bool is_rehearsal;
};

static bool has_number(const struct table_node *node, const void *key)
{
    return ((const struct inquiry *)node)->document == *(const uint64_t *)key;
}

/* Numbers are ours, not the wire's, so a fixed mix spreads them well enough. */
static uint64_t hash_of(uint64_t document)
{
    return document * UINT64_C(0x9E3779B97F4A7C15) >> 16;
}

static struct inquiry *new_inquiry(struct diagnosis *diagnosis, const struct event *event)
{
    struct inquiry *inquiry = calloc(1, sizeof *inquiry);
    if (!inquiry)
        return NULL;
    inquiry->document = event->document;
    inquiry->is_rehearsal =
        detection_is_test_suite(event->exchange->request.fields[HTTP_USER_AGENT]);
    if (table_insert(&diagnosis->open, &inquiry->node, hash_of(event->document), 0))
        return inquiry;
    free(inquiry);
    return NULL;
}

/* The document's, made when there is none. Resources of one document come in a row mostly. */
static struct inquiry *inquiry_of(struct diagnosis *diagnosis, const struct event *event)
{
    if (diagnosis->latest && diagnosis->latest->document == event->document)
        return diagnosis->latest;
    struct table_node *node =
        table_find(&diagnosis->open, hash_of(event->document), has_number, &event->document);
    diagnosis->latest = node ? (struct inquiry *)node : new_inquiry(diagnosis, event);
    return diagnosis->latest;
}

static void free_inquiry(struct diagnosis *diagnosis, struct inquiry *inquiry)
{
    table_remove(&diagnosis->open, &inquiry->node);
    sightings_free(&inquiry->sightings);
    free(inquiry);
    diagnosis->latest = NULL;
}

/* What the rules of a panel are shown; page and waited_ns of VIEW_PAGE. */
struct sight {
    enum view view;
    const struct page *page;
    uint64_t waited_ns;
};

static void show(struct detection *detection, const struct detector *row, const struct sight *sight)
{
    switch (sight->view) {
    case VIEW_DOCUMENT:
        row->document(detection, detection->event->end);
        break;
    case VIEW_EXCHANGE:
        row->exchange(detection);
        break;
    case VIEW_PAGE:
        row->page(detection, sight->page, sight->waited_ns);
        break;
    case VIEW_RESOURCE: /* look_at_resource */
    case VIEW_N:
        break;
    }
}

static void look_at(struct diagnosis *diagnosis, const struct sight *sight)
{
    struct detection *detection = &diagnosis->detection;
    const struct panel *panel = &diagnosis->panels[sight->view];
    for (size_t i = 0; i < panel->n; i++) {
        detection_begin(detection, panel->seats[i].rule);
        show(detection, panel->seats[i].row, sight);
        detection_end(detection);
    }
}

/* Nearly all resources have nothing that nearly any rule looks for. */
static void look_at_resource(struct diagnosis *diagnosis)
{
    struct detection *detection = &diagnosis->detection;
    const struct panel *panel = &diagnosis->panels[VIEW_RESOURCE];
    uint32_t traits = trait_find(detection);
    for (size_t i = 0; i < panel->n; i++) {
        if (!(panel->seats[i].traits & traits))
            continue;
        detection_begin(detection, panel->seats[i].rule);
        panel->seats[i].row->resource(detection, detection->event->resource);
        detection_end(detection);
    }
}

static void prepare(struct diagnosis *diagnosis, const struct event *event, struct inquiry *inquiry)
{
    struct detection *detection = &diagnosis->detection;
    detection_look_at(detection, event);
    detection->facts = &inquiry->facts;
    detection->sightings = &inquiry->sightings;
    detection->history = &diagnosis->history;
    detection->is_rehearsal = inquiry->is_rehearsal;
}

static void look(struct diagnosis *diagnosis, const struct event *event, struct inquiry *inquiry)
{
    if (table_n_nodes(&diagnosis->open) > DIAGNOSIS_MAX_OPEN) {
        inquiry->sightings.has_lost = true;
        return;
    }
    prepare(diagnosis, event, inquiry);
    if (event->kind == EVENT_RESOURCE)
        look_at_resource(diagnosis);
    else if (event->kind == EVENT_DOCUMENT_END)
        look_at(diagnosis, &(struct sight){.view = VIEW_DOCUMENT});
    else if (event->kind == EVENT_EXCHANGE)
        look_at(diagnosis, &(struct sight){.view = VIEW_EXCHANGE});
    uint64_t server = event->kind != EVENT_RESOURCE ? webdav_note(&diagnosis->detection) : 0;
    if (server != 0)
        findings_confirm(&diagnosis->findings, server);
}

static void end(struct diagnosis *diagnosis, const struct event *event, struct inquiry *inquiry)
{
    history_note(&diagnosis->history, event);
    sightings_sort(&inquiry->sightings);
    diagnosis->settled = inquiry->sightings;
    diagnosis->settled_document = event->document;
    inquiry->sightings = (struct sightings){0};
    diagnosis->witness = (struct witness){
        .connection = event->connection,
        .user_agent = event->exchange->request.fields[HTTP_USER_AGENT],
        .place = place_of(event->exchange, &event->origin),
    };
}

static void take_exchange(struct diagnosis *diagnosis, const struct event *event)
{
    struct inquiry inquiry = {
        .is_rehearsal = detection_is_test_suite(event->exchange->request.fields[HTTP_USER_AGENT]),
    };
    look(diagnosis, event, &inquiry);
    end(diagnosis, event, &inquiry);
}

static enum feed take_document(struct diagnosis *diagnosis, const struct event *event)
{
    struct inquiry *inquiry = inquiry_of(diagnosis, event);
    if (!inquiry)
        return FEED_NOMEM;
    if (event->kind == EVENT_RESOURCE)
        facts_add(&inquiry->facts, event->resource);
    if (event->kind != EVENT_DOCUMENT_BEGIN)
        look(diagnosis, event, inquiry);
    if (event->kind != EVENT_DOCUMENT_END)
        return FEED_OK;
    end(diagnosis, event, inquiry);
    free_inquiry(diagnosis, inquiry);
    return FEED_OK;
}

static void add_seat(struct panel *panel, const struct detector *row)
{
    const struct rule *rule = rule_find(row->rule);
    assert(rule && panel->n < RULES_MAX);
    panel->seats[panel->n].traits = row->traits;
    panel->seats[panel->n].row = row;
    panel->seats[panel->n++].rule = rule;
}

static void seat(struct diagnosis *diagnosis, const struct detector *row)
{
    if (row->unseen)
        return;
    assert(!row->resource == !row->traits);
    if (row->resource)
        add_seat(&diagnosis->panels[VIEW_RESOURCE], row);
    if (row->document)
        add_seat(&diagnosis->panels[VIEW_DOCUMENT], row);
    if (row->exchange)
        add_seat(&diagnosis->panels[VIEW_EXCHANGE], row);
    if (row->page)
        add_seat(&diagnosis->panels[VIEW_PAGE], row);
}

void diagnosis_init(struct diagnosis *diagnosis, const struct hash_key *hash_key)
{
    *diagnosis = (struct diagnosis){0};
    findings_init(&diagnosis->findings, hash_key);
    table_init(&diagnosis->open, SIZE_MAX, SIZE_MAX);
    history_init(&diagnosis->history, hash_key);
    detection_init(&diagnosis->detection);
    for (size_t i = 0; detector_at(i); i++)
        seat(diagnosis, detector_at(i));
}

void diagnosis_expect_pseudonyms(struct diagnosis *diagnosis)
{
    diagnosis->detection.has_pseudonyms = true;
}

void diagnosis_expect_sources(struct diagnosis *diagnosis, const struct sources *sources)
{
    diagnosis->detection.sources = *sources;
}

enum feed diagnosis_event(struct diagnosis *diagnosis, const struct event *event)
{
    sightings_free(&diagnosis->settled);
    if (event->kind == EVENT_TLS_OPAQUE)
        return FEED_OK;
    if (event->kind == EVENT_LOCKS) {
        history_see(&diagnosis->history, event);
        return FEED_OK;
    }
    if (event->kind != EVENT_EXCHANGE)
        return take_document(diagnosis, event);
    if (event->document == 0)
        take_exchange(diagnosis, event);
    return FEED_OK;
}

const struct sightings *diagnosis_settle(struct diagnosis *diagnosis, bool is_chosen)
{
    if (is_chosen)
        findings_add(&diagnosis->findings, &diagnosis->settled, &diagnosis->witness);
    else
        pages_forget(&diagnosis->history.pages, diagnosis->settled_document);
    return &diagnosis->settled;
}

/* As if its exchange had ended now. */
static void look_at_page(struct diagnosis *diagnosis, struct late *late, uint64_t waited_ns)
{
    const struct request request = {.is_seen = true};
    const struct event event = {.kind = EVENT_EXCHANGE,
                                .connection = &late->connection,
                                .exchange = &late->exchange,
                                .request = &request};
    struct span user_agent = late->exchange.request.fields[HTTP_USER_AGENT];
    struct inquiry inquiry = {.is_rehearsal = detection_is_test_suite(user_agent)};
    prepare(diagnosis, &event, &inquiry);
    look_at(diagnosis, &(struct sight){VIEW_PAGE, &late->page, waited_ns});
    const struct witness witness = {&late->connection, user_agent, late->page.place};
    diagnosis->settled = inquiry.sightings;
    findings_add(&diagnosis->findings, &diagnosis->settled, &witness);
}

const struct late *diagnosis_late(struct diagnosis *diagnosis, int64_t now_ns, bool is_over)
{
    struct late *late = &diagnosis->late;
    struct page *page = &late->page;
    if (!pages_take(&diagnosis->history.pages, now_ns, is_over ? 0 : PAGE_PATIENCE_NS, page))
        return NULL;
    int64_t end_ns = page->last.time_ns;
    late->connection = page->connection;
    late->exchange = (struct exchange){.target = span_str(page->path)};
    late->exchange.request.fields[HTTP_USER_AGENT] = span_str(page->user_agent);
    late->exchange.request.first = page->first;
    sightings_free(&diagnosis->settled);
    look_at_page(diagnosis, late, now_ns > end_ns ? (uint64_t)now_ns - (uint64_t)end_ns : 0);
    late->sightings = &diagnosis->settled;
    return late;
}

void diagnosis_free(struct diagnosis *diagnosis)
{
    struct table_node *node;
    while ((node = table_oldest(&diagnosis->open)))
        free_inquiry(diagnosis, (struct inquiry *)node);
    table_free(&diagnosis->open);
    sightings_free(&diagnosis->settled);
    detection_free(&diagnosis->detection);
    history_free(&diagnosis->history);
    findings_free(&diagnosis->findings);
}
