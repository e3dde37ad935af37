/* options_check: what options mean together, once all of them are read. */
#pragma once

#include "app/options.h"

/* Fills in what follows from the others: the outputs, when none is named. False: error says in one
 * line which options do not go together, or what is missing. */
bool options_check(struct options *options, struct error *error);

/* Whether some output is to hold packets. */
bool options_have_packets(const struct options *options);
