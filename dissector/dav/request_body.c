/* In: the body of a request. Out: which operation it asks for, and what its answer is judged by:
 * properties, hrefs, sync token, limit; of a bulk change in its simple form and of a batch in JSON
 * the number of objects.
 * Filters, values and data are passed over. */
#include "dissector/dav/json_scan.h"
#include "dissector/dav/namespace.h"
#include "dissector/dav/request.h"
#include "dissector/dav/request_objects.h"
#include "dissector/dav/request_properties.h"
#include "dissector/dav/xml.h"

#include <stdlib.h>

/* Elements deeper than this are filters or data; a property of a SEARCH stands at 5. */
enum { LEVELS = 6 };

enum part {
    PART_OTHER,
    PART_ROOT,
    PART_MULTIPUT,
    PART_OBJECT, /* of a multiput */
    PART_TARGET, /* of a B-method */
    PART_HREF,
    PART_UPDATE, /* set, remove */
    PART_SEARCH,
    PART_FILES, /* what a search-files looks for */
    PART_PROP,
    PART_PROPERTY,
    PART_ALLPROP,
    PART_PROPNAME,
    PART_SYNC_TOKEN,
    PART_LIMIT,
    PART_NRESULTS,
    PART_OWNER, /* of a lock, and anything inside it */
    PART_SCOPE,
    PART_SHARED,
};

static const struct {
    enum part parent;
    enum space space;
    const char *local;
    enum part part;
} grammar[] = {
    {PART_ROOT, SPACE_DAV, "prop", PART_PROP},
    {PART_ROOT, SPACE_DAV, "include", PART_PROP},
    {PART_ROOT, SPACE_DAV, "allprop", PART_ALLPROP},
    {PART_ROOT, SPACE_DAV, "propname", PART_PROPNAME},
    {PART_ROOT, SPACE_DAV, "set", PART_UPDATE},
    {PART_ROOT, SPACE_DAV, "remove", PART_UPDATE},
    {PART_UPDATE, SPACE_DAV, "prop", PART_PROP},
    {PART_ROOT, SPACE_DAV, "href", PART_HREF}, /* multiget */
    {PART_ROOT, SPACE_DAV, "target", PART_TARGET},
    {PART_TARGET, SPACE_DAV, "href", PART_HREF},
    {PART_ROOT, SPACE_DAV, "sync-token", PART_SYNC_TOKEN},
    {PART_ROOT, SPACE_DAV, "limit", PART_LIMIT},
    {PART_ROOT, SPACE_CARDDAV, "limit", PART_LIMIT},
    {PART_ROOT, SPACE_OWNCLOUD, "limit", PART_NRESULTS},
    {PART_ROOT, SPACE_OTHER, "limit", PART_NRESULTS}, /* calendar-search of Nextcloud */
    {PART_ROOT, SPACE_OWNCLOUD, "search", PART_FILES},
    {PART_FILES, SPACE_OWNCLOUD, "limit", PART_NRESULTS},
    {PART_LIMIT, SPACE_DAV, "nresults", PART_NRESULTS},
    {PART_LIMIT, SPACE_CARDDAV, "nresults", PART_NRESULTS},
    {PART_ROOT, SPACE_DAV, "basicsearch", PART_SEARCH},
    {PART_SEARCH, SPACE_DAV, "select", PART_UPDATE},
    {PART_SEARCH, SPACE_DAV, "limit", PART_LIMIT},
    {PART_MULTIPUT, SPACE_ME, "resource", PART_OBJECT},
    {PART_ROOT, SPACE_DAV, "owner", PART_OWNER},
    {PART_ROOT, SPACE_DAV, "lockscope", PART_SCOPE},
    {PART_SCOPE, SPACE_DAV, "shared", PART_SHARED},
    {PART_OBJECT, SPACE_DAV, "set", PART_UPDATE},
    {PART_OBJECT, SPACE_ME, "set", PART_UPDATE},
};

struct request_body {
    struct request *request;
    const struct limits *limits;
    struct xml *xml;
    enum part levels[LEVELS];
    size_t depth;
    enum body_state state;
    struct buf text; /* of the href, token or number being read */
    bool is_begun, is_objects, is_json, is_json_whole;
    struct request_objects objects;
    struct json_scan json;
};

static enum part part_of(const struct request_body *body, enum space space, struct span local)
{
    if (body->depth == 0)
        return space == SPACE_ME && span_equal(local, span_str("multiput")) ? PART_MULTIPUT
                                                                            : PART_ROOT;
    enum part parent = body->levels[body->depth - 1];
    if (parent == PART_PROP)
        return PART_PROPERTY;
    if (parent == PART_OWNER)
        return PART_OWNER;
    for (size_t i = 0; i < sizeof grammar / sizeof *grammar; i++)
        if (grammar[i].parent == parent && grammar[i].space == space &&
            span_equal(local, span_str(grammar[i].local)))
            return grammar[i].part;
    return PART_OTHER;
}

/* ---- what the parts tell ---- */

static void add_href(struct request_body *body, struct span href)
{
    struct request *request = body->request;
    if (href.len == 0)
        return;
    if (request_hrefs_add(&request->hrefs, body->limits, request->target, href) == FEED_NOMEM)
        xml_nomem(body->xml);
    request->n_hrefs = request->hrefs.n + request->hrefs.n_more;
}

static void set_sync_token(struct request_body *body, struct span token)
{
    struct request *request = body->request;
    if (token.len == 0 || request->has_sync_token)
        return;
    request->has_sync_token = true;
    request->sync_token = arena_copy(&request->arena, token);
    if (request->arena.is_nomem)
        xml_nomem(body->xml);
}

/* The first text in it: that of an href, of some other element, or its own. */
static void set_lock_owner(struct request_body *body, struct span owner)
{
    struct request *request = body->request;
    if (owner.len == 0 || request->lock_owner.ptr || request->operation != OPERATION_LOCK)
        return;
    request->lock_owner = arena_copy(&request->arena, owner);
    if (request->arena.is_nomem)
        xml_nomem(body->xml);
}

static void set_limit(struct request_body *body, struct span number)
{
    if (span_decimal(number, UINT64_MAX, &body->request->limit))
        body->request->has_limit = true;
}

static void open_part(struct request_body *body, enum part part, const struct name *name)
{
    struct request *request = body->request;
    switch (part) {
    case PART_PROP:
        request->names_properties = true;
        if (request->choice == PROPERTIES_UNKNOWN)
            request->choice = PROPERTIES_NAMED;
        break;
    case PART_PROPERTY:
        if (request_properties_add(request, body->limits, name) == FEED_NOMEM)
            xml_nomem(body->xml);
        break;
    case PART_ALLPROP:
        request->choice = PROPERTIES_ALL;
        break;
    case PART_PROPNAME:
        request->choice = PROPERTIES_ONLY_NAMES;
        break;
    case PART_OBJECT:
        request->n_objects++;
        break;
    case PART_SHARED:
        request->wants_shared_lock = true;
        break;
    default:
        break;
    }
    buf_clear(&body->text);
}

static void close_part(struct request_body *body, enum part part)
{
    struct span text = span_trim(buf_span(&body->text));
    if (part == PART_HREF)
        add_href(body, text);
    else if (part == PART_SYNC_TOKEN)
        set_sync_token(body, text);
    else if (part == PART_NRESULTS)
        set_limit(body, text);
    else if (part == PART_OWNER)
        set_lock_owner(body, text);
}

/* ---- the machine ---- */

static void set_operation(struct request *request, const struct name *root)
{
    bool is_known = request->method.len > 0 || request->operation != OPERATION_OTHER;
    request->operation = is_known ? operation_refine(request->operation, root->space, root->local)
                                  : operation_of_root(root->space, root->local);
}

static void on_open(void *ctx, const struct xml_tag *tag)
{
    struct request_body *body = ctx;
    if (body->depth >= LEVELS) {
        body->depth++;
        return;
    }
    bool is_broken = false;
    struct xml_element element = xml_element_of(tag);
    enum space space = space_of(&element, &is_broken);
    if (body->depth == 0)
        set_operation(body->request, &element.name);
    enum part part = part_of(body, space, element.name.local);
    open_part(body, part, &element.name);
    body->levels[body->depth++] = part;
}

static void on_close(void *ctx)
{
    struct request_body *body = ctx;
    body->depth--;
    if (body->depth < LEVELS)
        close_part(body, body->levels[body->depth]);
}

static bool keeps_text(enum part part)
{
    return part == PART_HREF || part == PART_SYNC_TOKEN || part == PART_NRESULTS ||
           part == PART_OWNER;
}

/* What is too long is left out wholly: cut it would be another href. */
static void give_up_text(struct request_body *body)
{
    enum part *part = &body->levels[body->depth - 1];
    if (*part == PART_HREF) {
        body->request->hrefs.n_more++;
        body->request->n_hrefs++;
    }
    *part = PART_OTHER;
}

/* White space in front is not kept. */
static void on_text(void *ctx, struct span text)
{
    struct request_body *body = ctx;
    if (body->depth == 0 || body->depth > LEVELS || !keeps_text(body->levels[body->depth - 1]))
        return;
    if (body->text.len == 0 && span_trim(text).len == 0)
        return;
    enum buf_result result = buf_append(&body->text, text);
    if (result == BUF_NOMEM)
        xml_nomem(body->xml);
    if (result == BUF_LIMIT)
        give_up_text(body);
}

/* What is odd about a request shows in its answer. */
static void on_note(void *ctx, enum anomaly_kind kind, uint64_t offset, const char *text)
{
    (void)ctx, (void)kind, (void)offset, (void)text;
}

static const struct xml_ops xml_ops = {
    .opened = on_open,
    .closed = on_close,
    .text = on_text,
    .note = on_note,
};

enum feed request_body_open(struct request_body **opened, const struct limits *limits,
                            struct request *request)
{
    struct request_body *body = calloc(1, sizeof *body);
    *opened = body;
    if (!body)
        return FEED_NOMEM;
    body->request = request;
    body->limits = limits;
    buf_init(&body->text, limits->max_text_bytes);
    arena_init(&request->arena, limits->max_resource_bytes);
    body->xml = xml_open(&(struct xml_params){.limits = limits, .ops = &xml_ops, .ctx = body});
    if (body->xml)
        return FEED_OK;
    request_body_close(body);
    *opened = NULL;
    return FEED_NOMEM;
}

/* vCard and iCalendar begin with BEGIN. */
static void begin(struct request_body *body, struct span bytes)
{
    body->is_begun = bytes.len > 0;
    bool is_post = body->request->operation == OPERATION_POST;
    body->is_objects = is_post && body->is_begun && (bytes.ptr[0] | 0x20) == 'b';
    body->is_json = body->is_begun && (bytes.ptr[0] == '{' || bytes.ptr[0] == '[');
    json_scan_init(&body->json, body->limits);
}

static enum feed feed_json(struct request_body *body, struct span bytes)
{
    if (!body->is_json_whole)
        json_scan_next(&body->json, bytes, &body->is_json_whole);
    return body->json.state >= JSON_SCAN_DAMAGED ? FEED_STOP : FEED_OK;
}

/* What was asked for stands in the one list; inside a map only a list of maps can be that. */
static void finish_json(struct request_body *body, bool is_whole)
{
    const struct json_scan *json = &body->json;
    bool is_list = json->list_depth == 1 || json->n_maps == json->n_elements;
    body->request->is_body_whole = is_whole && body->is_json_whole;
    if (body->request->is_body_whole && json->n_outer_lists == 1 && is_list)
        body->request->n_objects = json->n_elements;
}

enum feed request_body_feed(struct request_body *body, struct span bytes)
{
    if (!body->is_begun)
        begin(body, bytes);
    if (body->is_json)
        return feed_json(body, bytes);
    if (body->is_objects) {
        request_objects_feed(&body->objects, bytes);
        return FEED_OK;
    }
    body->state = xml_feed(body->xml, bytes);
    if (body->state == BODY_OPEN || body->state == BODY_CLOSED)
        return FEED_OK;
    return body->state == BODY_NOMEM ? FEED_NOMEM : FEED_STOP;
}

void request_body_finish(struct request_body *body, bool is_whole)
{
    if (body->is_json) {
        finish_json(body, is_whole);
        return;
    }
    if (body->is_objects) {
        body->request->n_objects = request_objects_finish(&body->objects);
        body->request->is_body_whole = is_whole;
        return;
    }
    if (is_whole)
        body->state = xml_finish(body->xml);
    body->request->is_body_whole = is_whole && body->state == BODY_CLOSED;
}

size_t request_body_buffered_bytes(const struct request_body *body)
{
    return sizeof *body + body->text.capacity_bytes + xml_buffered_bytes(body->xml);
}

void request_body_close(struct request_body *body)
{
    if (!body)
        return;
    xml_close(body->xml);
    buf_free(&body->text);
    free(body);
}
