/* Two tables: URIs, the proper one of each namespace first and its variants behind; and the
 * prefixes that servers use without declaring them. */
#include "dissector/dav/namespace.h"

static const struct {
    const char *uri;
    enum space space;
    bool is_broken;
} uris[] = {
    {"DAV:", SPACE_DAV, false},
    {"urn:ietf:params:xml:ns:caldav", SPACE_CALDAV, false},
    {"urn:ietf:params:xml:ns:carddav", SPACE_CARDDAV, false},
    {"http://calendarserver.org/ns/", SPACE_CALENDARSERVER, false},
    {"http://me.com/_namespace/", SPACE_ME, false},
    {"http://owncloud.org/ns", SPACE_OWNCLOUD, false},
    {"http://nextcloud.org/ns", SPACE_NEXTCLOUD, false},
    {"http://sabredav.org/ns", SPACE_SABRE, false},
    {"http://apache.org/dav/xmlns", SPACE_APACHE, false},
    {"o:", SPACE_OWNCLOUD, false}, /* in errors; they mean the other */
    {"DAV", SPACE_DAV, true},
    {"dav:", SPACE_DAV, true},
    {"dav", SPACE_DAV, true},
    {"Dav:", SPACE_DAV, true},
    {"DAV:/", SPACE_DAV, true},
    {"http://www.ietf.org/standards/dav/", SPACE_DAV, true},
    {"http://www.ietf.org/standards/dav", SPACE_DAV, true},
    {"http://www.w3.org/standards/dav/", SPACE_DAV, true},
    {"http://www.w3.org/standards/dav", SPACE_DAV, true},
};

static const struct {
    const char *prefix;
    enum space space;
} prefixes[] = {
    {"D", SPACE_DAV},
    {"d", SPACE_DAV},
    {"DAV", SPACE_DAV},
    {"dav", SPACE_DAV},
    {"a", SPACE_DAV},
    {"lp1", SPACE_DAV},
    {"C", SPACE_CALDAV},
    {"c", SPACE_CALDAV},
    {"cal", SPACE_CALDAV},
    {"caldav", SPACE_CALDAV},
    {"CR", SPACE_CARDDAV},
    {"card", SPACE_CARDDAV},
    {"carddav", SPACE_CARDDAV},
    {"CS", SPACE_CALENDARSERVER},
    {"cs", SPACE_CALENDARSERVER},
    {"oc", SPACE_OWNCLOUD},
    {"nc", SPACE_NEXTCLOUD},
    {"s", SPACE_SABRE},
};

/* s is not empty. Without strlen: this is asked for each element. */
static bool is(struct span s, const char *text)
{
    return text[0] == (char)s.ptr[0] && strncmp(text, (const char *)s.ptr, s.len) == 0 &&
           text[s.len] == '\0';
}

struct span space_uri(enum space space)
{
    for (size_t i = 0; i < sizeof uris / sizeof *uris; i++)
        if (uris[i].space == space)
            return span_str(uris[i].uri);
    return (struct span){NULL, 0};
}

static enum space space_of_prefix(struct span prefix, bool *is_broken)
{
    *is_broken = true;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (is(prefix, prefixes[i].prefix))
            return prefixes[i].space;
    return SPACE_OTHER;
}

enum space space_of(const struct xml_element *element, bool *is_broken)
{
    struct span uri = element->name.space;
    if (uri.len == 0)
        return element->prefix.len > 0 ? space_of_prefix(element->prefix, is_broken) : SPACE_NONE;
    for (size_t i = 0; i < sizeof uris / sizeof *uris; i++)
        if (is(uri, uris[i].uri)) {
            *is_broken |= uris[i].is_broken;
            return uris[i].space;
        }
    return SPACE_OTHER;
}
