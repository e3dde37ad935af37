/* json_item: one result in a list of results in JSON: what it is about, and how it went (DOMAIN.md
 * 4.2, 4.3). Every API names its members otherwise; the tables in json_item.c hold the names that
 * occur (json_name.h).
 *
 * What is said with a number goes before what is said with a word, a word before a boolean, that
 * before an error that is merely there. What says nothing is unknown, never ok. */
#pragma once

#include "dissector/dav/json_tree.h"
#include "dissector/dav/resource.h"

/* How a result says how it went; what says more goes before. */
enum json_evidence {
    JSON_EVIDENCE_NONE,
    JSON_EVIDENCE_DATA,  /* it has data, and no error */
    JSON_EVIDENCE_ERROR, /* it has an error, or a place for one that is empty */
    JSON_EVIDENCE_FLAG,  /* a boolean */
    JSON_EVIDENCE_WORD,  /* a word of the table, or one that is not: unknown */
    JSON_EVIDENCE_CODE,  /* a status code */
};

struct json_item {
    struct span id;              /* ptr NULL: none; then its place in the list has to do */
    const struct json_node *ids; /* instead: a list of several; or NULL */
    enum json_evidence evidence;
    uint16_t code;         /* JSON_EVIDENCE_CODE; 0: a number that is no status */
    enum outcome class;    /* anything else */
    bool is_ambiguous;     /* the code stands in a member that often holds other numbers */
    bool is_contradiction; /* a good code, and an error beside it */
    bool is_either;        /* a success or a failure, by the name of its one member */
    bool has_error;        /* whatever else it says */
    struct span word;
    struct span note;   /* what it says for people: when it went well, */
    struct span reason; /* and when not; then anything in it may be the reason */
};

/* Of a text alone it is the id. All spans are borrowed from the tree. */
struct json_item json_item_read(const struct json_node *node);

/* Whether it says how it went in a way that no other data does. */
bool json_item_is_plain(const struct json_item *item);

/* Whether it says that it went well. */
bool json_item_is_good(const struct json_item *item);

/* OUTCOME_N: not in the table. */
enum outcome json_word_class(struct span word);
