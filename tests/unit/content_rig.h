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

/* The document as the brotli and zstd programs code it. */
static inline struct span rig_brotli(void)
{
    static const uint8_t bytes[] = {
        0x1B, 0xFB, 0x00, 0x00, 0xAC, 0x06, 0xEC, 0x86, 0x3C, 0x27, 0x57, 0x80, 0x20, 0xF5,
        0x44, 0xFC, 0xDA, 0xA7, 0x6E, 0x5E, 0xA1, 0x79, 0xA7, 0xEA, 0xEA, 0x17, 0x1E, 0x1D,
        0x85, 0x7A, 0xB2, 0x1A, 0x88, 0x76, 0x93, 0x22, 0xBC, 0x04, 0xB9, 0x6B, 0x2A, 0x86,
        0x28, 0xC9, 0x5E, 0xDC, 0x5A, 0x44, 0xC6, 0x0A, 0x4E, 0x81, 0xB8, 0xE8, 0xE6, 0x5A,
        0x37, 0x94, 0x38, 0x54, 0x44, 0x34, 0x34, 0xBB, 0xE1, 0xA1, 0x1D, 0x0E, 0x87, 0xE7,
        0x87, 0x87, 0xD8, 0x6F, 0x9B, 0xA3, 0xA0, 0x20, 0x5D, 0x38, 0xFD, 0x97, 0x5D, 0xB6,
        0xC4, 0xF2, 0x52, 0x51, 0xEB, 0x70, 0xE4, 0xED, 0x65, 0xD0, 0xFE, 0x89, 0x54, 0x83,
        0xA0, 0xD1, 0xD1, 0x7C, 0xA0, 0x63, 0xB6, 0x0B, 0xA4, 0xBF, 0x48, 0xE5, 0xE6, 0x8E,
        0xCD, 0x9F, 0x88, 0x2A, 0xC7, 0x97, 0x9B, 0x0C, 0xBD, 0xE5, 0xEE, 0xEC, 0xFA, 0xA2,
        0x38, 0xF4, 0x96, 0xF4, 0x67, 0x39, 0x1F, 0xDE, 0x1B, 0x24, 0x2B, 0x4D, 0x00, 0x3E};
    return span_of(bytes, sizeof bytes);
}

static inline struct span rig_zstd(void)
{
    static const uint8_t bytes[] = {
        0x28, 0xB5, 0x2F, 0xFD, 0x24, 0xFC, 0xB5, 0x04, 0x00, 0x42, 0xC7, 0x1B, 0x22, 0x90, 0xB9,
        0x0D, 0xF9, 0xDD, 0xDD, 0x5D, 0x38, 0x8E, 0x91, 0x96, 0xEB, 0x95, 0x8D, 0x66, 0x01, 0x65,
        0x28, 0xA2, 0xB1, 0x5A, 0xF0, 0x03, 0x8F, 0x64, 0x9D, 0x2C, 0xBE, 0xC4, 0x2C, 0xF2, 0x7A,
        0x3B, 0x82, 0x00, 0xC7, 0x8F, 0x67, 0x7A, 0x4F, 0x87, 0xBC, 0xD9, 0xF6, 0x08, 0x5F, 0x61,
        0x15, 0x45, 0x7B, 0xE3, 0xA1, 0x87, 0x1D, 0x08, 0x94, 0x5D, 0xC9, 0x62, 0x84, 0xE3, 0x18,
        0x1C, 0xEB, 0xC6, 0x0D, 0x12, 0xE1, 0xC7, 0x6E, 0xE1, 0x95, 0xE1, 0x3F, 0x29, 0xF4, 0x5E,
        0x15, 0x4B, 0x10, 0x1A, 0xB5, 0x34, 0xFB, 0x19, 0xE5, 0xB4, 0x2F, 0x45, 0x2F, 0x7A, 0x18,
        0x45, 0x49, 0xB2, 0x6E, 0x8E, 0x51, 0x81, 0x64, 0xA9, 0x65, 0x52, 0xF8, 0xD5, 0x1D, 0x1B,
        0xE5, 0xC4, 0xB4, 0x0E, 0x00, 0x5A, 0x3B, 0x84, 0x0C, 0x0F, 0x82, 0x15, 0xB2, 0x10, 0xA2,
        0x85, 0x17, 0x5E, 0x1C, 0x38, 0x81, 0xC1, 0xC5, 0x42, 0x50, 0x09, 0x24, 0x65, 0x99, 0x57,
        0x63, 0xC4, 0xCC, 0xF4, 0x62, 0x5C, 0x82, 0xA5, 0xA0, 0x1A, 0x3D, 0xB1, 0xFE};
    return span_of(bytes, sizeof bytes);
}
