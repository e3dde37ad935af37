/* Elements inside of a prop in, facts in the draft out; see property.h. */
#include "dissector/dav/property.h"

void property_open(struct multistatus *m, const struct name *name)
{
    m->n_value_elements = 0;
    draft_property(&m->draft, name);
}

void property_open_part(struct multistatus *m, const struct name *name)
{
    (void)name;
    if (++m->n_value_elements > m->params.limits->max_value_elements)
        multistatus_note_limit(m, "max_value_elements");
}

void property_open_collection(struct multistatus *m, const struct name *name)
{
    (void)name;
    draft_collection(&m->draft);
}

void property_open_type(struct multistatus *m, const struct name *name)
{
    m->draft.has_type = true;
    property_open_part(m, name);
}

void property_open_folder_type(struct multistatus *m, const struct name *name)
{
    m->draft.is_folder_type = true;
    property_open_type(m, name);
}

void property_open_nested_collection(struct multistatus *m, const struct name *name)
{
    m->draft.has_nested_collection = true;
    property_open_part(m, name);
}

void property_open_locks(struct multistatus *m, const struct name *name)
{
    draft_locks(&m->draft);
    property_open(m, name);
}

void property_open_lock(struct multistatus *m, const struct name *name)
{
    draft_lock(&m->draft);
    property_open_part(m, name);
}

/* Of the owner the innermost text comes first, and what encloses it has none then. */
void property_close_lock_part(struct multistatus *m, struct span text)
{
    static const enum lock_part parts[ELEMENT_N] = {
        [ELEMENT_LOCK_OWNER] = LOCK_OWNER,    [ELEMENT_LOCK_TIMEOUT] = LOCK_TIMEOUT,
        [ELEMENT_LOCK_DEPTH] = LOCK_DEPTH,    [ELEMENT_LOCK_TOKEN_HREF] = LOCK_TOKEN,
        [ELEMENT_LOCK_ROOT_HREF] = LOCK_ROOT, [ELEMENT_LOCK_SHARED] = LOCK_SHARED,
    };
    draft_lock_part(&m->draft, parts[multistatus_top(m)], text);
}

void property_open_privileges(struct multistatus *m, const struct name *name)
{
    m->draft.has_privileges = true;
    property_open(m, name);
}

void property_open_privilege_name(struct multistatus *m, const struct name *name)
{
    uint32_t privilege = privilege_find(name->local);
    m->draft.privileges |= privilege;
    m->draft.has_own_privilege |= privilege == 0;
    property_open_part(m, name);
}

void property_open_unauthenticated(struct multistatus *m, const struct name *name)
{
    m->draft.is_unauthenticated = true;
    property_open_part(m, name);
}

void property_open_sync_report(struct multistatus *m, const struct name *name)
{
    m->draft.offers_sync = true;
    property_open_part(m, name);
}

void property_close(struct multistatus *m, struct span text)
{
    static const enum value values[ELEMENT_N] = {
        [ELEMENT_PROPERTY_ETAG] = VALUE_ETAG,
        [ELEMENT_PROPERTY_LAST_MODIFIED] = VALUE_LAST_MODIFIED,
        [ELEMENT_PROPERTY_CREATION_DATE] = VALUE_CREATION_DATE,
        [ELEMENT_PROPERTY_SYNC_TOKEN] = VALUE_SYNC_TOKEN,
        [ELEMENT_PROPERTY_CTAG] = VALUE_CTAG,
        [ELEMENT_PROPERTY_QUOTA_AVAILABLE] = VALUE_QUOTA_AVAILABLE,
        [ELEMENT_PROPERTY_PERMISSIONS] = VALUE_PERMISSIONS,
        [ELEMENT_PROPERTY_RESOURCETYPE] = VALUE_RESOURCETYPE,
        [ELEMENT_PROPERTY_DISPLAYNAME] = VALUE_DISPLAYNAME,
        [ELEMENT_PRINCIPAL_HREF] = VALUE_PRINCIPAL,
    };
    draft_value(&m->draft, values[multistatus_top(m)], text);
}
