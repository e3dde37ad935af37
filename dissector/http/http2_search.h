/* http2_search: the next frame of an HTTP/2 stream of which the place is not known: after a gap
 * over frame headers, or joined midway.
 *
 * A frame is believed to begin where a plausible header (http2_frame.h) stands, and
 * - it is HEADERS, whole, and its block reads as HPACK to its last byte, with names that are ones,
 *   and those of the right direction as far as they tell; or
 * - it is DATA of a message that is known to be open, and either ends it and is whole or has
 * another plausible header right behind; or
 * - it is of another known type with another plausible header right behind.
 * What is found does not depend on how the bytes are cut. Bytes passed over are not kept. Linear in
 * the bytes: how much of them is read as HPACK is bounded, too. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/base/sink.h"

struct http2_half;

struct http2_search {
    struct origin first; /* of what may begin a frame */
    enum dir dir;        /* when found without half */
    /* fields below are private */
    struct buf kept;
    size_t at;   /* in kept: what stands before was rejected */
    size_t need; /* bytes behind at that must be there to judge */
    uint64_t n_searched, n_work;
};

enum http2_found {
    HTTP2_FOUND_NOTHING, /* all bytes were taken */
    HTTP2_FOUND_FRAME,
    HTTP2_FOUND_NOMEM,
};

void http2_search_init(struct http2_search *search);

/* Takes bytes from *bytes until a frame is found, and then no more. half: whose stream it is, or
 * NULL: then only HEADERS are found of which the fields tell the direction, in search->dir. */
enum http2_found http2_search_take(struct http2_search *search, struct span *bytes,
                                   const struct origin *origin, const struct http2_half *half);

/* The frame that was found, from its header on, with what of the bytes behind it was needed to
 * believe it; or what may yet become one. search->first is where it was. */
struct span http2_search_found(const struct http2_search *search);

/* How many bytes, in all, begin no frame that was found. */
uint64_t http2_search_n_passed(const struct http2_search *search);

/* Forgets what it holds: bytes are missing. */
void http2_search_clear(struct http2_search *search);
size_t http2_search_buffered_bytes(const struct http2_search *search);
void http2_search_free(struct http2_search *search);
