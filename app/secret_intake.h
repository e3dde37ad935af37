/* secret_intake: all that opens TLS, on its way to the engine: the key log (-K), private keys
 * (--tls-private-key), and the secrets inside pcapng. Nothing of them is ever shown.
 *
 * Secrets may stand in a capture behind the packets they open. When a connection lacks some, the
 * regular files among the captures are read ahead once for the secrets in them; before the first
 * frame when the engine has lanes, which would say so too late. Those of a pipe, and a key log that
 * grows beside it, are waited for within limits.max_tls_wait_bytes and tls_wait_ns. */
#pragma once

#include "app/keylog_file.h"
#include "app/options.h"
#include "app/private_key_file.h"
#include "capture/capture.h"

/* Who gets the secrets of captures besides the engine: each block once, as soon as it is found. */
struct secret_taker {
    void (*take)(void *ctx, const struct capture_secrets *secrets); /* or NULL; borrowed */
    void *ctx;
};

struct secret_intake_file; /* private: how far the secrets of a capture were read */

struct secret_intake {
    /* fields are private */
    const struct options *options;
    struct secret_taker taker;
    struct secret_intake_file *files; /* one for each capture */
    struct keylog_file keylog;
    struct private_key_file private_keys[OPTIONS_MAX_PRIVATE_KEYS];
    bool has_pipe;   /* among the captures: what it brings cannot be read ahead */
    bool is_done;    /* the captures were read ahead */
    unsigned n_idle; /* calls since the key log was read last */
};

/* Opens and reads the files of the options while that is still allowed. False: error says in one
 * line what is wrong. options must outlive it. A zeroed one may be closed. */
bool secret_intake_open(struct secret_intake *intake, const struct options *options,
                        struct error *error);

void secret_intake_tell(struct secret_intake *intake, struct secret_taker taker);

/* Before the first frame: tells what is known. False: error says what is wrong. */
bool secret_intake_begin(struct secret_intake *intake, struct engine *engine, struct error *error);

/* Secrets that stand in a capture, which the item's origin.source names. FEED_OK or FEED_NOMEM. */
enum feed secret_intake_take(struct secret_intake *intake, const struct capture_item *item,
                             struct engine *engine);

/* After each frame of a file: looks for what a connection lacks. FEED_OK, FEED_NOMEM, or FEED_STOP
 * when the key log cannot be read any more, which error says and which is said once. */
enum feed secret_intake_supply(struct secret_intake *intake, struct engine *engine,
                               struct error *error);

/* Reads on in the key log; is_last: nothing more is added to it. False: it cannot be read any more,
 * which is said once in error. */
bool secret_intake_read_on(struct secret_intake *intake, struct engine *engine, bool is_last,
                           struct error *error);

void secret_intake_close(struct secret_intake *intake);
