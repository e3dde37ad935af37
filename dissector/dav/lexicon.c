/* A table of entries, each in the place that its name's address gives; who comes later takes it. */
#include "dissector/dav/lexicon.h"

static struct lexicon_entry *entry_for(struct lexicon *lexicon, enum element parent,
                                       const struct xml_tag *tag)
{
    uintptr_t address = (uintptr_t)tag->local;
    return &lexicon->entries[(address + 7 * (uintptr_t)parent) % LEXICON_ENTRIES];
}

static bool is_about(const struct lexicon_entry *entry, enum element parent,
                     const struct xml_tag *tag)
{
    return entry->tag.local == tag->local && entry->parent == parent &&
           entry->tag.uri == tag->uri && entry->tag.prefix == tag->prefix;
}

static struct name proper_name(const struct lexicon *lexicon, const struct xml_element *element,
                               enum space space)
{
    struct name name = element->name;
    if (space == SPACE_NONE && lexicon->is_bare)
        space = SPACE_DAV;
    if (space != SPACE_OTHER && space != SPACE_NONE)
        name.space = space_uri(space);
    return name;
}

const struct lexicon_entry *lexicon_find(struct lexicon *lexicon, enum element parent,
                                         const struct xml_tag *tag)
{
    struct lexicon_entry *entry = entry_for(lexicon, parent, tag);
    if (is_about(entry, parent, tag))
        return entry;
    bool is_broken = false;
    struct xml_element element = xml_element_of(tag);
    enum space space = space_of(&element, &is_broken);
    *entry = (struct lexicon_entry){
        .tag = *tag,
        .parent = parent,
        .element = grammar_find(parent, space, element.name.local, &is_broken),
        .name = proper_name(lexicon, &element, space),
    };
    entry->is_broken = is_broken;
    return entry;
}
