/* rule: the catalogue of diagnoses, DOMAIN.md 5: what is looked for in the traffic, whose problem
 * it is, and what to do about it. A constant table in rule.c; the texts are also --explain and the
 * documentation. */
#pragma once

#include <stddef.h>

/* Whose problem it most likely is. */
enum owner {
    OWNER_NONE, /* of no rule: not said */
    OWNER_CLIENT,
    OWNER_SERVER,
    OWNER_PROXY,
    OWNER_NETWORK,
    OWNER_CAPTURE, /* the machine that captures, or how it does */
    OWNER_USER,
    OWNER_N
};
const char *owner_name(enum owner owner);

enum severity {
    SEVERITY_NONE,     /* of no rule: not said */
    SEVERITY_INFO = 1, /* normal now and then; nothing has to be done */
    SEVERITY_WARNING,  /* may bother users */
    SEVERITY_ERROR,    /* something does not work */
    SEVERITY_CRITICAL, /* data may be lost */
};
const char *severity_name(enum severity severity);

struct rule {
    const char *id;         /* "D36" */
    const char *name;       /* "locked" */
    enum severity severity; /* at its worst; an occurrence may be milder */
    enum owner owner;
    const char *title;       /* a line for the list of findings */
    const char *description; /* what was seen, and what follows from it */
    const char *advice;
    const char *reference;
};

enum { RULES_MAX = 64 };

/* Row i, NULL behind the last; D01 is row 0. */
const struct rule *rule_at(size_t i);

/* The i of a row. */
size_t rule_index(const struct rule *rule);

/* By id or name, ASCII case ignored; NULL: there is none. */
const struct rule *rule_find(const char *id_or_name);
