/* In: bytes. Out: the place of a response. See tail.h. */
#include "dissector/dav/tail.h"

#include "dissector/dav/namespace.h"
#include "dissector/dav/resume.h"

static enum xml_match matches(void *ctx, struct span text)
{
    struct resume resume;
    bool is_broken = false;
    (void)ctx;
    enum xml_match match = resume_match(&resume, text, true);
    struct xml_element element = {.name.space = resume.uri};
    if (match != XML_MATCH_YES || !resume.uri.ptr)
        return match;
    return space_of(&element, &is_broken) == SPACE_DAV ? XML_MATCH_YES : XML_MATCH_NO;
}

void tail_init(struct tail *tail)
{
    *tail = (struct tail){.search = {.matches = matches}};
    buf_init(&tail->kept, SIZE_MAX); /* the search bounds what is left of it */
}

enum feed tail_feed(struct tail *tail, struct span bytes)
{
    bool is_found;
    if (buf_append(&tail->kept, bytes) != BUF_OK)
        return FEED_NOMEM;
    buf_drop_first(&tail->kept, xml_search_next(&tail->search, buf_span(&tail->kept), &is_found));
    return is_found ? FEED_STOP : FEED_OK;
}

void tail_reset(struct tail *tail)
{
    buf_clear(&tail->kept);
    tail->search.state = XML_SEARCH_TEXT;
}

void tail_free(struct tail *tail)
{
    buf_free(&tail->kept);
}
