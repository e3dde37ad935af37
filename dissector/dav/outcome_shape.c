/* Resources in, what their form speaks for out; see outcome_shape.h. */
#include "dissector/dav/outcome_shape.h"

static const char caldav[] = "urn:ietf:params:xml:ns:caldav";
static const char carddav[] = "urn:ietf:params:xml:ns:carddav";

/* Where the declaration of its namespace is lost in a hole, the local name has to do. */
static bool name_is(const struct name *name, const char *space, const char *local)
{
    return span_equal(name->local, span_str(local)) &&
           (name->space.len == 0 || span_equal(name->space, span_str(space)));
}

/* The data that a multiget is for. */
enum { DATA_CALENDAR = 1, DATA_ADDRESS = 2 };

static unsigned data_of(const struct propstat *propstat)
{
    unsigned data = 0;
    for (size_t i = 0; i < propstat->n_properties; i++) {
        const struct name *name = &propstat->properties[i];
        if (name->local.len > 0 && name->local.ptr[0] == 'c' &&
            name_is(name, caldav, "calendar-data"))
            data |= DATA_CALENDAR;
        if (name->local.len > 0 && name->local.ptr[0] == 'a' &&
            name_is(name, carddav, "address-data"))
            data |= DATA_ADDRESS;
    }
    return data;
}

bool outcome_shape_is_told(const struct request *request)
{
    bool may_be_any_report =
        request->operation == OPERATION_REPORT && !request->is_body_whole && !request->is_bodiless;
    return request->is_seen && !may_be_any_report;
}

bool outcome_shape_has_data(const struct propstat *propstat)
{
    return data_of(propstat) != 0;
}

void outcome_shape_add(struct outcome_tally *tally, const struct resource *resource)
{
    uint16_t code = resource->status.code;
    tally->has_propstats |= resource->n_propstats > 0;
    tally->has_success |= code >= 200 && code < 300;
    tally->has_not_found |= code == 404 || code == 410;
    for (size_t i = 0; i < resource->n_propstats; i++) {
        unsigned data = data_of(&resource->propstats[i]);
        tally->has_calendar_data |= (data & DATA_CALENDAR) != 0;
        tally->has_address_data |= (data & DATA_ADDRESS) != 0;
    }
}

bool outcome_shape_leaves_open(const struct outcome_tally *tally, const struct request *request,
                               const struct resource *resource)
{
    uint16_t code = resource->status.code;
    return (code == 404 || code == 410) && !outcome_shape_is_told(request) &&
           tally->root == ROOT_MULTISTATUS && !tally->has_propstats;
}

/* Which report it answers, if it is the answer to one. */
static enum operation report_of(const struct outcome_tally *tally)
{
    if (tally->has_sync_token)
        return OPERATION_REPORT_SYNC_COLLECTION;
    if (tally->has_calendar_data)
        return tally->has_not_found ? OPERATION_REPORT_CALENDAR_MULTIGET
                                    : OPERATION_REPORT_CALENDAR_QUERY;
    if (tally->has_address_data)
        return tally->has_not_found ? OPERATION_REPORT_ADDRESSBOOK_MULTIGET
                                    : OPERATION_REPORT_ADDRESSBOOK_QUERY;
    return OPERATION_REPORT;
}

enum operation outcome_operation(const struct outcome_tally *tally, const struct request *request)
{
    if (tally->root == ROOT_SCHEDULE_RESPONSE)
        return OPERATION_POST_OUTBOX; /* its request has no root to be known by */
    if (outcome_shape_is_told(request) ||
        (!request->is_seen && request->operation != OPERATION_OTHER))
        return request->operation;
    if (request->is_seen)
        return report_of(tally);
    if (tally->root == ROOT_MKCOL_RESPONSE)
        return OPERATION_MKCOL;
    if (tally->root == ROOT_MKCALENDAR_RESPONSE)
        return OPERATION_MKCALENDAR;
    if (tally->root == ROOT_BATCH)
        return OPERATION_POST;
    if (tally->root == ROOT_ERROR)
        return OPERATION_OTHER; /* any request may be refused so */
    enum operation report = report_of(tally);
    if (report != OPERATION_REPORT)
        return report;
    if (tally->n_resources > 0 && !tally->has_propstats && !tally->has_success)
        return OPERATION_DELETE; /* a list of failures, as of DELETE, COPY and MOVE */
    return OPERATION_PROPFIND;
}

enum operation outcome_shape_ruling(const struct outcome_tally *tally,
                                    const struct request *request)
{
    return tally->root == ROOT_BATCH ? OPERATION_POST : outcome_operation(tally, request);
}
