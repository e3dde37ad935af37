/* The rules of gate.h. */
#include "dissector/dav/gate.h"

#include "dissector/dav/media_type.h"

bool gate_is_plain(enum operation operation)
{
    return operation == OPERATION_GET || operation == OPERATION_PUT ||
           operation == OPERATION_OPTIONS || operation == OPERATION_OTHER;
}

static bool is_objects(struct span media_type)
{
    return span_equal_nocase(media_type, span_str("text/calendar")) ||
           span_equal_nocase(media_type, span_str("text/vcard"));
}

bool gate_request_body(enum operation operation, struct span media_type)
{
    if (gate_is_plain(operation))
        return false;
    return media_type.len == 0 || media_type_is_xml(media_type) || media_type_is_json(media_type) ||
           (operation == OPERATION_POST && is_objects(media_type));
}

bool gate_expects_batch(const struct gate_response *response)
{
    struct span path = span_first(response->target, span_find_byte(response->target, '?'));
    struct span bulk = span_str("/dav/bulk");
    return span_equal(response->method, span_str("POST")) && path.len >= bulk.len &&
           span_equal(span_after(path, path.len - bulk.len), bulk);
}

/* Media types of results that are no WebDAV. */
static bool is_batch(struct span media_type)
{
    return media_type_is_json(media_type) ||
           span_equal_nocase(media_type, span_str("multipart/mixed")) ||
           span_equal_nocase(media_type, span_str("application/x-ndjson"));
}

bool gate_response_body(const struct gate_response *response)
{
    enum operation operation = operation_of_method(response->method);
    bool is_request_seen = response->method.len > 0;
    if (span_equal(response->method, span_str("HEAD")))
        return false;
    if (response->http_status == 207)
        return true;
    if (response->http_status == 401 || response->http_status == 407)
        return false; /* a challenge, not an outcome: the same request follows with credentials */
    if (is_request_seen && operation == OPERATION_GET && response->http_status < 400)
        return false; /* a stored file that looks like a Multi-Status tells no outcome */
    if (response->media_type.len == 0 || media_type_is_xml(response->media_type))
        return true;
    if (response->reads_batches && is_batch(response->media_type))
        return true;
    if (gate_expects_batch(response))
        return true;
    return is_request_seen && !gate_is_plain(operation) && operation != OPERATION_POST;
}

enum operation gate_post(enum operation operation, struct span media_type, uint16_t http_status)
{
    bool is_bulk = operation == OPERATION_POST && http_status == 207 && is_objects(media_type);
    return is_bulk ? OPERATION_POST_BULK : operation;
}
