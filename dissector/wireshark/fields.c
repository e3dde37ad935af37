/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of fields.h. */
#include "dissector/wireshark/fields.h"

static int ids[FIELD_N];
static int subtrees[SUBTREE_N];
static expert_field experts[EXPERT_N];

struct row {
    const char *name, *abbrev;
    enum ftenum type;
    int display;
    const void *strings;
    const char *what;
};

#define TEXT FT_STRING, BASE_NONE, NULL
#define COUNT FT_UINT64, BASE_DEC, NULL
#define NODE FT_NONE, BASE_NONE, NULL

static const struct row rows[FIELD_COUNTS] = {
    [FIELD_VERDICT] = {"Verdict", "multistatus.verdict", TEXT,
                       "all-ok, mixed, all-failed, empty, undecodable or incomplete"},
    [FIELD_REASON] = {"Reason", "multistatus.reason", TEXT, "Why the verdict is what it is"},
    [FIELD_OPERATION] = {"Operation", "multistatus.operation", TEXT,
                         "What was asked for, by method and request body"},
    [FIELD_INFERRED] = {"Guessed", "multistatus.inferred", NODE,
                        "The request was not seen; the operation is told from the answer's shape"},
    [FIELD_METHOD] = {"Method", "multistatus.method", TEXT, "Of the request"},
    [FIELD_TARGET] = {"Target", "multistatus.target", TEXT, "Of the request, as sent"},
    [FIELD_DEPTH] = {"Depth", "multistatus.depth", TEXT, "Of the request: 0, 1 or infinity"},
    [FIELD_REQUEST_IN] = {"Request in frame", "multistatus.request_in", FT_FRAMENUM, BASE_NONE,
                          FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), "The request that this answers"},
    [FIELD_HTTP_STATUS] = {"HTTP status", "multistatus.http_status", FT_UINT16, BASE_DEC, NULL,
                           "Of the response that holds the document"},
    [FIELD_FORMAT] = {"Format", "multistatus.format", TEXT,
                      "xml, json, multipart, html, empty or other"},
    [FIELD_FLAG] = {"Remarkable", "multistatus.flag", TEXT, "Of a document or of a resource"},
    [FIELD_RESOURCES] = {"Resources", "multistatus.resources", COUNT,
                         "How many the document names"},
    [FIELD_REQUESTED] = {"Requested", "multistatus.requested", COUNT,
                         "How many were asked for one by one"},
    [FIELD_MISSING_HREF] = {"Without an answer", "multistatus.missing.href", TEXT,
                            "Asked for, and not in the document"},
    [FIELD_SYNC_TOKEN] = {"Sync token", "multistatus.sync_token", TEXT, "RFC 6578"},
    [FIELD_ANOMALY] = {"Anomaly", "multistatus.anomaly", TEXT, "Something odd about the document"},
    [FIELD_RESOURCE] = {"Resource", "multistatus.resource", NODE, "One DAV:response"},
    [FIELD_HREF] = {"Href", "multistatus.href", TEXT, "As the document has it"},
    [FIELD_STATUS] = {"Status", "multistatus.status", FT_UINT16, BASE_DEC, NULL,
                      "Of a resource or of some of its properties"},
    [FIELD_CLASS] = {"Class", "multistatus.class", TEXT, "What became of the resource"},
    [FIELD_RETRY] = {"Try again", "multistatus.retry", TEXT, "none, later, after-fix or never"},
    [FIELD_DESCRIPTION] = {"Description", "multistatus.description", TEXT,
                           "The server's own words"},
    [FIELD_LOCATION] = {"Location", "multistatus.location", TEXT, "Where the resource is instead"},
    [FIELD_UID] = {"UID", "multistatus.uid", TEXT, "Of an object of a bulk change"},
    [FIELD_CONDITION] = {"Condition", "multistatus.condition", TEXT,
                         "Precondition or postcondition that does not hold"},
    [FIELD_CONDITION_HREF] = {"Because of", "multistatus.condition.href", TEXT,
                              "Resource that a condition names"},
    [FIELD_MEANING] = {"Meaning", "multistatus.condition.meaning", TEXT, NULL},
    [FIELD_ACTION] = {"What to do", "multistatus.condition.action", TEXT, NULL},
    [FIELD_PROPSTAT] = {"Properties", "multistatus.propstat", NODE,
                        "Properties that share one status"},
    [FIELD_PROPSTAT_CLASS] = {"Class", "multistatus.propstat.class", TEXT,
                              "What became of these properties"},
    [FIELD_PROPERTY] = {"Property", "multistatus.property", TEXT, "{namespace}name"},
};

static const struct {
    const char *name;
    int group, severity;
    const char *summary;
} expert_rows[EXPERT_N] = {
    [EXPERT_FAILED] = {"multistatus.expert.failed", PI_RESPONSE_CODE, PI_WARN, "A resource failed"},
    [EXPERT_PROBLEM] = {"multistatus.expert.problem", PI_RESPONSE_CODE, PI_NOTE,
                        "A resource was not done"},
    [EXPERT_MISSING] = {"multistatus.expert.missing", PI_RESPONSE_CODE, PI_WARN,
                        "Something asked for has no answer"},
    [EXPERT_UNDECODABLE] = {"multistatus.expert.undecodable", PI_UNDECODED, PI_ERROR,
                            "The document cannot be decoded"},
    [EXPERT_INCOMPLETE] = {"multistatus.expert.incomplete", PI_UNDECODED, PI_WARN,
                           "The document was not wholly seen"},
    [EXPERT_ANOMALY] = {"multistatus.expert.anomaly", PI_PROTOCOL, PI_NOTE,
                        "Something odd about the document"},
    [EXPERT_LEFT_OUT] = {"multistatus.expert.left_out", PI_UNDECODED, PI_NOTE,
                         "Resources are counted and not shown"},
    [EXPERT_STREAM] = {"multistatus.expert.stream", PI_UNDECODED, PI_WARN,
                       "A stream of HTTP/3 is not wholly read"},
};

int field_id(enum field field)
{
    return ids[field];
}

expert_field *field_expert(enum expert expert)
{
    return &experts[expert];
}

int field_subtree(enum subtree subtree)
{
    return subtrees[subtree];
}

static void register_field(int protocol, enum field field, const struct row *row)
{
    /* The host keeps the pointer. */
    hf_register_info *info = wmem_new0(wmem_epan_scope(), hf_register_info);
    ids[field] = -1;
    *info = (hf_register_info){
        &ids[field],
        {row->name, row->abbrev, row->type, row->display, row->strings, 0, row->what, HFILL}};
    proto_register_field_array(protocol, info, 1);
}

/* multistatus.failed and its like: how many resources are of a class. */
static void register_count(int protocol, enum outcome outcome)
{
    struct row row = {.type = FT_UINT64, .display = BASE_DEC, .what = "How many resources"};
    char *name = wmem_strdup(wmem_epan_scope(), outcome_name(outcome));
    name[0] = g_ascii_toupper(name[0]);
    row.name = name;
    row.abbrev = wmem_strdup_printf(wmem_epan_scope(), "multistatus.%s", outcome_name(outcome));
    register_field(protocol, (enum field)(FIELD_COUNTS + outcome), &row);
}

static void register_experts(int protocol)
{
    static ei_register_info infos[EXPERT_N];
    for (int i = 0; i < EXPERT_N; i++) {
        experts[i] = (expert_field)EI_INIT;
        infos[i] = (ei_register_info){&experts[i],
                                      {expert_rows[i].name, expert_rows[i].group,
                                       expert_rows[i].severity, expert_rows[i].summary, EXPFILL}};
    }
    expert_register_field_array(expert_register_protocol(protocol), infos, EXPERT_N);
}

int fields_register(void)
{
    static int *subtree_places[SUBTREE_N];
    int protocol = proto_register_protocol("WebDAV Multi-Status", "Multi-Status", "multistatus");
    for (int i = 0; i < FIELD_COUNTS; i++)
        register_field(protocol, (enum field)i, &rows[i]);
    for (int i = 0; i < OUTCOME_N; i++)
        register_count(protocol, (enum outcome)i);
    for (int i = 0; i < SUBTREE_N; i++) {
        subtrees[i] = -1;
        subtree_places[i] = &subtrees[i];
    }
    proto_register_subtree_array(subtree_places, SUBTREE_N);
    register_experts(protocol);
    return protocol;
}
