/* namespace: the XML namespaces a Multi-Status is made of, and what the wild puts in their place
 * (DOMAIN.md 1.6). */
#pragma once

#include "dissector/dav/xml.h"

enum space {
    SPACE_OTHER,
    SPACE_NONE, /* no namespace at all */
    SPACE_DAV,
    SPACE_CALDAV,
    SPACE_CARDDAV,
    SPACE_CALENDARSERVER,
    SPACE_ME,
    SPACE_OWNCLOUD,
    SPACE_NEXTCLOUD,
    SPACE_SABRE,
    SPACE_APACHE,
    SPACE_N
};

/* The URI; empty for SPACE_OTHER and SPACE_NONE. */
struct span space_uri(enum space space);

/* *is_broken (never cleared): the name is not in that namespace as it is written; a variant stood
 * for DAV:, or a usual prefix was not declared. */
enum space space_of(const struct xml_element *element, bool *is_broken);
