/* pcap_write: frames into a classic capture file (Ethernet, nanoseconds), for tests and for looking
 * at what a test plays. */
#pragma once

#include "dissector/base/span.h"

#include <stdio.h>

void pcap_write_header(FILE *file);
void pcap_write_frame(FILE *file, struct span frame, int64_t time_ns);
