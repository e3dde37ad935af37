/* explain: the built-in manual: conditions, statuses and diagnoses by name (--explain). */
#pragma once

#include "output/error.h"
#include "output/writer.h"

/* Writes what is known of a condition ("lock-token-submitted", also in Clark notation), of an HTTP
 * status inside a Multi-Status ("424") or of a diagnosis ("D36", "locked"). False: there is nothing
 * of that name, and error says so, with names that are near. */
bool explain(struct writer *writer, const char *name, struct error *error);
