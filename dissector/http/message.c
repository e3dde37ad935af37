/* The table of the header fields that may leave http/. A name not in it is not copied. */
#include "dissector/http/message.h"

#include "dissector/base/hash.h"

#include <assert.h>

static const char *const field_names[HTTP_FIELD_N] = {
    [HTTP_HOST] = "host",
    [HTTP_USER_AGENT] = "user-agent",
    [HTTP_SERVER] = "server",
    [HTTP_CONTENT_TYPE] = "content-type",
    [HTTP_CONTENT_ENCODING] = "content-encoding",
    [HTTP_ACCEPT_ENCODING] = "accept-encoding",
    [HTTP_CONTENT_LENGTH] = "content-length",
    [HTTP_CONTENT_LOCATION] = "content-location",
    [HTTP_TRANSFER_ENCODING] = "transfer-encoding",
    [HTTP_CONNECTION] = "connection",
    [HTTP_UPGRADE] = "upgrade",
    [HTTP_EXPECT] = "expect",
    [HTTP_DATE] = "date",
    [HTTP_LOCATION] = "location",
    [HTTP_RETRY_AFTER] = "retry-after",
    [HTTP_ETAG] = "etag",
    [HTTP_OC_ETAG] = "oc-etag",
    [HTTP_IF_MATCH] = "if-match",
    [HTTP_IF_NONE_MATCH] = "if-none-match",
    [HTTP_LINK] = "link",
    [HTTP_VIA] = "via",
    [HTTP_FORWARDED] = "forwarded",
    [HTTP_X_FORWARDED_HOST] = "x-forwarded-host",
    [HTTP_X_FORWARDED_PROTO] = "x-forwarded-proto",
    [HTTP_X_FORWARDED_PREFIX] = "x-forwarded-prefix",
    [HTTP_DAV] = "dav",
    [HTTP_DEPTH] = "depth",
    [HTTP_DESTINATION] = "destination",
    [HTTP_OVERWRITE] = "overwrite",
    [HTTP_PREFER] = "prefer",
    [HTTP_PREFERENCE_APPLIED] = "preference-applied",
    [HTTP_BRIEF] = "brief",
    [HTTP_TRANSLATE] = "translate",
    [HTTP_X_HTTP_METHOD_OVERRIDE] = "x-http-method-override",
    [HTTP_X_HTTP_METHOD] = "x-http-method",
    [HTTP_X_METHOD_OVERRIDE] = "x-method-override",
};

const char *http_field_name(enum http_field field)
{
    assert((unsigned)field < HTTP_FIELD_N);
    return field_names[field];
}

enum http_field http_field_find(struct span name)
{
    /* Most names differ in their first letter. */
    unsigned first = name.len > 0 ? name.ptr[0] | 0x20u : 0;
    for (unsigned i = 0; i < HTTP_FIELD_N; i++)
        if ((unsigned)field_names[i][0] == first &&
            span_equal_nocase(name, span_str(field_names[i])))
            return (enum http_field)i;
    return HTTP_FIELD_N;
}

static bool is_either(struct span name, const char *one, const char *other)
{
    return span_equal_nocase(name, span_str(one)) || span_equal_nocase(name, span_str(other));
}

/* All of Basic and Bearer, the user name of Digest; other schemes answer a challenge each time. */
static struct span lasting_part(struct span credentials)
{
    struct span scheme = span_first(credentials, span_find_byte(credentials, ' '));
    if (is_either(scheme, "basic", "bearer"))
        return credentials;
    if (!span_equal_nocase(scheme, span_str("digest")))
        return span_of(NULL, 0);
    struct span name = span_after(credentials, span_find(credentials, span_str("username=")));
    return span_first(name, span_find_byte(name, ','));
}

/* The key is no secret, and need not be: who looks accounts up hashes this once more with one that
 * is (output/memory.h), and neither is ever told. */
static uint64_t account_of(struct span credentials)
{
    static const struct hash_key key = {0x6163636f756e7473, 0x206f662075736572};
    struct span part = lasting_part(span_trim(credentials));
    return part.len > 0 ? hash_bytes(&key, part) : 0;
}

void http_head_note_secret(struct http_head *head, struct span name, struct span value)
{
    head->has_authorization |= is_either(name, "authorization", "proxy-authorization");
    head->has_lock_token |= is_either(name, "if", "lock-token");
    if (span_equal_nocase(name, span_str("authorization")))
        head->account = account_of(value);
}
