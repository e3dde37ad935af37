/* Datagrams of some QUIC clients and their server, as tests/support/quic_play.h reads them:
 * whatever they hold, a connection is told once, and what is kept of it stays inside the limits. */
#include "tests/support/quic_play.h"

#include <stdlib.h>

static void expect(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct limits limits = limits_default;
    limits.max_quic_connections = 4;
    limits.max_quic_hello_bytes = 512;
    struct quic_play play;
    quic_play_open(&play, &limits);
    expect(quic_play_steps(&play, span_of(data, size)) == FEED_OK);
    expect(quic_buffered_bytes(&play.quic) <= 4 * 2 * 512 + 8192);
    uint64_t n_datagrams = play.origin.ordinal;
    quic_play_end(&play);
    expect(play.n_told <= n_datagrams && play.n_told == play.stats.n_quic_connections);
    return 0;
}
