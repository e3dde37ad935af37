/* In: a node. Out: id, status, reason. Each member of a result has at most one role; among several
 * of the same role the one that stands first in the table wins. */
#include "dissector/dav/json_item.h"

#include "dissector/dav/json_name.h"

/* Statuses and texts in members of members: {response: {status: {code: 404}}}, and
 * {response: {outcome: {issue: [{diagnostics: "..."}]}}}. */
enum { MAX_NESTING = 3, MAX_REASON_NESTING = 5 };

static const char *const id_names[] = {
    "href",     "uri",        "url",        "path",           "location",      "self", "id",
    "eid",      "resource",   "resourceid", "itemidentifier", "recordid",      "key",  "name",
    "bulkid",   "externalid", "requestid",  "referenceid",    "correlationid", "sku",  "index",
    "position", "line",       "@id",        "@odata.id",      "pointer",       NULL,
};

static const char *const status_names[] = {
    "status",    "statuscode", "httpstatus", "httpstatuscode", "publishingstatus", "code",
    "errorcode", "result",     "response",   "outcome",        "responsecode",     NULL,
};

/* {index: {_id, status}} of a search engine: the operation is the name of the result. */
static const char *const operation_names[] = {"index", "create", "update", "delete", NULL};

static const char *const good_flags[] = {"success", "ok", "issuccess", "successful", NULL};
static const char *const bad_flags[] = {"error", "haserrors", "iserror", "failed", NULL};
static const char *const error_names[] = {"error",
                                          "errors",
                                          "problem",
                                          "apierror",
                                          "failure",
                                          "errormessages",
                                          "errormessage",
                                          "@core.datamodificationexception",
                                          "@org.odata.core.v1.datamodificationexception",
                                          NULL};
static const char *const data_names[] = {"success", "data", "resource", "body", NULL};
/* The first few may also say something of what went well; the others would be its data. */
enum { N_NOTES = 4 };
static const char *const reason_names[] = {
    "message",      "reason", "detail",        "description", "details", "diagnostics", "title",
    "errormessage", "error",  "errormessages", "apierror",    "problem", "failure",     "errors",
    "issue",        "type",   "outcome",       "response",    "result",  "body",        "value",
    NULL,
};

static const struct {
    const char *word;
    enum outcome class;
} words[] = {
    {"ok", OUTCOME_OK},
    {"success", OUTCOME_OK},
    {"successful", OUTCOME_OK},
    {"succeeded", OUTCOME_OK},
    {"complete", OUTCOME_OK},
    {"completed", OUTCOME_OK},
    {"created", OUTCOME_OK},
    {"updated", OUTCOME_OK},
    {"deleted", OUTCOME_OK},
    {"accepted", OUTCOME_OK},
    {"submitted", OUTCOME_OK},
    {"published", OUTCOME_OK},
    {"done", OUTCOME_OK},
    {"true", OUTCOME_OK},
    {"pending", OUTCOME_PENDING},
    {"queued", OUTCOME_PENDING},
    {"processing", OUTCOME_PENDING},
    {"inprogress", OUTCOME_PENDING},
    {"scheduled", OUTCOME_PENDING},
    {"failed", OUTCOME_FAILED},
    {"failure", OUTCOME_FAILED},
    {"error", OUTCOME_FAILED},
    {"rejected", OUTCOME_FAILED},
    {"invalid", OUTCOME_FAILED},
    {"denied", OUTCOME_FAILED},
    {"conflict", OUTCOME_FAILED},
    {"notfound", OUTCOME_FAILED},
    {"forbidden", OUTCOME_FAILED},
    {"timeout", OUTCOME_FAILED},
    {"badrequest", OUTCOME_FAILED},
    {"false", OUTCOME_FAILED},
    {"aborted", OUTCOME_DEPENDENT},
    {"skipped", OUTCOME_DEPENDENT},
    {"cancelled", OUTCOME_DEPENDENT},
    {"canceled", OUTCOME_DEPENDENT},
    {"rolledback", OUTCOME_DEPENDENT},
    {"notattempted", OUTCOME_DEPENDENT},
    {"dependencyfailed", OUTCOME_DEPENDENT},
    {"noop", OUTCOME_UNCHANGED},
    {"unchanged", OUTCOME_UNCHANGED},
    {"notmodified", OUTCOME_UNCHANGED},
    {"ignored", OUTCOME_UNCHANGED},
    {"duplicate", OUTCOME_UNCHANGED},
};

/* ---- names ---- */

enum outcome json_word_class(struct span word)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (json_name_is(word, words[i].word))
            return words[i].class;
    return OUTCOME_N;
}

/* ---- values ---- */

static bool is_empty(const struct json_node *node)
{
    switch (json_tree_kind(node)) {
    case JSON_KIND_TEXT:
        return json_tree_text(node).len == 0;
    case JSON_KIND_LIST:
    case JSON_KIND_MAP:
        return !json_tree_next(&(struct json_walk){.node = node});
    case JSON_KIND_TRUE:
        return false;
    default:
        return true;
    }
}

static bool is_bool(const struct json_node *node)
{
    enum json_kind kind = json_tree_kind(node);
    return kind == JSON_KIND_TRUE || kind == JSON_KIND_FALSE;
}

/* The first text in node, or in what it holds by the name of a reason. */
static struct span reason_in(const struct json_node *node, unsigned nesting)
{
    struct span best = json_tree_text(node);
    size_t best_place = SIZE_MAX;
    bool is_list = json_tree_kind(node) == JSON_KIND_LIST;
    if (nesting == 0)
        return best;
    for (struct json_walk w = {.node = node}; json_tree_next(&w);) {
        size_t place = is_list ? 0 : json_name_rank(w.name, reason_names);
        struct span text = place < best_place ? reason_in(w.value, nesting - 1) : best;
        if (place >= best_place || text.len == 0)
            continue;
        best = text;
        best_place = place;
    }
    return best;
}

static struct span note_in(const struct json_node *node)
{
    for (size_t i = 0; i < N_NOTES; i++)
        for (struct json_walk w = {.node = node}; json_tree_next(&w);)
            if (json_name_is(w.name, reason_names[i]) && json_tree_text(w.value).len > 0)
                return json_tree_text(w.value);
    return (struct span){NULL, 0};
}

static struct span after_digits(struct span s)
{
    size_t n = 0;
    while (span_has_digit(s, n))
        n++;
    return span_after(s, n);
}

/* Digits, perhaps with a sign, a fraction, an exponent: 4040, -1, 404.0, 1e3. */
static bool is_number(struct span text)
{
    struct span left = span_after(text, span_starts(text, span_str("-")));
    if (!span_has_digit(left, 0) || !span_has_digit(left, left.len - 1))
        return false;
    left = after_digits(left);
    if (span_starts(left, span_str(".")))
        left = after_digits(span_after(left, 1));
    if (left.len > 0 && (left.ptr[0] | 0x20) == 'e')
        left = after_digits(span_after(left, 1 + (span_find_any(left, "+-") == 1)));
    return left.len == 0;
}

/* "404", "201 Created", "HTTP/1.1 404 Not Found": the code; 0: a number that is none, as in "4711";
 * false: no number: "failed", "2fa-required". */
static bool read_code(struct span text, uint16_t *code)
{
    uint64_t number = 0;
    if (span_starts(text, span_str("HTTP/")))
        text = span_trim(span_after(text, span_find_byte(text, ' ')));
    struct span first = span_first(text, span_find_any(text, " \t"));
    bool is_three_digits = first.len == 3 && span_decimal(first, 999, &number);
    *code = (uint16_t)(is_three_digits && number >= 100 && number <= 599 ? number : 0);
    return is_three_digits || is_number(text);
}

/* ---- a result ---- */

/* How far a result was understood: the members that were taken, by their places in the tables. */
struct reading {
    struct json_item *item;
    size_t id_rank, status_rank;
    unsigned nesting;    /* that may still be gone into */
    uint16_t error_code; /* in its error; 0: none */
};

static void read_members(struct reading *reading, const struct json_node *node);

static void take_evidence(struct json_item *item, enum json_evidence evidence, enum outcome class)
{
    if (item->evidence > evidence || (item->evidence == evidence && item->class == OUTCOME_FAILED))
        return;
    item->evidence = evidence;
    item->class = class;
}

/* A code in "code" or "errorCode" is often one of the application's own. */
static void take_status_text(struct reading *reading, struct span name, struct span text)
{
    struct json_item *item = reading->item;
    bool is_own_code = json_name_is(name, "code") || json_name_is(name, "errorcode");
    size_t place = json_name_rank(name, status_names);
    uint16_t code = 0;
    if (read_code(text, &code)) {
        bool is_better = item->evidence < JSON_EVIDENCE_CODE || place < reading->status_rank;
        if ((is_own_code && code == 0) || !is_better)
            return;
        item->evidence = JSON_EVIDENCE_CODE;
        item->code = code;
        item->is_ambiguous = is_own_code && reading->nesting == MAX_NESTING;
        reading->status_rank = place;
        return;
    }
    enum outcome class = json_word_class(text);
    if ((is_own_code && class == OUTCOME_N) || item->evidence >= JSON_EVIDENCE_WORD)
        return;
    item->evidence = JSON_EVIDENCE_WORD;
    item->class = class == OUTCOME_N ? OUTCOME_UNKNOWN : class;
    item->word = text;
}

static void take_status(struct reading *reading, const struct json_walk *member)
{
    enum json_kind kind = json_tree_kind(member->value);
    if (kind == JSON_KIND_TEXT)
        take_status_text(reading, member->name, json_tree_text(member->value));
    else if (is_bool(member->value))
        take_evidence(reading->item, JSON_EVIDENCE_FLAG,
                      kind == JSON_KIND_TRUE ? OUTCOME_OK : OUTCOME_FAILED);
    else if (kind == JSON_KIND_MAP && reading->nesting > 0) {
        struct reading inside = {reading->item, reading->id_rank, SIZE_MAX, reading->nesting - 1,
                                 0};
        if (reading->item->evidence < JSON_EVIDENCE_CODE)
            read_members(&inside, member->value);
    }
}

/* An error may have a code of its own; that of the result goes before it, wherever it stands. */
static void take_error(struct reading *reading, const struct json_walk *member)
{
    struct json_item *item = reading->item, inner = {0};
    struct reading inside = {&inner, SIZE_MAX, SIZE_MAX, 0, 0};
    if (is_bool(member->value))
        return;
    if (is_empty(member->value)) { /* "error": null says that there was none */
        take_evidence(item, JSON_EVIDENCE_ERROR, OUTCOME_OK);
        return;
    }
    item->has_error = true;
    take_evidence(item, JSON_EVIDENCE_ERROR, OUTCOME_FAILED);
    if (reading->nesting > 0 && json_tree_kind(member->value) == JSON_KIND_MAP)
        read_members(&inside, member->value);
    if (inner.evidence == JSON_EVIDENCE_CODE && inner.code >= 400)
        reading->error_code = inner.code;
}

static void take_flag(struct json_item *item, const struct json_walk *member)
{
    bool is_true = json_tree_kind(member->value) == JSON_KIND_TRUE;
    bool is_good = json_name_is_one_of(member->name, good_flags),
         is_bad = json_name_is_one_of(member->name, bad_flags);
    if (!is_bool(member->value) || (!is_good && !is_bad))
        return;
    bool went_well = is_good ? is_true : !is_true;
    item->has_error |= !went_well;
    take_evidence(item, JSON_EVIDENCE_FLAG, went_well ? OUTCOME_OK : OUTCOME_FAILED);
}

/* An id is a text, or a link: {"self": {"href": ".."}}. */
static void take_id(struct reading *reading, const struct json_walk *member)
{
    size_t place = json_name_rank(member->name, id_names);
    if (place >= reading->id_rank)
        return;
    const struct json_node *link = json_name_member(member->value, "href");
    struct span text = json_tree_text(link ? link : member->value);
    if (text.len == 0)
        return;
    reading->id_rank = place;
    reading->item->id = text;
}

static void read_members(struct reading *reading, const struct json_node *node)
{
    for (struct json_walk w = {.node = node}; json_tree_next(&w);) {
        take_id(reading, &w);
        if (json_name_is_one_of(w.name, status_names))
            take_status(reading, &w);
        if (json_name_is_one_of(w.name, error_names))
            take_error(reading, &w);
        if (json_name_is_one_of(w.name, data_names) && !is_bool(w.value) && !is_empty(w.value))
            take_evidence(reading->item, JSON_EVIDENCE_DATA, OUTCOME_OK);
        take_flag(reading->item, &w);
    }
}

/* The one member of an {operation: {...}}; NULL: it is no such thing. */
static const struct json_node *inside_operation(const struct json_node *node)
{
    struct json_walk w = {.node = node};
    if (json_tree_kind(node) != JSON_KIND_MAP || !json_tree_next(&w))
        return NULL;
    const struct json_node *value = w.value;
    bool is_operation =
        json_name_is_one_of(w.name, operation_names) && json_tree_kind(value) == JSON_KIND_MAP;
    return is_operation && !json_tree_next(&w) ? value : NULL;
}

/* {success: {...}} or {failure: {...}}, and nothing else: either of two. */
static void read_either(struct json_item *item, const struct json_node *node)
{
    struct json_walk w = {.node = node};
    if (!json_tree_next(&w) || json_tree_kind(w.value) != JSON_KIND_MAP)
        return;
    bool is_good = json_name_is(w.name, "success"), is_bad = json_name_is(w.name, "failure");
    struct span name = w.name;
    if ((!is_good && !is_bad) || json_tree_next(&w))
        return;
    item->is_either = true;
    item->class = is_good ? OUTCOME_OK : OUTCOME_FAILED;
    item->word = name;
}

/* {"17": false, "message": ""}: an id and how it went. */
static void read_pair(struct json_item *item, const struct json_node *node)
{
    for (struct json_walk w = {.node = node}; json_tree_next(&w);) {
        if (!is_bool(w.value) || item->evidence != JSON_EVIDENCE_NONE || item->id.ptr)
            continue;
        item->id = w.name;
        bool is_true = json_tree_kind(w.value) == JSON_KIND_TRUE;
        take_evidence(item, JSON_EVIDENCE_FLAG, is_true ? OUTCOME_OK : OUTCOME_FAILED);
    }
}

/* Where what the result is about stands when not in itself. */
static bool may_name_it(struct span name)
{
    static const char *const names[] = {"context", "input",    "response", "result",
                                        "links",   "metadata", "source",   NULL};
    return json_name_is_one_of(name, names) || json_name_is_one_of(name, error_names) ||
           json_name_is_one_of(name, data_names);
}

static void read_inner_id(struct json_item *item, const struct json_node *node)
{
    for (struct json_walk w = {.node = node}; json_tree_next(&w) && !item->id.ptr;) {
        if (!may_name_it(w.name) || json_tree_kind(w.value) != JSON_KIND_MAP)
            continue;
        struct json_item inner = {0};
        struct reading reading = {&inner, SIZE_MAX, SIZE_MAX, 0, 0};
        for (struct json_walk in = {.node = w.value}; json_tree_next(&in);) {
            take_id(&reading, &in);
            if (json_name_is(in.name, "ids") && json_tree_kind(in.value) == JSON_KIND_LIST)
                item->ids = in.value;
        }
        item->id = inner.id;
    }
}

bool json_item_is_plain(const struct json_item *item)
{
    if (item->evidence == JSON_EVIDENCE_CODE)
        return item->code != 0 && !item->is_ambiguous;
    return item->is_either;
}

bool json_item_is_good(const struct json_item *item)
{
    if (item->evidence == JSON_EVIDENCE_CODE)
        return item->code >= 200 && item->code < 400;
    return item->class == OUTCOME_OK || item->class == OUTCOME_UNCHANGED;
}

struct json_item json_item_read(const struct json_node *node)
{
    struct json_item item = {.class = OUTCOME_UNKNOWN};
    const struct json_node *inside = inside_operation(node);
    if (inside)
        node = inside;
    if (json_tree_kind(node) == JSON_KIND_TEXT) {
        item.id = json_tree_text(node);
        return item;
    }
    struct reading reading = {&item, SIZE_MAX, SIZE_MAX, MAX_NESTING, 0};
    read_members(&reading, node);
    if (item.evidence < JSON_EVIDENCE_WORD && reading.error_code > 0) {
        item.evidence = JSON_EVIDENCE_CODE;
        item.code = reading.error_code;
    }
    if (item.evidence == JSON_EVIDENCE_NONE)
        read_pair(&item, node);
    read_either(&item, node);
    if (!item.id.ptr)
        read_inner_id(&item, node);
    item.note = note_in(node);
    item.reason = reason_in(node, MAX_REASON_NESTING);
    item.is_contradiction = json_item_is_good(&item) && item.has_error;
    return item;
}
