/* json_tell: what the readers of the shapes of JSON share: the root, told once, and the resources,
 * made by a draft, their texts cut to the limits. A shape is one file with a json_..._read, and a
 * row in json_multistatus.c. */
#pragma once

#include "dissector/base/buf.h"
#include "dissector/dav/body.h"
#include "dissector/dav/draft.h"
#include "dissector/dav/json_tree.h"

struct json_tell {
    struct body_params params;
    struct draft draft;
    enum body_state state;
    uint64_t text_offset; /* in the body, of the text that is being read */
    bool is_root_told;
    uint64_t n_resources;
    struct buf message, sync_token; /* of the whole */
    bool has_sync_token;
    struct body_rest rest; /* flags, is_one_by_one, is_failures_only are the shape's to set */
    /* private */
    const char *limit_noted;
};

void json_tell_init(struct json_tell *tell, const struct body_params *params);

static inline bool json_tell_is_open(const struct json_tell *tell)
{
    return tell->state == BODY_OPEN;
}

/* at: in the text. */
void json_tell_note(struct json_tell *tell, enum anomaly_kind kind, size_t at, const char *text);
void json_tell_limit(struct json_tell *tell, const char *name);

void json_tell_root(struct json_tell *tell, enum root root);

/* What the whole says for people; the first that says something is kept. */
void json_tell_message(struct json_tell *tell, struct span message);

/* A resource: begin, what there is of it, by the draft too, end. */
void json_tell_begin(struct json_tell *tell);
void json_tell_href(struct json_tell *tell, struct span href);
void json_tell_description(struct json_tell *tell, struct span text);
void json_tell_end(struct json_tell *tell);

/* As much of a text as is kept of one. */
struct span json_tell_fitting(struct json_tell *tell, struct span text);

/* Where things stand at the end; borrowed until json_tell_free. */
struct body_rest json_tell_rest(const struct json_tell *tell);
size_t json_tell_bytes(const struct json_tell *tell);
void json_tell_free(struct json_tell *tell);
