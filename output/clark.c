/* Writes names; see clark.h. */
#include "output/clark.h"

#include "output/escape.h"

struct prefix {
    const char *space, *prefix;
};

/* The prefixes that the specifications and servers themselves use. */
static const struct prefix prefixes[] = {
    {"DAV:", ""},
    {"urn:ietf:params:xml:ns:caldav", "caldav:"},
    {"urn:ietf:params:xml:ns:carddav", "carddav:"},
    {"http://calendarserver.org/ns/", "cs:"},
    {"http://owncloud.org/ns", "oc:"},
    {"http://nextcloud.org/ns", "nc:"},
    {"http://sabredav.org/ns", "s:"},
};

static const char *prefix_of(struct span space)
{
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (span_equal(space, span_str(prefixes[i].space)))
            return prefixes[i].prefix;
    return space.len == 0 ? "" : NULL;
}

void clark_write_raw(struct writer *writer, const struct name *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        writer_text(writer, i > 0 ? " " : "");
        if (names[i].space.len > 0) {
            writer_text(writer, "{");
            writer_bytes(writer, names[i].space);
            writer_text(writer, "}");
        }
        writer_bytes(writer, names[i].local);
    }
}

void clark_write_short(struct writer *writer, const struct name *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        writer_text(writer, i > 0 ? " " : "");
        const char *prefix = prefix_of(names[i].space);
        writer_text(writer, prefix ? prefix : "{");
        if (!prefix) {
            escape_text(writer, names[i].space);
            writer_text(writer, "}");
        }
        escape_text(writer, names[i].local);
    }
}
