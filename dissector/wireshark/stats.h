/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stats: Statistics > WebDAV Multi-Status, and tshark -z multistatus,tree. */
#pragma once

#include "dissector/wireshark/pairing.h"

void stats_register(void);

/* Counts a frame's document, if somebody asked for statistics. */
void stats_take(packet_info *pinfo, const struct answer *answer);
