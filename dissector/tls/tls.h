/* tls: the two ciphertext streams of a TLS connection in, its two plain streams out, as far as
 * secrets are known. RFC 8446 (1.3), RFC 5246 (1.2), RFC 4346 (1.1), RFC 2246 (1.0).
 *
 * in:  tls_stream(t, side) is the sink for what side sent (base/sink.h), from its beginning. Which
 *      side is the client, the hellos say.
 * out: tls_params.plain, one sink a side, which gets what stream_sink promises.
 *
 * Reads: all suites in suite.c; handshakes split and joined in any way, HelloRetryRequest,
 * resumption, renegotiation, encrypt-then-MAC, early data (held until the server accepts it, at
 * most limits.max_tls_wait_bytes), KeyUpdate, padding. close_notify ends a plain stream as a FIN
 * does.
 *
 * Losses cost the records they touch: a later record is found again by its header, and its number
 * by trying (opener.h). The plain sink gets a gap of as many bytes as are missing, or of SINK_ALL
 * when that cannot be told. A record that does not authenticate is ANOMALY_TLS_RECORD and missing.
 *
 * Where the ClientHello is missing, the secrets that are known are tried. Where the connection was
 * joined midway (tls_join) or the ServerHello of TLS 1.2 is missing, it stays closed.
 *
 * Without secrets a direction answers FEED_STOP as soon as it needs them; or, when the secrets say
 * that more may come, its records wait, at most limits.max_tls_wait_bytes and tls_wait_ns of
 * capture time. What waited is passed on by tls_retry with its own origins, later than it came. One
 * owner thread. */
#pragma once

#include "dissector/tls/key_exchange.h"
#include "dissector/tls/opener.h"
#include "dissector/tls/waiting.h"

struct tls_params {
    const struct limits *limits;
    struct secrets *secrets;
    struct stream_sink plain[2]; /* of side 0 and 1 */
    /* Said once, before the first plain bytes: version, client and name are known as far as they
     * will be. */
    void (*opened)(void *ctx);
    void *ctx;
};

struct tls_half {
    /* fields are private */
    struct tls *tls;
    struct records records;
    struct handshake handshake;
    struct opener opener;
    bool has_padding; /* lengths of lost records tell nothing of their content */
    bool has_data;
    size_t ticket_bytes; /* content of the last record that began with a ticket, TLS 1.3 */
    bool lacks_answer;   /* bytes are missing that came behind data of the peer */
    bool is_gap_told;    /* the plain sink knows that bytes are missing before the next record */
    bool is_finished;    /* the plain stream */
    bool is_blind;       /* its secrets are not known */
    bool is_guess_due;   /* protected from here on, by keys that are still to be found */
    enum feed settled;
};

/* Early data of a client, before the server said whether it takes it. */
enum tls_early { TLS_EARLY_UNSURE, TLS_EARLY_ACCEPTED, TLS_EARLY_REFUSED };

enum { TLS_NAME_BYTES = 256 };

struct tls {
    /* fields are private */
    struct tls_params params;
    struct keys_facts facts;
    struct key_exchange key_exchange;
    struct tls_half half[2]; /* by side */
    int client;              /* side; -1: not known */
    bool is_decrypted;       /* a record was opened */
    bool is_open;            /* plain bytes were passed on */
    size_t guesses_left;
    bool offers_h2;
    char server_name[TLS_NAME_BYTES];
    enum tls_early early;
    struct buf early_data;
    struct origin early_origin;
    bool offers_early, is_early_torn, is_early_cut; /* behind early_data more is missing */
    struct waiting waiting;
    bool is_front_known; /* what is missing before the item at its front is accounted for */
};

/* tls must not be moved. */
void tls_init(struct tls *tls, const struct tls_params *params);

/* The connection was joined midway: it is one of TLS, and nothing of it can be opened. */
void tls_join(struct tls *tls);

/* The sink for what side sent; valid until tls_free. */
struct stream_sink tls_stream(struct tls *tls, int side);

/* Secrets have come: goes on with what waits. FEED_NOMEM: give it up. */
enum feed tls_retry(struct tls *tls);

/* Whether something waits for secrets. When it has waited too long at time_ns it is given up. */
bool tls_is_waiting(struct tls *tls, int64_t time_ns);

/* Whether anything was decrypted. */
bool tls_is_open(const struct tls *tls);

/* "1.0" to "1.3"; NULL when it is not known. */
const char *tls_version(const struct tls *tls);

/* The name the client asked for as captured, NUL-terminated, cut at TLS_NAME_BYTES; or "". */
const char *tls_server_name(const struct tls *tls);

/* The side of the client, -1 when no hello was seen. */
int tls_client(const struct tls *tls);

/* Whether the client offers HTTP/2 (ALPN); what is spoken, the plain bytes say. */
bool tls_offers_h2(const struct tls *tls);

/* Memory beside the struct itself. */
size_t tls_buffered_bytes(const struct tls *tls);

void tls_free(struct tls *tls);
