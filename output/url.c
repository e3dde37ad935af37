/* Cuts target and Host into the parts of a URL; see url.h. Decodes and normalises nothing. */
#include "output/url.h"

#include "output/secret.h"

/* Before "://" when the target is in absolute-form; 0 when it is in another form. */
static size_t scheme_len(struct span target)
{
    size_t n = span_find(target, span_str("://"));
    return n < target.len && span_find_any(target, "/?#") > n ? n : 0;
}

static struct span known(struct span s)
{
    return s.len > 0 ? s : (struct span){NULL, 0};
}

static struct span without_userinfo(struct span authority)
{
    size_t at = authority.len;
    while (at > 0 && authority.ptr[at - 1] != '@')
        at--;
    return span_after(authority, at);
}

struct span url_domain(struct span authority)
{
    struct span host = without_userinfo(span_trim(authority));
    if (host.len > 0 && host.ptr[0] == '[') {
        host = span_after(host, 1);
        return known(span_first(host, span_find_byte(host, ']')));
    }
    return known(span_first(host, span_find_byte(host, ':')));
}

static void split(struct record_url *url, struct span path_and_query)
{
    struct span path = span_first(path_and_query, span_find_any(path_and_query, "?#"));
    struct span rest = span_after(path_and_query, path.len);
    url->path = known(path);
    if (span_starts(rest, span_str("?")))
        url->query = span_first(span_after(rest, 1), span_find_byte(span_after(rest, 1), '#'));
}

/* scheme "://" host target, in the arena. */
static struct span join(const char *scheme, struct span host, struct span target,
                        struct arena *arena)
{
    size_t n_scheme = strlen(scheme);
    uint8_t *out = arena_take(arena, n_scheme + host.len + target.len);
    if (!out)
        return (struct span){NULL, 0};
    memcpy(out, span_str(scheme).ptr, n_scheme);
    memcpy(out + n_scheme, host.ptr, host.len);
    if (target.len > 0)
        memcpy(out + n_scheme + host.len, target.ptr, target.len);
    return span_of(out, n_scheme + host.len + target.len);
}

struct span url_masked_copy(struct span text, struct arena *arena, struct buf *scratch)
{
    if (!text.ptr)
        return text;
    return arena_copy(arena, secret_mask(text, scratch));
}

bool url_link_has_next(struct span link)
{
    return span_find(link, span_str("rel=\"next\"")) < link.len ||
           span_find(link, span_str("rel=next")) < link.len;
}

static void take_absolute(struct record_url *url, struct span target)
{
    struct span rest = span_after(target, scheme_len(target) + 3);
    size_t end = span_find_any(rest, "/?#");
    url->full = target;
    url->domain = url_domain(span_first(rest, end));
    split(url, span_after(rest, end));
}

bool url_build(struct record_url *url, const struct event *event, struct arena *arena,
               struct buf *scratch)
{
    const struct exchange *exchange = event->exchange;
    *url = (struct record_url){0};
    struct span target = url_masked_copy(exchange->target, arena, scratch);
    if (exchange->target.ptr && !target.ptr)
        return false;
    if (scheme_len(target) > 0) {
        take_absolute(url, target);
        return true;
    }
    split(url, target);
    struct span host = span_trim(exchange->request.fields[HTTP_HOST]);
    host = without_userinfo(span_first(host, span_find_any(host, "/?#")));
    url->domain = url_domain(host);
    bool is_path = target.len > 0 && target.ptr[0] == '/';
    bool is_asterisk = span_equal(target, span_str("*"));
    if (!url->domain.ptr || (!is_path && !is_asterisk))
        return true;
    const char *scheme = event->connection->tls_version ? "https://" : "http://";
    /* Of the asterisk-form nothing follows the authority (RFC 9112 §3.3). */
    url->full = join(scheme, host, is_path ? target : span_str(""), arena);
    return url->full.ptr != NULL;
}
