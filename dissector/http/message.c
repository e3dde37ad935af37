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

enum { NAME_BYTES_MAX = 22, SAME_LENGTH_MAX = 4 };

/* The fields whose names have a length. A place without one holds the first field, whose name has
 * another length. */
static const uint8_t of_length[NAME_BYTES_MAX + 1][SAME_LENGTH_MAX] = {
    [3] = {HTTP_VIA, HTTP_DAV},
    [4] = {HTTP_HOST, HTTP_DATE, HTTP_ETAG, HTTP_LINK},
    [5] = {HTTP_DEPTH, HTTP_BRIEF},
    [6] = {HTTP_SERVER, HTTP_EXPECT, HTTP_PREFER},
    [7] = {HTTP_UPGRADE, HTTP_OC_ETAG},
    [8] = {HTTP_LOCATION, HTTP_IF_MATCH},
    [9] = {HTTP_FORWARDED, HTTP_OVERWRITE, HTTP_TRANSLATE},
    [10] = {HTTP_USER_AGENT, HTTP_CONNECTION},
    [11] = {HTTP_RETRY_AFTER, HTTP_DESTINATION},
    [12] = {HTTP_CONTENT_TYPE},
    [13] = {HTTP_IF_NONE_MATCH, HTTP_X_HTTP_METHOD},
    [14] = {HTTP_CONTENT_LENGTH},
    [15] = {HTTP_ACCEPT_ENCODING},
    [16] = {HTTP_CONTENT_ENCODING, HTTP_CONTENT_LOCATION, HTTP_X_FORWARDED_HOST},
    [17] = {HTTP_TRANSFER_ENCODING, HTTP_X_FORWARDED_PROTO, HTTP_X_METHOD_OVERRIDE},
    [18] = {HTTP_X_FORWARDED_PREFIX, HTTP_PREFERENCE_APPLIED},
    [21] = {HTTP_IF_SCHEDULE_TAG_MATCH},
    [22] = {HTTP_X_HTTP_METHOD_OVERRIDE},
};

enum http_field http_field_find(struct span name)
{
    if (name.len == 0 || name.len > NAME_BYTES_MAX)
        return HTTP_FIELD_N;
    for (size_t i = 0; i < SAME_LENGTH_MAX; i++) {
        enum http_field field = of_length[name.len][i];
        const struct field_name *row = &field_names[field];
        if (row->len == name.len && row->text[0] == (char)(name.ptr[0] | 0x20) &&
            span_equal_nocase(name, span_of(row->text, row->len)))
            return field;
    }
    return HTTP_FIELD_N;
}

/* ---- what has no row there, and is never kept ---- */

enum secret {
    SECRET_CREDENTIALS,
    SECRET_PROXY_CREDENTIALS,
    SECRET_LOCK_TOKEN,
    SECRET_LOCK_LIST,
    SECRET_N
};

static const struct field_name secret_names[SECRET_N] = {
    [SECRET_CREDENTIALS] = NAME("authorization"),
    [SECRET_PROXY_CREDENTIALS] = NAME("proxy-authorization"),
    [SECRET_LOCK_TOKEN] = NAME("lock-token"),
    [SECRET_LOCK_LIST] = NAME("if"),
};

static enum secret secret_find(struct span name)
{
    enum secret i = SECRET_CREDENTIALS;
    while (i < SECRET_N &&
           !span_equal_nocase(name, span_of(secret_names[i].text, secret_names[i].len)))
        i++;
    return i;
}

/* All of Basic and Bearer, the user name of Digest; other schemes answer a challenge each time. */
static struct span lasting_part(struct span credentials)
{
    struct span scheme = span_first(credentials, span_find_byte(credentials, ' '));
    if (span_equal_nocase(scheme, span_str("basic")) ||
        span_equal_nocase(scheme, span_str("bearer")))
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

bool http_is_secret(struct span name)
{
    return secret_find(name) < SECRET_N;
}

uint64_t http_secret_fingerprint(struct span name, struct span value)
{
    switch (secret_find(name)) {
    case SECRET_CREDENTIALS:
        return fingerprint_of(lasting_part(span_trim(value)));
    case SECRET_LOCK_TOKEN:
        return fingerprint_of(lock_token_in(value, false));
    case SECRET_LOCK_LIST:
        return fingerprint_of(lock_token_in(value, true));
    case SECRET_PROXY_CREDENTIALS: /* the account at the proxy is not that at the server */
    case SECRET_N:
        break;
    }
    return 0;
}

void http_head_note_secret(struct http_head *head, struct span name, uint64_t fingerprint)
{
    enum secret secret = secret_find(name);
    bool is_list = secret == SECRET_LOCK_LIST, is_lock = is_list || secret == SECRET_LOCK_TOKEN;
    head->has_authorization |= secret <= SECRET_PROXY_CREDENTIALS;
    head->has_lock_token |= is_lock;
    if (secret == SECRET_CREDENTIALS)
        head->account = fingerprint;
    if (is_lock && fingerprint != 0 && (!is_list || head->lock_token == 0))
        head->lock_token = fingerprint;
}
