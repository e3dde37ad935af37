/* Looks for the names of clients, once for each text of late; see agents.h. */
#include "output/agents.h"

static const char *const markers[] = {
    "Microsoft-WebDAV-MiniRedir",
    "WebDAVFS/",
    "WebDAVLib/",
    "davfs2/",
    "cadaver/",
    "gvfs/",
    "neon/",
    "mirall/",
    "Nextcloud-android/",
    "ownCloud-android/",
    "DAVx5/",
    "dataaccessd",
    "CalendarAgent",
    "CalDavSynchronizer",
    "Evolution/",
    "vdirsyncer/",
    "Sardine/",
    "sabredav-client",
    "calendarserver",
    "litmus/",
};

static bool has_marker(struct span user_agent)
{
    for (size_t i = 0; i < sizeof markers / sizeof *markers; i++)
        if (span_find(user_agent, span_str(markers[i])) < user_agent.len)
            return true;
    return false;
}

/* Where a text is kept. Others that share the entry cost a search, whoever chose them. */
static struct agent *entry_of(struct agents *agents, struct span text)
{
    size_t mixed = text.len + text.ptr[text.len - 1] + 7u * text.ptr[text.len / 2];
    return &agents->items[mixed % AGENTS_MAX];
}

bool agents_speak_webdav(struct agents *agents, struct span user_agent)
{
    if (user_agent.len == 0)
        return false;
    if (user_agent.len > AGENT_BYTES)
        return has_marker(user_agent);
    struct agent *agent = entry_of(agents, user_agent);
    if (!span_equal(span_of(agent->text, agent->len), user_agent)) {
        memcpy(agent->text, user_agent.ptr, user_agent.len);
        agent->len = user_agent.len;
        agent->is_webdav = has_marker(user_agent);
    }
    return agent->is_webdav;
}
