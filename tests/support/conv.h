/* conv: a conversation in plain text, read into steps. tests/conv/README.md has the format.
 *
 * Only for tests: a file that cannot be read, or says what is not understood, ends the program with
 * file, line and reason. */
#pragma once

#include "dissector/base/sink.h"

enum conv_kind {
    CONV_BYTES,      /* dir sends bytes */
    CONV_LOST,       /* dir sends n_lost bytes that the capture has not */
    CONV_CLOSE,      /* FIN from dir */
    CONV_RESET,      /* RST from dir */
    CONV_CONNECTION, /* a new connection begins */
    CONV_WAIT,       /* wait_s seconds pass */
};

struct conv_step {
    enum conv_kind kind;
    enum dir dir;
    struct span bytes; /* owned by the conversation */
    size_t n_lost;
    uint64_t wait_s;
    bool has_same_ports;   /* the new connection takes the addresses and ports of the last one */
    bool is_of_other_host; /* the new connection comes from a client not seen before */
};

struct conv {
    struct conv_step *steps;
    size_t n_steps;
    size_t n_bytes;    /* captured, of all steps */
    bool is_midway;    /* no handshake was captured */
    bool is_unseen[2]; /* nothing that this direction sent was captured */
};

void conv_load(struct conv *conv, const char *path);
void conv_free(struct conv *conv);
