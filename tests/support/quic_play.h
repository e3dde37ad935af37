/* quic_play: datagrams as a file has them into a quic, and what it tells kept.
 *
 * A file is steps: a head, a length in two bytes, and a datagram. Head: bit 0 set: from the server;
 * bits 1 to 3: which client; bits 4 to 7: minutes since the step before. */
#pragma once

#include "dissector/quic.h"

enum { QUIC_PLAY_TOLD = 16, QUIC_PLAY_SERVER_PORT = 443, QUIC_PLAY_CLIENT_PORT = 50000 };

struct quic_play {
    struct quic quic;
    struct origin origin;
    /* the last of what was told may be read, the rest is private */
    size_t n_told; /* only the first QUIC_PLAY_TOLD are kept */
    struct quic_told {
        char server_name[256];
        uint64_t number;
        struct endpoint client, server;
    } told[QUIC_PLAY_TOLD];
    struct dissector_stats stats;
    struct decode_shared shared;
};

/* play must not be moved. limits must outlive it. */
void quic_play_open(struct quic_play *play, const struct limits *limits);

/* One datagram, from client number `client` or to it. What quic_feed says. */
enum feed quic_play_datagram(struct quic_play *play, bool is_from_server, unsigned client,
                             struct span payload);

/* Steps until they are over or quic_feed has no memory, which it says then. */
enum feed quic_play_steps(struct quic_play *play, struct span steps);

/* The capture ends; frees it. What was told stays. */
void quic_play_end(struct quic_play *play);
