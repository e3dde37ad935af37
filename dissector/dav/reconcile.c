/* In: the resources of a document in order. Out: what each is to the request, and what has no
 * answer; see reconcile.h. Judges no status. */
#include "dissector/dav/reconcile.h"

#include <stdlib.h>

/* How often all requested hrefs are gone through to find out how the leading part was rewritten. */
enum { MAX_TRIES = 4 };

/* Resource flags of drift are in the order of enum drift. */
_Static_assert(RESOURCE_SLASH_DRIFT << (DRIFT_N - 1) == RESOURCE_CASE_DRIFT, "a flag for each");

/* Where an href was placed. */
struct placing {
    enum relation relation;
    bool is_first; /* of the document */
    bool is_of_destination;
    bool is_wanted; /* or it is not known whether it is */
    uint32_t drifts;
};

/* ---- what an operation expects ---- */

/* Whether each href of the request's body wants an answer of its own. */
static bool names_each(const struct request *request)
{
    switch (request->operation) {
    case OPERATION_REPORT_CALENDAR_MULTIGET:
    case OPERATION_REPORT_ADDRESSBOOK_MULTIGET:
    case OPERATION_BPROPFIND:
    case OPERATION_BPROPPATCH:
    case OPERATION_BCOPY:
    case OPERATION_BMOVE:
    case OPERATION_BDELETE:
        return true;
    default:
        return false;
    }
}

static bool has_destination(const struct request *request)
{
    return (request->operation == OPERATION_COPY || request->operation == OPERATION_MOVE) &&
           request->destination.len > 0;
}

/* Whether the operation may speak of a resource in this place. Principals, versions and search
 * results can be anywhere. */
static bool expects(const struct request *request, const struct placing *placing)
{
    enum relation relation = placing->relation;
    switch (request->operation) {
    case OPERATION_PROPFIND:
        if (request->depth == DEPTH_0 && placing->is_first)
            return true; /* it can be about nothing else, whatever it is called */
        if (relation == RELATION_MEMBER)
            return request->depth != DEPTH_0;
        if (relation == RELATION_DESCENDANT)
            return request->depth != DEPTH_0 && request->depth != DEPTH_1;
        return relation == RELATION_SELF;
    case OPERATION_PROPPATCH:
    case OPERATION_MKCOL:
    case OPERATION_MKCALENDAR:
    case OPERATION_REPORT_SYNC_COLLECTION:
    case OPERATION_REPORT_CALENDAR_QUERY:
    case OPERATION_REPORT_ADDRESSBOOK_QUERY:
    case OPERATION_DELETE:
    case OPERATION_COPY:
    case OPERATION_MOVE:
    case OPERATION_LOCK:
        return relation != RELATION_OUTSIDE;
    default:
        return true;
    }
}

/* Whether the first resource of the answer is what the request was about. */
static bool begins_with_target(const struct request *request)
{
    return request->operation == OPERATION_PROPFIND && !request->is_noroot;
}

/* ---- hrefs against the target ---- */

/* An absolute URI of a host that the client did not ask, or of no TLS when it asked with TLS. */
static uint32_t authority_drift(const struct request *request, struct span href)
{
    if (href.ptr[0] == '/')
        return 0;
    struct span authority = href_authority(href);
    if (!authority.ptr)
        return 0;
    if (request->is_tls && span_equal_nocase(href_scheme(href), span_str("http")))
        return DRIFT_REWRITE;
    struct span known[] = {request->host, request->forwarded_host, href_authority(request->target)};
    bool is_any_known = false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        is_any_known |= known[i].len > 0;
        if (known[i].len > 0 && href_same_authority(authority, known[i]))
            return 0;
    }
    return is_any_known ? DRIFT_REWRITE : 0;
}

/* A listing begins with its folder. About itself alone (Depth 0) a server may well answer under
 * another name, as where clients look for their account. */
static bool is_folder_renamed(const struct reconcile *r, struct span target, struct span href)
{
    bool is_listing = r->request->depth == DEPTH_1 || r->request->depth == DEPTH_INFINITY;
    return is_listing && span_ends_in(target, '/') && span_ends_in(href, '/');
}

/* The first resource of an answer may stand for what was asked about though it is called otherwise:
 * by the same name elsewhere, or in a listing as a folder above, or another one. */
static void learn_from_target(struct reconcile *r, struct span target, struct span href)
{
    bool is_renamed = begins_with_target(r->request) && is_folder_renamed(r, target, href);
    struct span asked = href_drift_form(&r->drift, 0, target, DRIFT_LOOSE);
    struct span answered = href_drift_form(&r->drift, 1, href, DRIFT_LOOSE);
    size_t n_tail = href_rewrite_tail(asked, answered);
    bool is_above =
        begins_with_target(r->request) && href_relation(asked, answered) == RELATION_ANCESTOR;
    if (is_above || is_renamed || n_tail > 0)
        r->drift.is_nomem |= !href_rewrite_set(&r->rewrite, asked, answered, is_above ? 0 : n_tail);
}

static enum relation relation_if_rewritten(struct reconcile *r, struct span target,
                                           struct span href)
{
    struct buf *forms = r->drift.forms;
    struct span answered = href_drift_form(&r->drift, 1, href, DRIFT_LOOSE);
    if (!href_rewrite_fits(&r->rewrite, answered))
        return RELATION_OUTSIDE;
    r->drift.is_nomem |= !href_rewrite_undo(&r->rewrite, answered, &forms[0]);
    struct span asked = href_drift_form(&r->drift, 1, target, DRIFT_LOOSE);
    return href_relation(asked, buf_span(&forms[0]));
}

static bool is_within(enum relation relation)
{
    return relation != RELATION_OUTSIDE && relation != RELATION_ANCESTOR;
}

static void relate_if_rewritten(struct reconcile *r, struct span href, struct placing *placing)
{
    struct span target = href_path(r->request->target);
    if (placing->is_first)
        learn_from_target(r, target, href);
    enum relation relation = relation_if_rewritten(r, target, href);
    if (relation == RELATION_OUTSIDE)
        return;
    placing->relation = relation;
    placing->drifts = DRIFT_REWRITE;
}

static void relate(struct reconcile *r, struct span href, struct placing *placing)
{
    const struct request *request = r->request;
    placing->relation = href_relation_as_written(r->drift.base, href);
    if (placing->relation != RELATION_UNKNOWN)
        return;
    struct span path = href_path(href);
    placing->relation = href_drift_relation(&r->drift, r->drift.base, path, &placing->drifts);
    if (!is_within(placing->relation) && has_destination(request)) {
        uint32_t drifts;
        enum relation relation =
            href_drift_relation(&r->drift, href_path(request->destination), path, &drifts);
        placing->is_of_destination = is_within(relation);
        if (placing->is_of_destination) {
            placing->relation = relation;
            placing->drifts = drifts;
        }
    }
    if (!is_within(placing->relation))
        relate_if_rewritten(r, path, placing);
}

/* ---- hrefs against those requested ---- */

static bool make_loose(struct reconcile *r)
{
    const struct request_hrefs *hrefs = &r->request->hrefs;
    for (size_t i = 0; i < hrefs->n && !r->has_loose; i++) {
        struct span text = request_hrefs_text(hrefs, i);
        struct span loose = href_drift_form(&r->drift, 0, text, DRIFT_LOOSE);
        if (!href_index_add(&r->loose, href_index_hash(loose), (uint32_t)i + 1))
            return false;
    }
    r->has_loose = true;
    return true;
}

/* Looks for the form in forms[1]; the number of the href, or n. */
static size_t find(struct reconcile *r, const struct href_index *index, uint32_t overlooked)
{
    struct href_lookup lookup = {
        .form = buf_span(&r->drift.forms[1]),
        .base = r->drift.base,
        .overlooked = overlooked,
        .scratch = &r->drift.forms[0],
    };
    const struct request_hrefs *hrefs = &r->request->hrefs;
    r->drift.is_nomem |= request_hrefs_find(hrefs, index, &lookup) != FEED_OK;
    return r->drift.is_nomem ? hrefs->n : lookup.number;
}

/* From the requested href that has most of its end in common with an answered one. */
static void learn_from_requested(struct reconcile *r, struct span href)
{
    const struct request_hrefs *hrefs = &r->request->hrefs;
    struct span answered = href_drift_form(&r->drift, 1, href, DRIFT_LOOSE);
    size_t longest = 0, best = 0;
    for (size_t i = 0; i < hrefs->n; i++) {
        struct span text = request_hrefs_text(hrefs, i);
        size_t n = href_rewrite_tail(href_drift_form(&r->drift, 0, text, DRIFT_LOOSE), answered);
        if (n <= longest)
            continue;
        longest = n;
        best = i;
    }
    if (longest == 0)
        return;
    struct span text = request_hrefs_text(hrefs, best);
    struct span asked = href_drift_form(&r->drift, 0, text, DRIFT_LOOSE);
    r->drift.is_nomem |= !href_rewrite_set(&r->rewrite, asked, answered, longest);
}

static size_t find_rewritten(struct reconcile *r, struct span href)
{
    if (!r->rewrite.is_known && r->n_tries++ < MAX_TRIES)
        learn_from_requested(r, href);
    struct span answered = href_drift_form(&r->drift, 0, href, DRIFT_LOOSE);
    if (!href_rewrite_fits(&r->rewrite, answered))
        return r->request->hrefs.n;
    r->drift.is_nomem |= !href_rewrite_undo(&r->rewrite, answered, &r->drift.forms[1]);
    return find(r, &r->loose, DRIFT_LOOSE);
}

/* The number of the requested href that this one answers, or n; *drifts is what had to be
 * overlooked. */
static size_t match(struct reconcile *r, struct span href, uint32_t *drifts)
{
    const struct request_hrefs *hrefs = &r->request->hrefs;
    *drifts = 0;
    href_drift_form(&r->drift, 1, href, 0);
    size_t number = find(r, NULL, 0);
    if (number < hrefs->n)
        return number;
    if (!make_loose(r)) {
        r->drift.is_nomem = true;
        return hrefs->n;
    }
    href_drift_form(&r->drift, 1, href, DRIFT_LOOSE);
    number = find(r, &r->loose, DRIFT_LOOSE);
    if (number < hrefs->n) {
        *drifts = href_drift_of_same(&r->drift, request_hrefs_text(hrefs, number), href);
        return number;
    }
    *drifts = DRIFT_REWRITE;
    return find_rewritten(r, href);
}

static bool mark_answered(struct reconcile *r, size_t number)
{
    if (!r->answered) {
        r->n_answered_bytes = r->request->hrefs.n / 8 + 1;
        r->answered = calloc(r->n_answered_bytes, 1);
    }
    if (!r->answered)
        return false;
    r->answered[number / 8] |= (uint8_t)(1 << number % 8);
    return true;
}

static bool is_answered(const struct reconcile *r, size_t number)
{
    return r->answered && (r->answered[number / 8] >> number % 8 & 1);
}

/* Only a multiget must be answered with nothing else: a B-method may also speak of what lies below
 * its targets. A request whose end comes only after its answer began is not followed. */
static void place_among_requested(struct reconcile *r, struct span href, struct placing *placing)
{
    const struct request_hrefs *hrefs = &r->request->hrefs;
    placing->drifts = 0;
    if (!r->request->is_body_whole)
        r->is_early = true;
    if (!r->request->is_body_whole || hrefs->n == 0)
        return;
    uint32_t drifts;
    size_t number = match(r, href, &drifts);
    bool is_multiget = operation_is_multiget(r->request->operation);
    if (is_multiget && hrefs->n_more == 0)
        placing->is_wanted = number < hrefs->n;
    if (number == hrefs->n)
        return;
    placing->drifts = drifts;
    if (!mark_answered(r, number))
        r->drift.is_nomem = true;
}

/* ---- a resource ---- */

/* What may differ without fault: the slash of a collection that was written to (Apache and
 * sabre/dav leave it out), and what a proxy rewrites both ways. */
static uint32_t pardoned(const struct request *request)
{
    uint32_t pardoned = request->is_proxied ? DRIFT_REWRITE : 0;
    if (operation_is_write(request->operation))
        pardoned |= DRIFT_SLASH;
    return pardoned;
}

static struct placing place(struct reconcile *r, struct span href, bool is_first)
{
    struct placing placing = {.is_wanted = true, .is_first = is_first};
    relate(r, href, &placing);
    if (names_each(r->request))
        place_among_requested(r, href, &placing);
    else
        placing.is_wanted = expects(r->request, &placing);
    placing.drifts |= authority_drift(r->request, href);
    placing.drifts &= ~pardoned(r->request);
    return placing;
}

void reconcile_init(struct reconcile *reconcile, const struct request *request)
{
    *reconcile = (struct reconcile){.request = request};
    href_drift_init(&reconcile->drift, (struct span){NULL, 0});
}

/* The request's head may come after the answer began. */
static void learn_target(struct reconcile *r)
{
    struct span target = r->request->target;
    if (target.ptr == r->target.ptr && target.len == r->target.len)
        return;
    r->target = target;
    r->drift.base = href_path(target);
}

enum feed reconcile_resource(struct reconcile *r, struct resource *resource)
{
    learn_target(r);
    bool is_about_paths = r->drift.base.len > 0 && r->drift.base.ptr[0] == '/';
    if (!r->request->is_seen || !is_about_paths || (resource->flags & RESOURCE_NO_HREF))
        return FEED_OK;
    size_t n_unwanted = 0;
    for (size_t i = 0; i < resource->n_hrefs; i++) {
        if (resource->hrefs[i].len == 0)
            continue;
        struct placing placing = place(r, resource->hrefs[i], resource->ordinal == 0 && i == 0);
        if (i == 0) {
            resource->relation = placing.relation;
            resource->is_of_destination = placing.is_of_destination;
        }
        r->drifts |= placing.drifts;
        resource->flags |= placing.drifts * RESOURCE_SLASH_DRIFT;
        n_unwanted += !placing.is_wanted;
    }
    r->n_unsolicited += n_unwanted;
    if (n_unwanted > 0)
        resource->flags |= RESOURCE_UNSOLICITED;
    return r->drift.is_nomem ? FEED_NOMEM : FEED_OK;
}

/* ---- the end ---- */

bool reconcile_knows_missing(const struct reconcile *r)
{
    return r->request->is_seen && r->request->is_body_whole && names_each(r->request) &&
           !r->is_early;
}

enum feed reconcile_finish(struct reconcile *r)
{
    const struct request_hrefs *hrefs = &r->request->hrefs;
    size_t n = 0;
    if (!reconcile_knows_missing(r))
        return FEED_OK;
    for (size_t i = 0; i < hrefs->n; i++)
        n += !is_answered(r, i);
    if (n == 0)
        return FEED_OK;
    r->missing = calloc(n, sizeof *r->missing);
    if (!r->missing)
        return FEED_NOMEM;
    for (size_t i = 0; i < hrefs->n; i++)
        if (!is_answered(r, i))
            r->missing[r->n_missing++] = request_hrefs_text(hrefs, i);
    return FEED_OK;
}

size_t reconcile_bytes(const struct reconcile *r)
{
    return href_drift_bytes(&r->drift) + href_rewrite_bytes(&r->rewrite) +
           href_index_bytes(&r->loose) + r->n_answered_bytes + r->n_missing * sizeof *r->missing;
}

void reconcile_free(struct reconcile *r)
{
    href_drift_free(&r->drift);
    href_rewrite_free(&r->rewrite);
    href_index_free(&r->loose);
    free(r->answered);
    free(r->missing);
    *r = (struct reconcile){0};
}
