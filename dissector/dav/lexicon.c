/* A table of entries, each in the place that its name's address gives; who comes later takes it. */
#include "dissector/dav/lexicon.h"

static struct lexicon_entry *entry_for(struct lexicon *lexicon, enum element parent,
                                       const struct xml_element *element)
{
    uintptr_t address = (uintptr_t)element->name.local.ptr;
    return &lexicon->entries[(address + 7 * (uintptr_t)parent) % LEXICON_ENTRIES];
}

static bool is_about(const struct lexicon_entry *entry, enum element parent,
                     const struct xml_element *element)
{
    return entry->local == element->name.local.ptr && entry->parent == parent &&
           entry->uri == element->name.space.ptr && entry->prefix == element->prefix.ptr;
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
                                         const struct xml_element *element)
{
    struct lexicon_entry *entry = entry_for(lexicon, parent, element);
    if (is_about(entry, parent, element))
        return entry;
    bool is_broken = false;
    enum space space = space_of(element, &is_broken);
    *entry = (struct lexicon_entry){
        .uri = element->name.space.ptr,
        .prefix = element->prefix.ptr,
        .local = element->name.local.ptr,
        .parent = parent,
        .element = grammar_find(parent, space, element->name.local, &is_broken),
        .name = proper_name(lexicon, element, space),
    };
    entry->is_broken = is_broken;
    return entry;
}
