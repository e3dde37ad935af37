/* Which header fields tell what of a request; see request_head.h. */
#include "dissector/dav/request_head.h"

#include "dissector/dav/media_type.h"

static const char *const names[REQUEST_FIELD_N] = {
    [REQUEST_HOST] = "host",
    [REQUEST_DEPTH] = "depth",
    [REQUEST_DESTINATION] = "destination",
    [REQUEST_PREFER] = "prefer",
    [REQUEST_BRIEF] = "brief",
    [REQUEST_VIA] = "via",
    [REQUEST_FORWARDED] = "forwarded",
    [REQUEST_X_FORWARDED_HOST] = "x-forwarded-host",
    [REQUEST_X_FORWARDED_PROTO] = "x-forwarded-proto",
    [REQUEST_X_FORWARDED_PREFIX] = "x-forwarded-prefix",
    [REQUEST_X_HTTP_METHOD_OVERRIDE] = "x-http-method-override",
    [REQUEST_X_HTTP_METHOD] = "x-http-method",
    [REQUEST_X_METHOD_OVERRIDE] = "x-method-override",
};

enum request_field request_field_find(struct span name)
{
    enum request_field field = 0;
    while (field < REQUEST_FIELD_N && !span_equal_nocase(name, span_str(names[field])))
        field++;
    return field;
}

/* Of several proxies the one the client spoke to stands first. */
static struct span forwarded_host(const struct span *fields)
{
    struct span host = fields[REQUEST_X_FORWARDED_HOST];
    if (host.len > 0)
        return span_trim(span_first(host, span_find_byte(host, ',')));
    struct span forwarded = fields[REQUEST_FORWARDED];
    return media_pair(span_first(forwarded, span_find_byte(forwarded, ',')), span_str("host"));
}

static bool is_proxied(const struct span *fields)
{
    return fields[REQUEST_X_FORWARDED_HOST].ptr || fields[REQUEST_X_FORWARDED_PROTO].ptr ||
           fields[REQUEST_X_FORWARDED_PREFIX].ptr || fields[REQUEST_FORWARDED].ptr ||
           fields[REQUEST_VIA].ptr;
}

/* The method that is meant. */
static struct span effective_method(const struct request_head *head)
{
    if (!span_equal(head->method, span_str("POST")))
        return head->method;
    for (int i = REQUEST_X_HTTP_METHOD_OVERRIDE; i <= REQUEST_X_METHOD_OVERRIDE; i++) {
        struct span named = span_trim(head->fields[i]);
        if (operation_of_method(named) != OPERATION_OTHER)
            return named;
    }
    return head->method;
}

/* Clients of Apple and others write the preference as drafts of RFC 7240 had it, with a hyphen. */
static bool wants_minimal(const struct span *fields)
{
    return span_equal_nocase(fields[REQUEST_BRIEF], span_str("t")) ||
           media_has_token(fields[REQUEST_PREFER], span_str("return=minimal")) ||
           media_has_token(fields[REQUEST_PREFER], span_str("return-minimal"));
}

void request_set_head(struct request *request, const struct request_head *head)
{
    const struct span *fields = head->fields;
    struct span method = effective_method(head);
    *request = (struct request){
        .is_seen = true,
        .operation = operation_of_method(method),
        .method = method,
        .is_method_overridden = !span_equal(method, head->method),
        .target = head->target,
        .destination = fields[REQUEST_DESTINATION],
        .host = fields[REQUEST_HOST],
        .forwarded_host = forwarded_host(fields),
        .is_proxied = is_proxied(fields),
        .is_minimal = wants_minimal(fields),
    };
    if (fields[REQUEST_DEPTH].ptr)
        request_set_depth(request, fields[REQUEST_DEPTH]);
    request->is_noroot |= media_has_token(fields[REQUEST_PREFER], span_str("depth-noroot"));
}
