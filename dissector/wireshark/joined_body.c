/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A whole coded body through http/content; see joined_body.h. */
#include "dissector/wireshark/joined_body.h"

#include "dissector/http/content.h"

static enum feed take_bytes(void *ctx, struct span bytes, const struct origin *origin)
{
    struct joined_body *body = ctx;
    (void)origin;
    if (buf_append(&body->content, bytes) == BUF_OK)
        return FEED_OK;
    body->cut_reason = "limit";
    return FEED_STOP;
}

static void take_note(void *ctx, const struct anomaly *anomaly)
{
    struct joined_body *body = ctx;
    if (anomaly->kind == ANOMALY_LIMIT)
        body->cut_reason = "limit";
}

void joined_body_init(struct joined_body *body, struct span raw, struct span encoding)
{
    struct content content;
    struct origin origin = {0};
    *body = (struct joined_body){.cut_reason = NULL};
    buf_init(&body->content, JOINED_BODY_MAX_BYTES);
    if (content_init(&content, &limits_default, encoding,
                     (struct content_sink){take_bytes, take_note, body}) != FEED_OK)
        body->cut_reason = "limit";
    content_feed(&content, raw, &origin);
    content_finish(&content, END_COMPLETE, &origin);
    if (content_unknown(&content))
        body->cut_reason = "coding-unknown";
    else if (!body->cut_reason && !content_is_whole(&content))
        body->cut_reason = "coding-damaged";
    content_free(&content);
}

void joined_body_free(struct joined_body *body)
{
    buf_free(&body->content);
}
