/* whole_file: a file that is there whole or not at all. It is written under a hidden name of its
 * own (.davscope-*.part, left behind by who is killed meanwhile) and renamed. What is there already
 * is never overwritten. Only its owner can read it. */
#pragma once

#include "dissector/base/span.h"

/* Makes folder/name.pcapng, or folder/name-2.pcapng, -3 ... when others have the name. Waits for
 * the disk. Returns an errno value; 0: it is there. */
int whole_file_save(const char *folder, const char *name, struct span content);
