/* The table of the header fields that may leave http/. A name not in it is not copied. */
#include "dissector/http/message.h"

#include "dissector/base/fingerprint.h"

#include <assert.h>

struct field_name {
    const char *text;
    size_t len;
};

#define NAME(text)                                                                                 \
    {                                                                                              \
        text, sizeof text - 1                                                                      \
    }

static const struct field_name field_names[HTTP_FIELD_N] = {
    [HTTP_HOST] = NAME("host"),
    [HTTP_USER_AGENT] = NAME("user-agent"),
    [HTTP_SERVER] = NAME("server"),
    [HTTP_CONTENT_TYPE] = NAME("content-type"),
    [HTTP_CONTENT_ENCODING] = NAME("content-encoding"),
    [HTTP_ACCEPT_ENCODING] = NAME("accept-encoding"),
    [HTTP_CONTENT_LENGTH] = NAME("content-length"),
    [HTTP_CONTENT_LOCATION] = NAME("content-location"),
    [HTTP_TRANSFER_ENCODING] = NAME("transfer-encoding"),
    [HTTP_CONNECTION] = NAME("connection"),
    [HTTP_UPGRADE] = NAME("upgrade"),
    [HTTP_EXPECT] = NAME("expect"),
    [HTTP_DATE] = NAME("date"),
    [HTTP_LOCATION] = NAME("location"),
    [HTTP_RETRY_AFTER] = NAME("retry-after"),
    [HTTP_ETAG] = NAME("etag"),
    [HTTP_OC_ETAG] = NAME("oc-etag"),
    [HTTP_IF_MATCH] = NAME("if-match"),
    [HTTP_IF_NONE_MATCH] = NAME("if-none-match"),
    [HTTP_IF_SCHEDULE_TAG_MATCH] = NAME("if-schedule-tag-match"),
    [HTTP_LINK] = NAME("link"),
    [HTTP_VIA] = NAME("via"),
    [HTTP_FORWARDED] = NAME("forwarded"),
    [HTTP_X_FORWARDED_HOST] = NAME("x-forwarded-host"),
    [HTTP_X_FORWARDED_PROTO] = NAME("x-forwarded-proto"),
    [HTTP_X_FORWARDED_PREFIX] = NAME("x-forwarded-prefix"),
    [HTTP_DAV] = NAME("dav"),
    [HTTP_DEPTH] = NAME("depth"),
    [HTTP_DESTINATION] = NAME("destination"),
    [HTTP_OVERWRITE] = NAME("overwrite"),
    [HTTP_PREFER] = NAME("prefer"),
    [HTTP_PREFERENCE_APPLIED] = NAME("preference-applied"),
    [HTTP_BRIEF] = NAME("brief"),
    [HTTP_TRANSLATE] = NAME("translate"),
    [HTTP_X_HTTP_METHOD_OVERRIDE] = NAME("x-http-method-override"),
    [HTTP_X_HTTP_METHOD] = NAME("x-http-method"),
    [HTTP_X_METHOD_OVERRIDE] = NAME("x-method-override"),
};

const char *http_field_name(enum http_field field)
{
    assert((unsigned)field < HTTP_FIELD_N);
    return field_names[field].text;
}

enum http_field http_field_find(struct span name)
{
    /* Hardly any two names have their length and their first letter in common. */
    unsigned first = name.len > 0 ? name.ptr[0] | 0x20u : 0;
    for (unsigned i = 0; i < HTTP_FIELD_N; i++) {
        const struct field_name *row = &field_names[i];
        if (row->len == name.len && (unsigned)row->text[0] == first &&
            span_equal_nocase(name, span_of(row->text, row->len)))
            return (enum http_field)i;
    }
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

/* The first URI in angle brackets, without them: the token of Lock-Token (RFC 4918 §10.5). Of If
 * (§10.4) only what stands first in a list is one; before the list may be the URL it is about. */
static struct span lock_token_in(struct span value, bool is_list)
{
    if (is_list)
        value = span_after(value, span_find_byte(value, '(') + 1);
    value = span_trim(value);
    if (value.len == 0 || value.ptr[0] != '<')
        return span_of(NULL, 0);
    struct span token = span_after(value, 1);
    return span_trim(span_first(token, span_find_byte(token, '>')));
}

static void note_lock_token(struct http_head *head, struct span name, struct span value)
{
    bool is_list = name.len == 2;
    uint64_t token = fingerprint_of(lock_token_in(value, is_list));
    head->has_lock_token = true;
    if (token != 0 && (!is_list || head->lock_token == 0))
        head->lock_token = token;
}

void http_head_note_secret(struct http_head *head, struct span name, struct span value)
{
    head->has_authorization |= is_either(name, "authorization", "proxy-authorization");
    if (is_either(name, "if", "lock-token"))
        note_lock_token(head, name, value);
    if (span_equal_nocase(name, span_str("authorization")))
        head->account = fingerprint_of(lasting_part(span_trim(value)));
}
