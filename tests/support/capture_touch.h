/* capture_touch: reads a capture to its end as a careful user would, for fuzz targets. */
#pragma once

#include "dissector/base/span.h"

/* Reads every byte that the capture with this content gives, and ends the program when it breaks a
 * promise of capture.h: order and number of frames, lengths, printable errors, one ending. */
void capture_touch(struct span content);
