/* Names of elements, compared as those of JSON members are; see vendor_entry.h. */
#include "dissector/dav/vendor_entry.h"

#include "dissector/dav/json_item.h"
#include "dissector/dav/json_name.h"
#include "dissector/dav/status_line.h"

static const struct {
    const char *name;
    enum vendor_role role;
} names[] = {
    {"resourceid", VENDOR_ID},
    {"href", VENDOR_ID},
    {"uri", VENDOR_ID},
    {"url", VENDOR_ID},
    {"path", VENDOR_ID},
    {"id", VENDOR_ID},
    {"identifier", VENDOR_ID},
    {"itemidentifier", VENDOR_ID},
    {"key", VENDOR_ID},
    {"name", VENDOR_ID},
    {"reference", VENDOR_ID},
    {"httpstatus", VENDOR_STATUS},
    {"status", VENDOR_STATUS},
    {"statuscode", VENDOR_STATUS},
    {"httpstatuscode", VENDOR_STATUS},
    {"code", VENDOR_STATUS},
    {"result", VENDOR_STATUS},
    {"outcome", VENDOR_STATUS},
    {"message", VENDOR_REASON},
    {"reason", VENDOR_REASON},
    {"description", VENDOR_REASON},
    {"detail", VENDOR_REASON},
    {"errormessage", VENDOR_REASON},
    {"responsedescription", VENDOR_REASON},
};

static enum vendor_role role_of(struct span local)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (json_name_is(local, names[i].name))
            return names[i].role;
    return VENDOR_NOTHING;
}

bool vendor_is_root(struct span local)
{
    static const char end[] = "multistatus";
    size_t len = sizeof end - 1;
    return local.len >= len &&
           span_equal_nocase(span_of(local.ptr + local.len - len, len), span_str(end));
}

bool vendor_open(struct vendor_entry *entry, size_t depth, struct span local)
{
    bool is_first_child = entry->opened_at + 1 == depth;
    bool is_taken = entry->depth > 0 && entry->has_said;
    entry->opened_at = depth;
    entry->role = role_of(local);
    if (!is_first_child || depth < 3 || is_taken)
        return false;
    entry->depth = depth - 1;
    return true;
}

enum vendor_role vendor_close(struct vendor_entry *entry, size_t depth)
{
    enum vendor_role role = entry->opened_at == depth ? entry->role : VENDOR_NOTHING;
    entry->opened_at = 0;
    if (entry->depth == 0 || depth <= entry->depth)
        return VENDOR_NOTHING;
    entry->has_said |= role != VENDOR_NOTHING;
    return role;
}

bool vendor_ends(struct vendor_entry *entry, size_t depth)
{
    bool ends = depth == entry->depth, is_result = ends && entry->has_said;
    if (ends) {
        entry->depth = 0;
        entry->has_said = false;
    }
    return is_result;
}

uint16_t vendor_status(struct span text, enum outcome *class)
{
    struct status_line status = status_line_parse(text);
    *class = json_word_class(text);
    if (*class != OUTCOME_N)
        return 0;
    *class = OUTCOME_UNKNOWN;
    return status.code >= 100 && status.code <= 599 ? status.code : 0;
}
