/* Small JSON members; see json_parts.h. */
#include "output/json_parts.h"

#include "output/address.h"

#include <stdio.h>

void json_put_by_verdict(struct json *json, const uint64_t by_verdict[VERDICT_N])
{
    json_put_object(json, "by_verdict");
    for (unsigned i = 0; i < VERDICT_N; i++)
        if (by_verdict[i] > 0)
            json_put_number(json, verdict_name((enum verdict)i), by_verdict[i]);
    json_end(json);
}

void json_put_by_class(struct json *json, const uint64_t by_class[OUTCOME_N])
{
    json_put_object(json, "by_class");
    for (unsigned i = 0; i < OUTCOME_N; i++)
        if (by_class[i] > 0)
            json_put_number(json, outcome_name((enum outcome)i), by_class[i]);
    json_end(json);
}

void json_put_counts(struct json *json, const struct counts *counts)
{
    json_put_number(json, "documents", counts->n_documents);
    json_put_by_verdict(json, counts->by_verdict);
    json_put_number(json, "resources", counts->n_resources);
    json_put_by_class(json, counts->by_class);
}

void json_put_by_status(struct json *json, const uint64_t by_status[STATUS_N])
{
    json_put_object(json, "by_status");
    for (unsigned code = 1; code < STATUS_N; code++) {
        char key[12];
        if (by_status[code] == 0)
            continue;
        (void)snprintf(key, sizeof key, "%u", code);
        json_put_number(json, key, by_status[code]);
    }
    json_end(json);
}

void json_put_places(struct json *json, const struct place *places, size_t n,
                     const struct sources *sources)
{
    json_put_array(json, "frames");
    for (size_t i = 0; i < n; i++)
        json_number(json, places[i].first_frame);
    json_end(json);
    if (sources->n < 2)
        return;
    json_put_array(json, "captures");
    for (size_t i = 0; i < n; i++)
        json_text(json, source_name(sources, places[i].source));
    json_end(json);
}

void json_put_address(struct json *json, const struct endpoint *endpoint)
{
    char address[ADDRESS_TEXT_BYTES];
    address_text(&endpoint->address, address);
    json_put_text(json, "ip", address);
    json_put_number(json, "port", endpoint->port);
}

void json_put_endpoint(struct json *json, const char *key, const struct endpoint *endpoint)
{
    json_put_object(json, key);
    json_put_address(json, endpoint);
    json_end(json);
}
