/* content: a message body as sent in, the content without its codings out. RFC 9110 §8.4.
 *
 * The codings of Content-Encoding are undone last first. A body labelled wrongly or not at all is
 * recognised by its first bytes and noted. A coding that is not built in or not known ends the
 * content: content_unknown names it. Blow-up is stopped by limits.max_decoded_bytes and
 * max_blowup_ratio, stacks by max_codings. Damage ends the content after what could be decoded;
 * content_is_whole is then false. Memory is constant: a window for each coding. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/base/limit.h"
#include "dissector/base/sink.h"
#include "dissector/http/coding.h"

struct content_sink {
    /* Decoded bytes. FEED_STOP: no more are needed. */
    enum feed (*bytes)(void *ctx, struct span bytes, const struct origin *origin);
    void (*note)(void *ctx, const struct anomaly *anomaly);
    void *ctx;
};

struct content_layer; /* private: one coding at work */

struct content {
    /* fields are private */
    const struct limits *limits;
    struct content_sink sink;
    struct buf labels;            /* Content-Encoding */
    struct span labels_left;      /* of labels, what no layer has taken yet */
    struct content_layer *layers; /* outermost (undone first) first */
    size_t n_codings;
    uint64_t coded_bytes, decoded_bytes;
    char unknown[32];
    bool is_damaged; /* something is wrong with the content, or not decoded */
    bool has_gap, has_ended;
    enum feed result;
};

/* encoding: the Content-Encoding value, empty when there was none. FEED_NOMEM or FEED_OK. The
 * content must not be moved until content_free. */
enum feed content_init(struct content *content, const struct limits *limits, struct span encoding,
                       struct content_sink sink);

/* FEED_STOP: the rest is not needed, or cannot be decoded. */
enum feed content_feed(struct content *content, struct span bytes, const struct origin *origin);

/* Bytes are missing here. FEED_OK: the content has no coding, and what follows can be fed;
 * FEED_STOP: coded bytes behind a hole cannot be decoded. What waited has been passed on. */
enum feed content_gap(struct content *content, const struct origin *origin);

/* The body is over. Passes on what waited. Codings that stop too early are noted as damage only
 * when why is END_COMPLETE and there was no gap: otherwise it is known what is missing. */
enum feed content_finish(struct content *content, enum end why, const struct origin *origin);

/* Name of the coding that could not be undone, or NULL. */
const char *content_unknown(const struct content *content);

/* After content_finish: every coding reached its own end, or was not let come there by a sink that
 * wanted no more. Without any this says nothing about the body's framing. */
bool content_is_whole(const struct content *content);

size_t content_buffered_bytes(const struct content *content);

/* Idempotent; a zeroed content can be freed. */
void content_free(struct content *content);

/* Codings built into this program, for --version: name i, or NULL behind the last. */
const char *content_coding_name(size_t i);
