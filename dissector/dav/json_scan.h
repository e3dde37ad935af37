/* json_scan: where the values of a JSON text (RFC 8259) end, without asking what they say. Cutting
 * first means that the parser is handed whole texts only, of a depth and size that were checked,
 * that lines of JSON are read one by one, and that of a text that breaks off what stands before the
 * break can be read.
 *
 * Keeps no bytes. One pass, constant memory. */
#pragma once

#include "dissector/base/limit.h"
#include "dissector/base/span.h"

enum json_scan_state {
    JSON_SCAN_PLAIN, /* between the others */
    JSON_SCAN_WORD,  /* a number, true, false, null */
    JSON_SCAN_STRING,
    JSON_SCAN_ESCAPE, /* behind a backslash in a string */
    JSON_SCAN_DAMAGED,
    JSON_SCAN_LIMITED,
};

enum { JSON_SCAN_MAX_DEPTH = 256 };

struct json_scan {
    const struct limits *limits;
    enum json_scan_state state;
    uint8_t closers[JSON_SCAN_MAX_DEPTH]; /* of what is open, outermost first */
    size_t depth, n_lists;                /* open ones; lists among them */
    uint64_t n_bytes;                     /* so far */
    size_t tree_bytes;                    /* what its parsed form takes, at most */
    uint64_t whole_bytes;                 /* up to the last element of the list that is whole, */
    size_t whole_depth;                   /* open there; 0: there is none */
    uint8_t whole_closers[JSON_SCAN_MAX_DEPTH];
    bool is_left;      /* what was open there has been closed since */
    size_t list_depth; /* of the first list; 0: none so far */
    bool is_list_over;
    uint64_t n_outer_lists;      /* that stand in no other list */
    uint64_t n_elements, n_maps; /* of it; maps among them */
    const char *met;             /* JSON_SCAN_LIMITED: the limit's name. Static */
};

/* For a new text; also between two. */
void json_scan_init(struct json_scan *scan, const struct limits *limits);

/* Reads on in bytes and returns how many of them belong to the current text; *is_whole: it ends
 * with them. After JSON_SCAN_DAMAGED and JSON_SCAN_LIMITED nothing more is read. */
size_t json_scan_next(struct json_scan *scan, struct span bytes, bool *is_whole);
