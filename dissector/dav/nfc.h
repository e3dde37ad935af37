/* nfc: Unicode normalisation form C (UAX #15), by utf8proc where it was found. Without it every
 * text stays as it is: composed and decomposed letters are then not the same. */
#pragma once

#include "dissector/base/buf.h"

/* Replaces text by its normal form; text that is no UTF-8 stays as it is. False: no memory. */
bool nfc_compose(struct buf *text);

/* Whether there is a library for it in this build. */
bool nfc_is_built_in(void);
