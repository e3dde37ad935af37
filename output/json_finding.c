/* A finding as one JSON object, member by member in the order of the documentation; see
 * json_finding.h. */
#include "output/json_finding.h"

#include "output/json_parts.h"

static void put_rule(struct json *json, const struct rule *rule)
{
    json_put_object(json, "rule");
    json_put_text(json, "id", rule->id);
    json_put_text(json, "name", rule->name);
    json_put_text(json, "description", rule->description);
    json_put_text(json, "reference", rule->reference);
    json_end(json);
}

static void put_top(struct json *json, const char *key, const struct top *top)
{
    json_put_array(json, key);
    for (size_t i = 0; i < top->n; i++)
        json_string(json, top_text(&top->entries[i]));
    json_end(json);
}

static void put_finding(struct json *json, const struct render *render,
                        const struct finding *finding)
{
    char title[FINDING_TITLE_BYTES];
    finding_title(finding, title);
    json_put_object(json, "finding");
    json_put_text(json, "title", title);
    if (finding->detail[0] != '\0')
        json_put_text(json, "detail", finding->detail);
    json_put_text(json, "advice", finding->rule->advice);
    json_put_text(json, "owner", owner_name(finding->owner));
    if (finding->cause[0] != '\0')
        json_put_text(json, "cause", finding->cause);
    if (finding->is_rest)
        json_put_bool(json, "others", true);
    json_put_number(json, "count", finding->n);
    json_put_number(json, "exchanges", finding->n_exchanges);
    json_put_time(json, "first_seen", finding->first_ns);
    json_put_time(json, "last_seen", finding->last_ns);
    json_put_places(json, finding->places, finding->n_places, &render->sources);
    put_top(json, "hrefs", &finding->hrefs);
    put_top(json, "clients", &finding->clients);
    put_top(json, "servers", &finding->servers);
    put_top(json, "user_agents", &finding->user_agents);
    json_end(json);
}

void json_finding(const struct render *render, const struct finding *finding)
{
    struct json json;
    json_begin(&json, render->writer);
    json_object(&json);
    json_put_time(&json, "@timestamp", finding->last_ns);
    json_put_object(&json, "event");
    json_put_text(&json, "kind", "alert");
    json_put_text(&json, "dataset", "davscope.finding");
    json_put_number(&json, "severity", (uint64_t)finding->severity);
    json_end(&json);
    put_rule(&json, finding->rule);
    put_finding(&json, render, finding);
    json_end(&json);
    (void)json_finish(&json);
}
