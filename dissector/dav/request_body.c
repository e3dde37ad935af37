/* In: the XML body of a request. Out: which operation it asks for, and the few facts its answer is
 * judged by. Property names, filters and data are passed over. */
#include "dissector/dav/namespace.h"
#include "dissector/dav/request.h"
#include "dissector/dav/xml.h"

#include <stdlib.h>

/* Elements deeper than this are filters or data; DAV:prop of a SEARCH stands at 4. */
enum { LEVELS = 5 };

enum part { PART_OTHER, PART_ROOT, PART_TARGET, PART_PROP, PART_SYNC_TOKEN, PART_MULTIPUT };

struct request_body {
    struct request *request;
    struct xml *xml;
    enum part levels[LEVELS];
    size_t depth;
    enum xml_state state;
};

/* A multiget lists hrefs at its root, a B-method inside target, a multiput its resources. */
static bool is_requested(enum part parent, enum space space, struct span local)
{
    if (parent == PART_MULTIPUT)
        return space == SPACE_ME && span_equal(local, span_str("resource"));
    return (parent == PART_ROOT || parent == PART_TARGET) && space == SPACE_DAV &&
           span_equal(local, span_str("href"));
}

static enum part part_of(const struct request_body *body, enum space space, struct span local)
{
    if (body->depth == 0)
        return space == SPACE_ME && span_equal(local, span_str("multiput")) ? PART_MULTIPUT
                                                                            : PART_ROOT;
    if (space != SPACE_DAV)
        return PART_OTHER;
    bool is_child = body->levels[0] == PART_ROOT && body->depth == 1;
    if (is_child && span_equal(local, span_str("target")))
        return PART_TARGET;
    if (is_child && span_equal(local, span_str("sync-token")))
        return PART_SYNC_TOKEN;
    return span_equal(local, span_str("prop")) ? PART_PROP : PART_OTHER;
}

static void on_open(void *ctx, const struct xml_element *element)
{
    struct request_body *body = ctx;
    struct request *request = body->request;
    if (body->depth >= LEVELS) {
        body->depth++;
        return;
    }
    bool is_broken = false;
    enum space space = space_of(element, &is_broken);
    struct span local = element->name.local;
    struct span uri = space == SPACE_OTHER ? element->name.space : space_uri(space);
    if (body->depth == 0)
        request->operation = operation_refine(request->operation, uri, local);
    else if (is_requested(body->levels[body->depth - 1], space, local))
        request->n_hrefs++;
    enum part part = part_of(body, space, local);
    request->names_properties |= part == PART_PROP;
    body->levels[body->depth++] = part;
}

static void on_close(void *ctx)
{
    struct request_body *body = ctx;
    body->depth--;
}

static void on_text(void *ctx, struct span text)
{
    struct request_body *body = ctx;
    bool is_token = body->depth == 2 && body->levels[1] == PART_SYNC_TOKEN;
    if (is_token && span_trim(text).len > 0)
        body->request->has_sync_token = true;
}

/* What is odd about a request shows in its answer. */
static void on_note(void *ctx, enum anomaly_kind kind, uint64_t offset, const char *text)
{
    (void)ctx, (void)kind, (void)offset, (void)text;
}

static const struct xml_ops xml_ops = {on_open, on_close, on_text, on_note};

enum feed request_body_open(struct request_body **opened, const struct limits *limits,
                            struct request *request)
{
    struct request_body *body = calloc(1, sizeof *body);
    *opened = body;
    if (!body)
        return FEED_NOMEM;
    body->request = request;
    body->xml = xml_open(&(struct xml_params){.limits = limits, .ops = &xml_ops, .ctx = body});
    if (body->xml)
        return FEED_OK;
    request_body_close(body);
    *opened = NULL;
    return FEED_NOMEM;
}

enum feed request_body_feed(struct request_body *body, struct span bytes)
{
    body->state = xml_feed(body->xml, bytes);
    if (body->state == XML_OPEN || body->state == XML_CLOSED)
        return FEED_OK;
    return body->state == XML_NOMEM ? FEED_NOMEM : FEED_STOP;
}

void request_body_finish(struct request_body *body, bool is_whole)
{
    if (is_whole)
        body->state = xml_finish(body->xml);
    body->request->is_body_whole = is_whole && body->state == XML_CLOSED;
}

size_t request_body_buffered_bytes(const struct request_body *body)
{
    return sizeof *body + xml_buffered_bytes(body->xml);
}

void request_body_close(struct request_body *body)
{
    if (!body)
        return;
    xml_close(body->xml);
    free(body);
}
