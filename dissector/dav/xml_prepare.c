/* The one call that touches the state of libxml2 in the process; see xml_prepare.h. */
#include "dissector/dav/xml_prepare.h"

#include <libxml/parser.h>

void xml_prepare(void)
{
    xmlInitParser();
}
