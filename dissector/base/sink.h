/* sink: the shape of everything that takes the bytes of one stream: bytes, skipped bytes, gaps, an
 * end. TCP emits into it, TLS takes and emits it, HTTP takes it.
 *
 * Rules for every sink and every caller of one:
 * - Calls come in stream order. Spans are borrowed and valid until the call returns.
 * - Callbacks run inside the feeder's feed; they must not free or feed the feeder.
 * - A sink takes every byte. What it cannot use yet it keeps, within its limits.
 * - After anything but FEED_OK the sink is settled: later calls return the same and do nothing. */
#pragma once

#include "dissector/base/anomaly.h"
#include "dissector/base/span.h"

enum feed {
    FEED_OK,    /* go on */
    FEED_STOP,  /* nothing more of this stream is needed, ever; not an error */
    FEED_NOMEM, /* no memory; the owner gives the whole object up */
};

/* Why a stream, a message or a document ended. Only END_COMPLETE says that nothing is missing. */
enum end {
    END_COMPLETE, /* its own framing said so */
    END_FIN,      /* the sender closed its direction */
    END_RESET,    /* RST from either side */
    END_IDLE,     /* nothing came for longer than a limit */
    END_CAPTURE,  /* the capture ended */
    END_GAP,      /* bytes are missing and what follows cannot be joined */
    END_DAMAGED,  /* its framing is broken and cannot be followed further */
    END_EVICTED,  /* given up to stay inside a limit of ours */
    END_REPLACED, /* a new connection took the same addresses and ports */
    END_N
};

/* Lower-case name with hyphens for people and tests. Never NULL. */
const char *end_name(enum end why);

/* The two directions of a connection; index of every half[2]. */
enum dir {
    DIR_CLIENT, /* sent by the client: requests */
    DIR_SERVER, /* sent by the server: responses */
};

static inline enum dir dir_other(enum dir d)
{
    return d == DIR_CLIENT ? DIR_SERVER : DIR_CLIENT;
}

/* need_none may answer this: none of the bytes still to come, however many. As the size of a gap it
 * means that the size is not known. */
#define SINK_ALL UINT64_MAX

struct stream_ops {
    /* The next bytes of the stream. */
    enum feed (*feed)(void *ctx, struct span bytes, const struct origin *origin);
    /* n bytes the sink had said it does not need have gone by, seen or lost. */
    enum feed (*skip)(void *ctx, uint64_t n_bytes, const struct origin *origin);
    /* n bytes will never come; SINK_ALL: some, and nobody knows how many. is_cut: the frame was
     * there and its tail cut by the snap length. */
    enum feed (*gap)(void *ctx, uint64_t n_bytes, bool is_cut, const struct origin *origin);
    /* How many of the next bytes the sink does not need (0: needs the next one). Asked after each
     * call above; the answer stands until that many bytes were skipped. */
    uint64_t (*need_none)(void *ctx);
    /* Something odd that is no matter of missing bytes; where it stands among the bytes is near. */
    void (*note)(void *ctx, const struct anomaly *anomaly);
    /* The stream is over; the last call. */
    enum feed (*finish)(void *ctx, enum end why, const struct origin *origin);
};

struct stream_sink {
    const struct stream_ops *ops;
    void *ctx;
};

/* The calls above, for whoever hands a stream on. */
enum feed stream_feed(struct stream_sink sink, struct span bytes, const struct origin *origin);
enum feed stream_skip(struct stream_sink sink, uint64_t n_bytes, const struct origin *origin);
enum feed stream_gap(struct stream_sink sink, uint64_t n_bytes, bool is_cut,
                     const struct origin *origin);
uint64_t stream_need_none(struct stream_sink sink);
void stream_note(struct stream_sink sink, const struct anomaly *anomaly);
enum feed stream_finish(struct stream_sink sink, enum end why, const struct origin *origin);
