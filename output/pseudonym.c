/* Texts and addresses arrive, pseudonyms leave; see pseudonym.h. What is not known to be harmless
 * is hashed. */
#include "output/pseudonym.h"

#include "dissector/base/hex.h"
#include "output/address.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { HASH_CHARS = 10, TOKEN_BYTES = 32 };

/* Of servers and protocols, never of users. */
static const char *const known_segments[] = {
    ".",          "..",         ".well-known", "caldav",    "carddav",      "dav.php",
    "remote.php", "public.php", "index.php",   "dav",       "webdav",       "caldav.php",
    "calendars",  "calendar",   "principals",  "principal", "addressbooks", "addressbook",
    "contacts",   "files",      "uploads",     "users",     "groups",       "inbox",
    "outbox",     "bulk",       "svn",         "!svn",      "ocs",          "freebusy",
};
static const char *const known_endings[] = {".ics", ".vcf"};

/* Bytes gathered for one result. */
struct making {
    const struct pseudonyms *p;
    struct buf text;
    bool has_failed;
};

static struct making begin(const struct pseudonyms *p)
{
    struct making m = {.p = p};
    buf_init(&m.text, SIZE_MAX / 2);
    return m;
}

static void put(struct making *m, struct span s)
{
    m->has_failed |= s.len > 0 && buf_append(&m->text, s) != BUF_OK;
}

static struct span end(struct making *m)
{
    struct span none = {NULL, 0};
    struct span result = m->has_failed ? none : arena_copy(m->p->arena, buf_span(&m->text));
    buf_free(&m->text);
    return result;
}

static void put_token(struct making *m, const char *prefix, struct span of)
{
    char token[TOKEN_BYTES];
    uint64_t hash = hash_bytes(&m->p->key, of);
    int len = snprintf(token, sizeof token, "%s%0*" PRIx64, prefix, HASH_CHARS,
                       hash >> (64 - 4 * HASH_CHARS));
    put(m, span_of(token, (size_t)len));
}

/* ---- addresses and hosts ---- */

struct address pseudonym_address(const struct pseudonyms *p, const struct address *address)
{
    struct address result = {.version = address->version};
    uint64_t hash = hash_bytes(&p->key, span_of(address->bytes, sizeof address->bytes));
    size_t first = address->version == 4 ? 1 : 8, end = address->version == 4 ? 4 : 16;
    if (address->version == 0)
        return result;
    result.bytes[0] = address->version == 4 ? 10 : 0xfd;
    for (size_t i = first; i < end; i++, hash >>= 8)
        result.bytes[i] = (uint8_t)hash;
    return result;
}

/* False: name is no address. */
static bool put_address(struct making *m, struct span name)
{
    char text[ADDRESS_TEXT_BYTES];
    struct address address;
    if (name.len >= sizeof text)
        return false;
    snprintf(text, sizeof text, "%.*s", (int)name.len, (const char *)name.ptr);
    if (!address_parse(text, &address))
        return false;
    address = pseudonym_address(m->p, &address);
    address_text(&address, text);
    put(m, span_str(text));
    return true;
}

/* Lower case is the same name. */
static void put_name(struct making *m, struct span name)
{
    struct buf lower;
    if (name.len == 0 || put_address(m, name))
        return;
    buf_init(&lower, name.len);
    m->has_failed |= buf_append(&lower, name) != BUF_OK;
    for (size_t i = 0; i < lower.len; i++)
        if (lower.ptr[i] >= 'A' && lower.ptr[i] <= 'Z')
            lower.ptr[i] = (uint8_t)(lower.ptr[i] + 32);
    put_token(m, "h", buf_span(&lower));
    put(m, span_str(".example"));
    buf_free(&lower);
}

static bool is_port(struct span s)
{
    uint64_t port;
    return s.len == 1 || span_decimal(span_after(s, 1), UINT16_MAX, &port);
}

static void put_host(struct making *m, struct span host)
{
    if (host.len > 0 && host.ptr[0] == '[') {
        size_t close = span_find_byte(host, ']');
        put(m, span_str("["));
        put_name(m, span_after(span_first(host, close), 1));
        put(m, span_str("]"));
        host = span_after(host, close + 1);
    } else {
        size_t colon = span_find_byte(host, ':');
        put_name(m, span_first(host, colon));
        host = span_after(host, colon);
    }
    if (host.len > 0 && is_port(host))
        put(m, host);
}

/* ---- paths ---- */

/* In place. */
static void decode(struct buf *text)
{
    size_t n = 0;
    for (size_t i = 0; i < text->len; i++) {
        bool is_coded = text->ptr[i] == '%' && i + 2 < text->len &&
                        hex_value(text->ptr[i + 1]) >= 0 && hex_value(text->ptr[i + 2]) >= 0;
        uint8_t byte = text->ptr[i];
        if (is_coded) {
            byte = (uint8_t)(hex_value(text->ptr[i + 1]) << 4 | hex_value(text->ptr[i + 2]));
            i += 2;
        }
        text->ptr[n++] = byte;
    }
    text->len = n;
}

static bool is_known(struct span segment)
{
    for (size_t i = 0; i < sizeof known_segments / sizeof *known_segments; i++)
        if (span_equal(segment, span_str(known_segments[i])))
            return true;
    return false;
}

static void put_ending(struct making *m, struct span segment)
{
    for (size_t i = 0; i < sizeof known_endings / sizeof *known_endings; i++) {
        struct span ending = span_str(known_endings[i]);
        if (segment.len > ending.len &&
            span_equal_nocase(span_after(segment, segment.len - ending.len), ending))
            put(m, ending);
    }
}

static void put_segment(struct making *m, struct span segment)
{
    struct buf meaning;
    if (segment.len == 0 || is_known(segment)) {
        put(m, segment);
        return;
    }
    buf_init(&meaning, segment.len);
    m->has_failed |= buf_append(&meaning, segment) != BUF_OK;
    decode(&meaning);
    put_token(m, "x", buf_span(&meaning));
    buf_free(&meaning);
    put_ending(m, segment);
}

static void put_path(struct making *m, struct span path)
{
    for (;;) {
        size_t slash = span_find_byte(path, '/');
        put_segment(m, span_first(path, slash));
        if (slash == path.len)
            return;
        put(m, span_str("/"));
        path = span_after(path, slash + 1);
    }
}

/* What follows mark, of which only is told whether it is the same. */
static void put_tail(struct making *m, struct span *url, char mark)
{
    size_t at = span_find_byte(*url, (uint8_t)mark);
    if (at == url->len)
        return;
    put(m, span_of(&mark, 1));
    if (at + 1 < url->len)
        put_token(m, "q", span_after(*url, at + 1));
}

/* The length of "http://" at the front, 0: there is none. */
static size_t scheme_len(struct span url)
{
    size_t colon = span_find_byte(url, ':');
    for (size_t i = 0; i < colon; i++)
        if (hex_value(url.ptr[i]) < 0 &&
            !((url.ptr[i] | 0x20) >= 'a' && (url.ptr[i] | 0x20) <= 'z'))
            return 0;
    bool is_scheme = span_starts(span_after(url, colon), span_str("://"));
    return is_scheme && colon > 0 && colon <= 8 ? colon + 3 : 0;
}

static void put_authority(struct making *m, struct span authority)
{
    for (size_t i = authority.len; i > 0; i--) {
        if (authority.ptr[i - 1] != '@')
            continue;
        put(m, span_str("***@"));
        authority = span_after(authority, i);
        break;
    }
    put_host(m, authority);
}

static struct span until(struct span s, char mark)
{
    return span_first(s, span_find_byte(s, (uint8_t)mark));
}

struct span pseudonym_host(const struct pseudonyms *p, struct span host)
{
    if (!host.ptr)
        return host;
    struct making m = begin(p);
    put_authority(&m, host);
    return end(&m);
}

struct span pseudonym_url(const struct pseudonyms *p, struct span url)
{
    if (!url.ptr)
        return url;
    struct making m = begin(p);
    size_t len = 0;
    struct span rest = url;
    for (size_t n; (n = scheme_len(span_after(url, len))) > 0;)
        len += n; /* in malformed ones it stands twice */
    if (len > 0) {
        put(&m, span_first(url, len));
        rest = span_after(url, len);
        struct span authority = until(until(until(rest, '/'), '?'), '#');
        put_authority(&m, authority);
        rest = span_after(rest, authority.len);
    }
    put_path(&m, until(until(rest, '?'), '#'));
    struct span before_fragment = until(rest, '#');
    put_tail(&m, &before_fragment, '?');
    put_tail(&m, &rest, '#');
    return end(&m);
}

struct span pseudonym_text(const struct pseudonyms *p, struct span text)
{
    if (!text.ptr || text.len == 0)
        return text;
    struct making m = begin(p);
    put_token(&m, "~", text);
    return end(&m);
}
