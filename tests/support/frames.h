/* frames: a capture in memory, to be played many times with changes. Ends the program when it
 * cannot be read. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/net/segment.h"

struct frame {
    struct span bytes; /* the last frame that is played may be shorter */
    uint32_t linktype, wire_len;
    int64_t time_ns;
    bool has_segment;       /* else it is no TCP, or a part of a fragmented datagram */
    struct segment segment; /* of which payload is not valid any more, but its length is */
    uint8_t first;          /* byte of the payload; 0: none */
};

struct frames {
    struct frame *all;
    size_t n;
    struct buf secrets; /* of TLS, of the whole capture */
};

void frames_load(struct frames *frames, const char *path);
void frames_free(struct frames *frames);
