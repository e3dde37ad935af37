/* Masks userinfo and credential parameters in one pass over a URL; see secret.h. Resolves and
 * decodes nothing. */
#include "output/secret.h"

#include "dissector/base/hex.h"

/* As normalised: lower case, without punctuation. */
static const char *const whole_names[] = {
    "auth", "authorization", "code",           "jwt", "key", "otp", "pass", "pw", "session", "sid",
    "sig",  "pin",           "awsaccesskeyid",
};
static const char *const name_ends[] = {
    "token",     "password",   "passwd",          "pwd",         "secret",    "signature",
    "sessionid", "sessid",     "credential",      "credentials", "ticket",    "passphrase",
    "passcode",  "userpass",   "bearer",          "cookie",      "assertion", "samlresponse",
    "samlart",   "verifier",   "apikey",          "accesskey",   "secretkey", "privatekey",
    "authkey",   "sessionkey", "subscriptionkey",
};

/* Longest part of a name that is looked at: its end. */
enum { NAME_BYTES = 64 };

struct masking {
    struct span url;
    struct buf *out;
    size_t copied; /* of url, to out */
    bool is_in_query;
    bool has_failed;
};

/* Where a parameter stands: what its name and its value end at, and whether that may be
 * percent-encoded. */
struct surroundings {
    const char *name_ends, *value_ends;
    bool is_coded;
};
static const struct surroundings in_path = {"=/;?#", "/;?#", false};
static const struct surroundings in_query = {"=&;?#", "&;#", false};
static const struct surroundings in_url_in_query = {"=&;?#", "&;#", true};

/* The byte at the start of s, percent-decoded; *len says how many bytes stood for it. */
static uint8_t decoded(struct span s, size_t *len)
{
    *len = 1;
    if (s.ptr[0] != '%' || s.len < 3)
        return s.ptr[0];
    int high = hex_value(s.ptr[1]), low = hex_value(s.ptr[2]);
    if (high < 0 || low < 0)
        return s.ptr[0];
    *len = 3;
    return (uint8_t)(high << 4 | low);
}

static size_t normalise(struct span name, uint8_t out[NAME_BYTES])
{
    if (name.len > NAME_BYTES)
        name = span_after(name, name.len - NAME_BYTES);
    size_t n = 0, len;
    for (; name.len > 0; name = span_after(name, len)) {
        uint8_t byte = decoded(name, &len);
        if (byte >= 'A' && byte <= 'Z')
            byte |= 0x20;
        if (byte != '-' && byte != '_' && byte != '.')
            out[n++] = byte;
    }
    return n;
}

static bool ends_with(struct span s, struct span end)
{
    return s.len >= end.len && memcmp(s.ptr + (s.len - end.len), end.ptr, end.len) == 0;
}

static bool is_credential(struct span raw)
{
    uint8_t text[NAME_BYTES];
    struct span name = span_of(text, normalise(raw, text));
    for (size_t i = 0; i < sizeof whole_names / sizeof *whole_names; i++)
        if (span_equal(name, span_str(whole_names[i])))
            return true;
    for (size_t i = 0; i < sizeof name_ends / sizeof *name_ends; i++)
        if (ends_with(name, span_str(name_ends[i])))
            return true;
    return false;
}

/* First position from i on that holds a byte of set, or the end. */
static size_t find_plain(struct span s, size_t i, const char *set)
{
    return i < s.len ? i + span_find_any(span_after(s, i), set) : s.len;
}

/* The same; is_coded: or that stands for one. */
static size_t find_from(struct span s, size_t i, const char *set, bool is_coded)
{
    size_t len;
    if (!is_coded)
        return find_plain(s, i, set);
    for (; i < s.len; i += len) {
        uint8_t byte = decoded(span_after(s, i), &len);
        if (span_find_any(span_of(&byte, 1), set) == 0)
            return i;
    }
    return s.len;
}

static void append(struct masking *m, struct span s)
{
    if (buf_append(m->out, s) != BUF_OK)
        m->has_failed = true;
}

/* Replaces [from, to) of the url by the mask. */
static void mask(struct masking *m, size_t from, size_t to)
{
    append(m, span_of(m->url.ptr + m->copied, from - m->copied));
    append(m, span_str("***"));
    m->copied = to;
}

/* Position of the authority when one begins at i, else 0. */
static size_t authority_at(const struct masking *m, size_t i)
{
    struct span rest = span_after(m->url, i), coded = span_str("%3A%2F%2F");
    if (span_starts(rest, span_str("://")))
        return i + 3;
    if (m->is_in_query && span_equal_nocase(span_first(rest, coded.len), coded))
        return i + coded.len;
    return i == 0 && span_starts(rest, span_str("//")) ? 2 : 0;
}

/* Whether a port begins at i that ends before end, in a text that may go on behind it. */
static bool is_port(struct span url, size_t i, size_t end)
{
    size_t from = i;
    while (i < end && url.ptr[i] >= '0' && url.ptr[i] <= '9')
        i++;
    return i - from <= 5 && (i == end || url.ptr[i] <= ' ' ||
                             span_find_any(span_of(url.ptr + i, 1), "\"'<>()[],.;&%") == 0);
}

/* Whether a ":" in the authority begins no port, but a password: its "@" was cut away, or stands
 * behind a "/" in it. */
static bool has_password(struct span until_end, size_t authority, bool is_coded)
{
    size_t len, end = until_end.len;
    if (authority < end && until_end.ptr[authority] == '[')
        authority = find_plain(until_end, authority, "]");
    size_t colon = find_from(until_end, authority, ":", is_coded);
    if (colon == end)
        return false;
    (void)decoded(span_after(until_end, colon), &len);
    return !is_port(until_end, colon + len, end);
}

/* Up to its last "@". */
static void mask_userinfo(struct masking *m, size_t authority, bool is_coded)
{
    size_t end = find_from(m->url, authority, is_coded ? "/?#&;" : "/?#", is_coded);
    struct span until_end = span_first(m->url, end);
    size_t at = end;
    for (size_t next = authority; next < end; next++) {
        next = find_from(until_end, next, "@", is_coded);
        at = next < end ? next : at;
    }
    if (at > authority && (at < end || has_password(until_end, authority, is_coded)))
        mask(m, authority, at);
}

static void mask_parameter(struct masking *m, size_t name, const struct surroundings *around)
{
    size_t len, equals = find_from(m->url, name, around->name_ends, around->is_coded);
    if (equals == m->url.len || decoded(span_after(m->url, equals), &len) != '=')
        return;
    if (!is_credential(span_of(m->url.ptr + name, equals - name)))
        return;
    size_t end = find_from(m->url, equals + len, around->value_ends, around->is_coded);
    if (end > equals + len)
        mask(m, equals + len, end);
}

/* The byte at i; behind the "?" percent-decoded, as it may be of another URL. */
static uint8_t byte_at(const struct masking *m, size_t i, size_t *len)
{
    *len = 1;
    return m->is_in_query ? decoded(span_after(m->url, i), len) : m->url.ptr[i];
}

static void mask_from(struct masking *m, size_t i, uint8_t byte, size_t len)
{
    size_t authority = authority_at(m, i);
    if (authority > 0)
        mask_userinfo(m, authority, len > 1);
    m->is_in_query |= byte == '?' || byte == '#';
    if (m->is_in_query && span_find_any(span_of(&byte, 1), "?#&;") == 0)
        mask_parameter(m, i + len, len > 1 ? &in_url_in_query : &in_query);
    else if (byte == ';')
        mask_parameter(m, i + len, &in_path);
}

/* Most names have nothing that any of it can begin with. */
static bool is_plain(struct span url)
{
    return span_find_any(url, ":?#;") == url.len && !span_starts(url, span_str("//"));
}

struct span secret_mask(struct span url, struct buf *scratch)
{
    struct masking m = {.url = url, .out = scratch};
    if (is_plain(url))
        return url;
    buf_clear(scratch);
    for (size_t i = 0, len; i < url.len; i += len) {
        uint8_t byte = byte_at(&m, i, &len);
        if (i >= m.copied)
            mask_from(&m, i, byte, len);
    }
    if (m.copied == 0 && !m.has_failed)
        return url;
    append(&m, span_after(url, m.copied));
    return m.has_failed ? span_str("***") : buf_span(scratch);
}
