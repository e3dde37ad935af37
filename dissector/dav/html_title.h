/* html_title: the title of a page that stands where a Multi-Status should (DOMAIN.md 4.1, D03): a
 * login form, an error of a proxy. Bytes in; ROOT_NONE out, and the title as the description, its
 * white space made single spaces. Only the first max_sniff_bytes are looked at; the title's markup
 * and references are left as they are. */
#pragma once

#include "dissector/dav/body.h"

extern const struct body_reader html_title_reader;
