/* xml_error: what libxml2 found wrong, in words for people: "unescaped '&' in href". */
#pragma once

#include "dissector/base/anomaly.h"
#include "dissector/base/span.h"

/* code: an xmlParserErrors value; message: for codes without words of ours; inside:
 * local name of the innermost open element, may be empty. */
void xml_error_describe(char text[ANOMALY_TEXT_BYTES], int code, struct span message,
                        struct span inside);
