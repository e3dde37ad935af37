/* event_wild: an exchange with a document, every text of which is some bytes. */
#pragma once

#include "tests/support/event_build.h"

/* number chooses statuses, operation and flags. */
void event_wild_send(struct event_sink sink, unsigned number, struct span text);
