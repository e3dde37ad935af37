/* conv_http2: HTTP/2 frames from readable words, for conversations. tests/conv/README.md has them.
 */
#pragma once

#include "dissector/base/sink.h"
#include "tests/support/hpack_write.h"

struct conv_http2 {
    struct hpack_write table[2]; /* by enum dir: what its header blocks made of the peer's table */
};

void conv_http2_init(struct conv_http2 *http2);

/* Whether frames of this kind, the first of words, have content in lines below. */
bool conv_http2_has_lines(struct span words);

struct conv_http2_text {
    enum dir dir;
    struct span words; /* say which frames */
    struct span lines; /* their content, LF behind each line */
};

/* Appends the frames that dir sends. False with what was not understood in *bad. */
bool conv_http2_frames(struct conv_http2 *http2, const struct conv_http2_text *text,
                       struct buf *out, struct span *bad);

void conv_http2_free(struct conv_http2 *http2);
