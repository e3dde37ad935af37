/* Dice arrive, documents leave. The styles differ as sabre/dav with ownCloud's properties, Apache
 * mod_dav and Radicale differ: prefixes, white space, how a missing property is said. */
#include "tests/bench/listing.h"

#include <stdio.h>

enum { REFUSED_ONE_IN = 400, N_STYLES = 3 };

struct item {
    const char *folder;
    char name[32]; /* empty: the folder itself */
    uint32_t number, size_bytes, etag;
    bool is_collection;
};

struct style {
    const char *folder; /* what is asked about */
    const char *begin, *end;
    void (*resource)(struct buf *out, const struct item *item);
    const char *file, *subfolder; /* their names, with one %u */
    const char *refused;          /* with one %s for the folder and one for the name */
};

/* ---- sabre/dav ---- */

static void sabre_resource(struct buf *out, const struct item *item)
{
    say(out,
        "<d:response><d:href>%s%s</d:href><d:propstat>"
        "<d:prop><d:getlastmodified>Fri, 02 Jan 2026 03:%02u:%02u GMT</d:getlastmodified>"
        "<d:getetag>&quot;%08x%08x&quot;</d:getetag>",
        item->folder, item->name, item->etag % 60, item->number % 60, item->etag, item->number);
    say(out,
        item->is_collection
            ? "<d:resourcetype><d:collection/></d:resourcetype><oc:size>%u</oc:size>"
            : "<d:resourcetype/><d:getcontentlength>%u</d:getcontentlength>"
              "<d:getcontenttype>application/vnd.oasis.opendocument.text</d:getcontenttype>",
        item->size_bytes);
    say(out,
        "<oc:id>%08uocabc</oc:id><oc:permissions>RGDNVW</oc:permissions><oc:fileid>%u</oc:fileid>"
        "<oc:owner-id>anna</oc:owner-id><nc:has-preview>false</nc:has-preview></d:prop>"
        "<d:status>HTTP/1.1 200 OK</d:status></d:propstat><d:propstat><d:prop><oc:checksums/>"
        "<d:quota-used-bytes/></d:prop><d:status>HTTP/1.1 404 Not Found</d:status></d:propstat>"
        "</d:response>",
        item->number, item->number);
}

/* ---- Apache mod_dav ---- */

static void apache_resource(struct buf *out, const struct item *item)
{
    say(out,
        "<D:response xmlns:lp1=\"DAV:\" xmlns:lp2=\"http://apache.org/dav/props/\">\n"
        "<D:href>%s%s</D:href>\n<D:propstat>\n<D:prop>\n",
        item->folder, item->name);
    say(out, item->is_collection ? "<lp1:resourcetype><D:collection/></lp1:resourcetype>\n"
                                 : "<lp1:resourcetype/>\n");
    say(out,
        "<lp1:creationdate>2026-01-02T03:%02u:%02uZ</lp1:creationdate>\n"
        "<lp1:getcontentlength>%u</lp1:getcontentlength>\n"
        "<lp1:getlastmodified>Fri, 02 Jan 2026 03:04:05 GMT</lp1:getlastmodified>\n"
        "<lp1:getetag>\"%x-%x\"</lp1:getetag>\n<lp2:executable>F</lp2:executable>\n",
        item->etag % 60, item->number % 60, item->size_bytes, item->size_bytes, item->etag);
    say(out, "<D:supportedlock>\n<D:lockentry>\n<D:lockscope><D:exclusive/></D:lockscope>\n"
             "<D:locktype><D:write/></D:locktype>\n</D:lockentry>\n<D:lockentry>\n"
             "<D:lockscope><D:shared/></D:lockscope>\n<D:locktype><D:write/></D:locktype>\n"
             "</D:lockentry>\n</D:supportedlock>\n<D:lockdiscovery/>\n"
             "<D:getcontenttype>application/x-xz</D:getcontenttype>\n</D:prop>\n"
             "<D:status>HTTP/1.1 200 OK</D:status>\n</D:propstat>\n</D:response>\n");
}

/* ---- Radicale ---- */

static void radicale_resource(struct buf *out, const struct item *item)
{
    say(out,
        "<response><href>%s%s</href><propstat><prop>"
        "<getetag>\"%08x%08x\"</getetag><getcontenttype>text/vcard;charset=utf-8</getcontenttype>"
        "<getcontentlength>%u</getcontentlength><resourcetype /></prop>"
        "<status>HTTP/1.1 200 OK</status></propstat></response>",
        item->folder, item->name, item->etag, item->size_bytes, item->size_bytes);
}

static const struct style styles[N_STYLES] = {
    {
        "/remote.php/dav/files/anna/Reports%202026/",
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        "<d:multistatus xmlns:d=\"DAV:\" xmlns:s=\"http://sabredav.org/ns\""
        " xmlns:oc=\"http://owncloud.org/ns\" xmlns:nc=\"http://nextcloud.org/ns\">",
        "</d:multistatus>",
        sabre_resource,
        "%u.odt",
        "%u/",
        "<d:response><d:href>%s%s</d:href>"
        "<d:status>HTTP/1.1 403 Forbidden</d:status></d:response>",
    },
    {
        "/share/projects/",
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        "<D:multistatus xmlns:D=\"DAV:\" xmlns:ns0=\"DAV:\">\n",
        "</D:multistatus>\n",
        apache_resource,
        "part-%u.tar.xz",
        "part-%u/",
        "<D:response>\n<D:href>%s%s</D:href>\n"
        "<D:status>HTTP/1.1 403 Forbidden</D:status>\n</D:response>\n",
    },
    {
        "/anna/contacts/",
        "<?xml version='1.0' encoding='utf-8'?>\n"
        "<multistatus xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\">",
        "</multistatus>",
        radicale_resource,
        "contact-%u.vcf",
        "group-%u.vcf",
        "<response><href>%s%s</href>"
        "<status>HTTP/1.1 403 Forbidden</status></response>",
    },
};

static void count_document(struct truth *truth, size_t n_bytes, uint32_t n_resources,
                           uint32_t n_failed)
{
    truth->n_documents++;
    truth->n_resources += n_resources;
    truth->n_failed += n_failed;
    truth->n_mixed += n_failed > 0 && n_failed < n_resources;
    truth->n_all_failed += n_failed == n_resources;
    truth->n_bytes += n_bytes;
}

/* The first is the folder itself. */
static void name_item(struct item *item, const struct style *style)
{
    item->name[0] = '\0';
    if (item->number > 1)
        snprintf(item->name, sizeof item->name,
                 item->is_collection ? style->subfolder : style->file, item->number);
}

const char *listing_propfind(struct buf *out, struct dice *dice, size_t n_bytes,
                             struct truth *truth)
{
    const struct style *style = &styles[dice_below(dice, N_STYLES)];
    size_t before = out->len;
    uint32_t n_failed = 0;
    struct item item = {.folder = style->folder, .is_collection = true};
    say_bytes(out, span_str(style->begin));
    do {
        item.number++;
        item.etag = (uint32_t)dice_next(dice);
        item.size_bytes = dice_size(dice, 1000, 100 * 1000 * 1000);
        name_item(&item, style);
        bool is_refused = item.number > 1 && !dice_below(dice, REFUSED_ONE_IN);
        n_failed += is_refused;
        if (is_refused)
            say(out, style->refused, item.folder, item.name);
        else
            style->resource(out, &item);
        item.is_collection = !dice_below(dice, 10);
    } while (out->len - before < n_bytes);
    say_bytes(out, span_str(style->end));
    count_document(truth, out->len - before, item.number, n_failed);
    return style->folder;
}

/* ---- calendar-multiget ---- */

static void say_event(struct buf *out, struct dice *dice, uint32_t id)
{
    say(out,
        "<d:response><d:href>/calendars/anna/work/%08x.ics</d:href><d:propstat><d:prop>"
        "<d:getetag>&quot;%08x&quot;</d:getetag><cal:calendar-data>BEGIN:VCALENDAR&#13;\n"
        "VERSION:2.0&#13;\nPRODID:-//bench//EN&#13;\nBEGIN:VEVENT&#13;\nUID:%08x&#13;\n"
        "DTSTAMP:20260102T030405Z&#13;\nDTSTART;TZID=Europe/Berlin:20260%u0%uT0%u0000&#13;\n",
        id, id ^ 0x5555, id, 1 + dice_below(dice, 9), 1 + dice_below(dice, 9), dice_below(dice, 9));
    say(out,
        "DURATION:PT%uM&#13;\nSUMMARY:Meeting %u &amp; notes&#13;\nLOCATION:Room %u&#13;\n"
        "ATTENDEE;CN=Ben;PARTSTAT=ACCEPTED:mailto:ben@example.org&#13;\nEND:VEVENT&#13;\n"
        "END:VCALENDAR&#13;\n</cal:calendar-data></d:prop><d:status>HTTP/1.1 200 OK</d:status>"
        "</d:propstat></d:response>",
        15 * (1 + dice_below(dice, 8)), id % 1000, id % 100);
}

void listing_multiget(struct listing_multiget *multiget, struct dice *dice, struct truth *truth)
{
    struct buf *request = multiget->request, *answer = multiget->answer;
    size_t before = answer->len;
    uint32_t n_failed = 0;
    say(request, "<?xml version=\"1.0\"?>\n<c:calendar-multiget xmlns:d=\"DAV:\""
                 " xmlns:c=\"urn:ietf:params:xml:ns:caldav\"><d:prop><d:getetag/>"
                 "<c:calendar-data/></d:prop>");
    say(answer, "<?xml version=\"1.0\"?>\n<d:multistatus xmlns:d=\"DAV:\""
                " xmlns:cal=\"urn:ietf:params:xml:ns:caldav\">\n");
    for (uint32_t i = 0; i < multiget->n_resources; i++) {
        uint32_t id = (uint32_t)dice_next(dice);
        bool is_absent = !dice_below(dice, REFUSED_ONE_IN);
        n_failed += is_absent;
        say(request, "<d:href>/calendars/anna/work/%08x.ics</d:href>", id);
        if (is_absent)
            say(answer,
                "<d:response><d:href>/calendars/anna/work/%08x.ics</d:href>"
                "<d:status>HTTP/1.1 404 Not Found</d:status></d:response>",
                id);
        else
            say_event(answer, dice, id);
    }
    say(request, "</c:calendar-multiget>");
    say(answer, "</d:multistatus>\n");
    count_document(truth, answer->len - before, multiget->n_resources, n_failed);
}
