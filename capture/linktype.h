/* linktype: numbers of link-layer headers. Files should hold LINKTYPE_ values, libpcap gives DLT_
 * values, and the two differ for a few, which some writers mix up. */
#pragma once

#include <stdint.h>

/* The LINKTYPE_ value of a DLT_ value, or of either as found in a file. */
uint32_t linktype_of(uint32_t dlt);

/* The DLT_ value libpcap knows a LINKTYPE_ value by. */
int dlt_of(uint32_t linktype);
