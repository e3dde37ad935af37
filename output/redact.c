/* Events arrive, copies without names leave; see redact.h. Which texts there are is the affair of
 * event_copy.c; here each becomes what its role allows. */
#include "output/redact.h"

#include "dissector/event_copy.h"
#include "output/date.h"
#include "output/url.h"

#include <stdio.h>
#include <string.h>

/* What becomes of a header field or a property's value; those without a row are left out. */
enum treatment {
    LEAVE_OUT,
    KEEP,
    AS_HOST,
    AS_URL,
    AS_TEXT,
    AS_MEDIA_TYPE,
    AS_TIME,
    AS_LINK,
    AS_NOTHING
};

static const enum treatment of_fields[HTTP_FIELD_N] = {
    [HTTP_HOST] = AS_HOST,
    [HTTP_USER_AGENT] = KEEP,
    [HTTP_SERVER] = KEEP,
    [HTTP_CONTENT_TYPE] = AS_MEDIA_TYPE,
    [HTTP_CONTENT_ENCODING] = KEEP,
    [HTTP_ACCEPT_ENCODING] = KEEP,
    [HTTP_CONTENT_LENGTH] = KEEP,
    [HTTP_CONTENT_LOCATION] = AS_URL,
    [HTTP_TRANSFER_ENCODING] = KEEP,
    [HTTP_CONNECTION] = KEEP,
    [HTTP_UPGRADE] = KEEP,
    [HTTP_EXPECT] = KEEP,
    [HTTP_DATE] = KEEP,
    [HTTP_LOCATION] = AS_URL,
    [HTTP_RETRY_AFTER] = KEEP,
    [HTTP_ETAG] = KEEP,
    [HTTP_OC_ETAG] = KEEP,
    [HTTP_IF_MATCH] = KEEP,
    [HTTP_IF_NONE_MATCH] = KEEP,
    [HTTP_LINK] = AS_LINK,
    [HTTP_VIA] = AS_TEXT,
    [HTTP_FORWARDED] = AS_TEXT,
    [HTTP_X_FORWARDED_HOST] = AS_HOST,
    [HTTP_X_FORWARDED_PROTO] = KEEP,
    [HTTP_X_FORWARDED_PREFIX] = AS_URL,
    [HTTP_DAV] = KEEP,
    [HTTP_DEPTH] = KEEP,
    [HTTP_DESTINATION] = AS_URL,
    [HTTP_OVERWRITE] = KEEP,
    [HTTP_IF_SCHEDULE_TAG_MATCH] = KEEP,
    [HTTP_PREFER] = KEEP,
    [HTTP_PREFERENCE_APPLIED] = KEEP,
    [HTTP_BRIEF] = KEEP,
    [HTTP_TRANSLATE] = KEEP,
    [HTTP_X_HTTP_METHOD_OVERRIDE] = KEEP,
    [HTTP_X_HTTP_METHOD] = KEEP,
    [HTTP_X_METHOD_OVERRIDE] = KEEP,
};

static const enum treatment of_values[VALUE_N] = {
    [VALUE_ETAG] = KEEP,          [VALUE_LAST_MODIFIED] = AS_TIME, [VALUE_CREATION_DATE] = AS_TIME,
    [VALUE_SYNC_TOKEN] = AS_TEXT, [VALUE_CTAG] = AS_TEXT,          [VALUE_QUOTA_AVAILABLE] = KEEP,
    [VALUE_PERMISSIONS] = KEEP,   [VALUE_RESOURCETYPE] = AS_TEXT,  [VALUE_DISPLAYNAME] = AS_TEXT,
    [VALUE_PRINCIPAL] = AS_URL,
};

/* Anything else in its place can be a text of people. */
static bool is_time(struct span s)
{
    static const char seconds[] = "Second-";
    int64_t time;
    uint64_t n;
    bool is_timeout = span_equal(s, span_str("Infinite")) ||
                      (span_starts(s, span_str(seconds)) &&
                       span_decimal(span_after(s, sizeof seconds - 1), UINT64_MAX, &n));
    return is_timeout || date_read_http(s, &time) || date_is_mail(s) ||
           date_read_internet(s, &time);
}

static struct span treat(const struct pseudonyms *p, enum treatment treatment, struct span value)
{
    switch (treatment) {
    case KEEP:
        return value;
    case AS_HOST:
        return pseudonym_host(p, value);
    case AS_URL:
        return pseudonym_url(p, value);
    case AS_TEXT:
        return pseudonym_text(p, value);
    case AS_MEDIA_TYPE: /* a parameter can hold anything: the name of a file, a boundary */
        return span_trim(span_first(value, span_find_byte(value, ';')));
    case AS_TIME:
        return is_time(value) ? value : pseudonym_text(p, value);
    case AS_LINK:
        return span_str(url_link_has_next(value) ? "rel=next" : "");
    case AS_NOTHING:
        return span_str("");
    case LEAVE_OUT:
        break;
    }
    return (struct span){NULL, 0};
}

static enum treatment treatment_of(unsigned role)
{
    static const enum treatment of_roles[ROLE_FIELDS] = {
        [ROLE_NAME] = KEEP,         [ROLE_URL] = AS_URL,   [ROLE_HOST] = AS_HOST,
        [ROLE_REASON] = AS_NOTHING, [ROLE_TIME] = AS_TIME, [ROLE_TEXT] = AS_TEXT,
    };
    if (role >= ROLE_VALUES)
        return of_values[role - ROLE_VALUES];
    return role >= ROLE_FIELDS ? of_fields[role - ROLE_FIELDS] : of_roles[role];
}

static bool hide(struct copier *copier, unsigned role, struct span *text)
{
    enum treatment treatment = treatment_of(role);
    *text = treat(copier->ctx, treatment, *text);
    return text->ptr || treatment == LEAVE_OUT;
}

/* ---- what is hidden beside the texts ---- */

static struct endpoint endpoint(const struct pseudonyms *p, const struct endpoint *from)
{
    return (struct endpoint){pseudonym_address(p, &from->address), from->port};
}

static const struct event_connection *copy_connection(struct copier *copier,
                                                      const struct event_connection *from)
{
    const struct pseudonyms *p = copier->ctx;
    struct event_connection *connection = event_copy_connection(copier, from);
    if (!connection)
        return NULL;
    connection->client = endpoint(p, &connection->client);
    connection->server = endpoint(p, &connection->server);
    connection->proxy = endpoint(p, &connection->proxy);
    connection->client_twin = endpoint(p, &connection->client_twin);
    connection->server_twin = endpoint(p, &connection->server_twin);
    return connection;
}

/* What an anomaly says may quote what was captured, or be libxml2's. Of some kinds it cannot, and
 * where rules look for certain words these stay. */
static void hide_words(struct anomaly *anomaly)
{
    static const char *const words[] = {"control character", "character XML does not allow"};
    char text[sizeof anomaly->text] = "";
    if (anomaly->kind == ANOMALY_LIMIT || anomaly->kind == ANOMALY_TRUNCATED)
        return;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(anomaly->text, words[i]))
            (void)snprintf(text, sizeof text, "%s", words[i]);
    memcpy(anomaly->text, text, sizeof text);
}

static const struct exchange *copy_exchange(struct copier *copier, const struct exchange *from)
{
    struct exchange *exchange = event_copy_exchange(copier, from);
    for (size_t i = 0; exchange && exchange->anomalies && i < exchange->n_anomalies; i++)
        hide_words(&exchange->anomalies[i]);
    return exchange;
}

static enum feed take_event(void *ctx, const struct event *event)
{
    struct redact *redact = ctx;
    struct copier c = {.arena = &redact->arena, .text = hide, .ctx = &redact->pseudonyms};
    struct event copy = *event;
    arena_reset(&redact->arena);
    if (event->connection)
        copy.connection = copy_connection(&c, event->connection);
    if (event->exchange)
        copy.exchange = copy_exchange(&c, event->exchange);
    if (event->request)
        copy.request = event_copy_request(&c, event->request);
    if (event->resource)
        copy.resource = event_copy_resource(&c, event->resource, NULL);
    if (event->end)
        copy.end = event_copy_end(&c, event->end);
    event_copy_texts(&c, &copy);
    return c.has_failed ? FEED_NOMEM : redact->next.event(redact->next.ctx, &copy);
}

void redact_init(struct redact *redact, const struct hash_key *key, struct event_sink next)
{
    *redact = (struct redact){.next = next};
    redact->pseudonyms = (struct pseudonyms){*key, &redact->arena};
    arena_init(&redact->arena, SIZE_MAX);
}

struct event_sink redact_sink(struct redact *redact)
{
    return (struct event_sink){take_event, redact};
}

void redact_free(struct redact *redact)
{
    arena_free(&redact->arena);
}
