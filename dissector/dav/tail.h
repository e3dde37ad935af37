/* tail: bytes from somewhere in a stream in; whether a response of a Multi-Status begins in them
 * out. What was sent before them, and whether they are a body at all, is not known, so only a start
 * tag of a response with an href and the beginning of what has to follow it is believed. One owner
 * thread. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/base/sink.h"
#include "dissector/dav/xml_search.h"

struct tail {
    struct buf kept; /* what may begin a response; once found, from its first byte on */
    struct xml_search search;
};

/* Zeroed, it can be freed and fed nothing. */
void tail_init(struct tail *tail);

/* The bytes that follow those of the last call. FEED_STOP: found. FEED_NOMEM. */
enum feed tail_feed(struct tail *tail, struct span bytes);

/* What comes next does not follow what came. */
void tail_reset(struct tail *tail);

void tail_free(struct tail *tail);
