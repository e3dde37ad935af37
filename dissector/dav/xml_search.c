/* In: text behind a hole. Out: the first '<', outside of comments and CDATA sections, that begins
 * what is looked for. A section whose beginning was lost in the hole cannot be told from text. */
#include "dissector/dav/xml_search.h"

struct section {
    const char *begin, *end;
    enum xml_search_state inside, old;
};

static const struct section sections[] = {
    {"<![CDATA[", "]]>", XML_SEARCH_CDATA, XML_SEARCH_OLD_CDATA},
    {"<!--", "-->", XML_SEARCH_COMMENT, XML_SEARCH_OLD_COMMENT},
};

enum { N_SECTIONS = sizeof sections / sizeof *sections };

/* The section text begins, or NULL. *is_short: that depends on what follows. */
static const struct section *section_at(struct span text, bool *is_short)
{
    for (size_t i = 0; i < N_SECTIONS; i++) {
        struct span begin = span_str(sections[i].begin);
        if (span_starts(text, begin))
            return &sections[i];
        *is_short |= text.len < begin.len && span_starts(begin, text);
    }
    return NULL;
}

/* Of text that begins with '<' what is of no use; 0: more has to be seen, or it is found. */
static size_t pass_markup(struct xml_search *search, struct span text, bool *is_found)
{
    bool is_short = false;
    const struct section *section = section_at(text, &is_short);
    if (section) {
        search->state = section->inside;
        return strlen(section->begin);
    }
    if (is_short)
        return 0;
    switch (search->matches(search->ctx, text)) {
    case XML_MATCH_YES:
        *is_found = true;
        return 0;
    case XML_MATCH_MORE:
        return 0;
    case XML_MATCH_NO:
        break;
    }
    return 1;
}

/* All but what may be the beginning of a mark. */
static size_t before_mark(struct span text, const char *mark)
{
    size_t n_kept = strlen(mark) - 1;
    return text.len > n_kept ? text.len - n_kept : 0;
}

static size_t pass_section(struct xml_search *search, const struct section *section,
                           struct span text)
{
    size_t end = span_find(text, span_str(section->end));
    size_t begin = search->state == section->old ? span_find(text, span_str(section->begin)) : end;
    if (begin < end) {
        search->state = section->inside;
        return begin + strlen(section->begin);
    }
    if (end == text.len)
        return before_mark(text, search->state == section->old ? section->begin : section->end);
    search->state = XML_SEARCH_TEXT;
    return end + strlen(section->end);
}

static size_t pass(struct xml_search *search, struct span text, bool *is_found)
{
    for (size_t i = 0; i < N_SECTIONS; i++)
        if (search->state == sections[i].inside || search->state == sections[i].old)
            return pass_section(search, &sections[i], text);
    size_t n = span_find_byte(text, '<');
    return n > 0 ? n : pass_markup(search, text, is_found);
}

enum xml_search_state xml_search_old(const struct xml_search *search)
{
    for (size_t i = 0; i < N_SECTIONS; i++)
        if (search->state == sections[i].inside)
            return sections[i].old;
    return search->state;
}

size_t xml_search_next(struct xml_search *search, struct span text, bool *is_found)
{
    size_t at = 0, n;
    *is_found = false;
    while (at < text.len && (n = pass(search, span_after(text, at), is_found)) > 0)
        at += n;
    return at;
}
