/* agents: which programs speak WebDAV alone, told by User-Agent. Every exchange is asked about, by
 * the same few programs mostly, so that answers are kept for those of late; a text longer than
 * AGENT_BYTES is looked at anew each time. No errors. One owner thread. */
#pragma once

#include "dissector/base/span.h"

enum {
    AGENTS_MAX = 32,   /* that take turns */
    AGENT_BYTES = 256, /* browsers have half of that */
};

struct agent {
    size_t len; /* 0: an unused entry */
    bool is_webdav;
    uint8_t text[AGENT_BYTES];
};

/* Zeroed: ready. Fields are private. */
struct agents {
    struct agent items[AGENTS_MAX];
};

/* Whether user_agent names a client of WebDAV. Those that speak to object stores too are none. */
bool agents_speak_webdav(struct agents *agents, struct span user_agent);
