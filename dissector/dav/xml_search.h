/* xml_search: where a text can be taken up again behind a hole. Comments and CDATA sections that
 * are known to be open are passed over: what looks like a tag in there is text. Keeps no bytes. */
#pragma once

#include "dissector/dav/xml.h"

enum xml_search_state {
    XML_SEARCH_TEXT,
    XML_SEARCH_CDATA,
    XML_SEARCH_COMMENT,
    /* It was open before the hole. It is over where its end is seen, and was over where another
     * begins. */
    XML_SEARCH_OLD_CDATA,
    XML_SEARCH_OLD_COMMENT,
};

struct xml_search {
    /* fields are private */
    enum xml_search_state state;
    enum xml_match (*matches)(void *ctx, struct span text);
    void *ctx;
};

/* The state to begin with behind another hole. */
enum xml_search_state xml_search_old(const struct xml_search *search);

/* How many of the first bytes of text, which begins where the last call ended, are of no use. Where
 * *is_found, matches said YES to what stands behind them; else they have to be seen again with more
 * behind them. At most what matches waits for is left. */
size_t xml_search_next(struct xml_search *search, struct span text, bool *is_found);
