/* content_rig: a content under test with all it said, and bodies coded for it. Only for the tests
 * of http/content: failures end the running cmocka test. Include after <cmocka.h>. */
#pragma once

#include "dissector/http/content.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#define ZLIB_CONST
#include <zlib.h>

#define RIG_DOCUMENT                                                                               \
    "<?xml version=\"1.0\"?><d:multistatus xmlns:d=\"DAV:\"><d:response><d:href>/a/\xC3\xBC"       \
    "</d:href><d:status>HTTP/1.1 423 Locked</d:status></d:response><d:response><d:href>/a/b"       \
    "</d:href><d:status>HTTP/1.1 424 Failed Dependency</d:status></d:response></d:multistatus>\n"

enum { RIG_MAX_BYTES = 64 * 1024, RIG_MAX_OUT_BYTES = 1024 * 1024 };

struct rig {
    struct content content;
    struct buf out;
    size_t n_notes[ANOMALY_N], n_all_notes;
    struct anomaly last;
    size_t stop_after_bytes; /* the sink answers FEED_STOP from here on; 0 = never */
};

struct rig_body {
    uint8_t bytes[RIG_MAX_BYTES];
    size_t len;
};

static const struct origin rig_origin = {.ordinal = 7, .frame = 7, .time_ns = 1};

static inline enum feed rig_take(void *ctx, struct span bytes, const struct origin *origin)
{
    struct rig *rig = ctx;
    assert_int_equal(origin->frame, rig_origin.frame);
    assert_true(bytes.len > 0);
    assert_int_equal(buf_append(&rig->out, bytes), BUF_OK);
    return rig->stop_after_bytes && rig->out.len >= rig->stop_after_bytes ? FEED_STOP : FEED_OK;
}

static inline void rig_note(void *ctx, const struct anomaly *anomaly)
{
    struct rig *rig = ctx;
    rig->n_notes[anomaly->kind]++;
    rig->n_all_notes++;
    rig->last = *anomaly;
}

static inline void rig_open(struct rig *rig, const struct limits *limits, const char *encoding)
{
    *rig = (struct rig){0};
    buf_init(&rig->out, RIG_MAX_OUT_BYTES);
    struct content_sink sink = {rig_take, rig_note, rig};
    assert_int_equal(content_init(&rig->content, limits, span_str(encoding), sink), FEED_OK);
}

static inline enum feed rig_feed(struct rig *rig, struct span bytes)
{
    return content_feed(&rig->content, bytes, &rig_origin);
}

static inline void rig_finish(struct rig *rig, enum end why)
{
    content_finish(&rig->content, why, &rig_origin);
}

static inline void rig_close(struct rig *rig)
{
    content_free(&rig->content);
    buf_free(&rig->out);
}

/* A whole body, framed whole. */
static inline void rig_play(struct rig *rig, const char *encoding, struct span body)
{
    rig_open(rig, &limits_default, encoding);
    rig_feed(rig, body);
    rig_finish(rig, END_COMPLETE);
}

static inline void rig_expect_out(const struct rig *rig, struct span expected)
{
    assert_int_equal(rig->out.len, expected.len);
    assert_true(span_equal(buf_span(&rig->out), expected));
    assert_int_equal(content_decoded_bytes(&rig->content), expected.len);
}

static inline void rig_expect_out_begins(const struct rig *rig, struct span expected)
{
    assert_true(span_starts(expected, buf_span(&rig->out)));
}

/* Exactly one note. */
static inline void rig_expect_note(const struct rig *rig, enum anomaly_kind kind, const char *text)
{
    assert_int_equal(rig->n_all_notes, 1);
    assert_int_equal(rig->n_notes[kind], 1);
    assert_string_equal(rig->last.text, text);
    assert_int_equal(rig->last.origin.frame, rig_origin.frame);
}

static inline struct span rig_span(const struct rig_body *body)
{
    return span_of(body->bytes, body->len);
}

static inline void rig_append(struct rig_body *body, struct span more)
{
    assert_true(more.len <= RIG_MAX_BYTES - body->len);
    memcpy(body->bytes + body->len, more.ptr, more.len);
    body->len += more.len;
}

/* Appends plain deflated in a wrapper: windowBits 31 gzip, 15 zlib, -15 none. */
static inline void rig_deflate(struct rig_body *body, int window_bits, struct span plain,
                               gz_header *header)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    if (header)
        assert_int_equal(deflateSetHeader(&z, header), Z_OK);
    z.next_in = plain.ptr;
    z.avail_in = (uInt)plain.len;
    z.next_out = body->bytes + body->len;
    z.avail_out = (uInt)(RIG_MAX_BYTES - body->len);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    body->len += z.total_out;
    deflateEnd(&z);
}

enum rig_wrap { RIG_GZIP = 31, RIG_ZLIB = 15, RIG_RAW = -15 };

static inline struct rig_body rig_coded(enum rig_wrap wrap, struct span plain)
{
    struct rig_body body = {.len = 0};
    rig_deflate(&body, (int)wrap, plain, NULL);
    return body;
}
