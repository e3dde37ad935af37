/* twins_suit: SYNs with one number that may be one connection, and what is held back of them until
 * that is decided: then all goes on, in the order in which it was captured. Private to twins.c.
 * What returns enum feed answers FEED_OK, or FEED_NOMEM when the sink did. */
#pragma once

#include "dissector/net/twins.h"

enum {
    SUIT_LEGS = 4,  /* translations in a row: a cluster has two, and one in front */
    SUIT_HELD = 16, /* a SYN and its answer on each leg, seen on up to two interfaces */
};

/* Endpoints of a connection: of its client, of its server. */
struct ends {
    struct endpoint side[2];
};

/* A SYN without an answer. */
struct hello {
    struct table_node node; /* first: a node is cast to its hello */
    uint32_t seq;
    struct ends ends;
    struct twin_suit *suit; /* NULL: nobody else opened with this number */
};

struct twin_suit {
    struct hello *hello;
    int64_t time_ns;
    struct leg *legs[SUIT_LEGS]; /* behind that of hello */
    size_t n_legs, n_answered;
    struct leg *last; /* of those with a SYN */
    uint32_t answer_seq;
    struct segment held[SUIT_HELD];
    size_t n_held;
    struct twin_suit *previous, *next;
};

struct leg {
    struct table_node node; /* first */
    uint32_t seq;
    struct ends ends, kept; /* its own, and those of which it is the twin; or none: its own */
    struct twin_suit *suit; /* NULL: it is one */
    bool is_before;         /* it is nearer to side 0 than what is kept */
    bool is_answered;
    uint32_t next[2]; /* what comes next of each side, by its numbers */
    bool has_misfit;  /* the last segment had others */
};

/* Of the endpoints of a segment; the same for both directions. */
uint64_t twins_suit_hash(const struct twins *twins, const struct segment *segment);

/* Whether these may be one connection on two sides of a translation. Ports alone tell nothing: who
 * makes up captures likes one number for all connections. */
bool twins_suit_is_elsewhere(const struct ends *other, const struct ends *ends);

/* The leg that segment goes by, or NULL. */
struct leg *twins_suit_find_leg(const struct twins *twins, const struct segment *segment);

/* Passes a segment on: as it is, or with the addresses that leg is known by. */
enum feed twins_suit_pass(const struct twins *twins, const struct segment *segment);
enum feed twins_suit_pass_as(const struct twins *twins, const struct segment *segment,
                             const struct leg *leg);

/* Tells that leg is a twin. */
enum feed twins_suit_tell(const struct twins *twins, const struct leg *leg,
                          const struct origin *origin);

/* Tells that between the ends of leg, which is a twin, no connection has begun. */
enum feed twins_suit_withdraw(const struct twins *twins, const struct leg *leg,
                              const struct origin *origin);

/* What goes by these ends is no copy of anything: its own twin, so to say. answer: the SYN+ACK. */
void twins_suit_set_apart(struct twins *twins, const struct ends *ends,
                          const struct segment *answer);

/* Makes twins of what has one end of leg and one of what it is the twin of. br_netfilter undoes the
 * translation of the source on the bridge, that of the destination later: what is captured in
 * between goes by such ends. */
enum feed twins_suit_open_halves(struct twins *twins, const struct leg *leg,
                                 const struct origin *origin);

/* The suit of hello, new when it has none. NULL: no memory. */
struct twin_suit *twins_suit_open(struct twins *twins, struct hello *hello, int64_t time_ns);

/* Puts in a copy of leg; or a new one of suit. NULL: there is no memory for it, or no place. */
struct leg *twins_suit_insert_leg(struct twins *twins, const struct leg *leg,
                                  const struct origin *origin);
struct leg *twins_suit_add_leg(struct twins *twins, struct twin_suit *suit, const struct ends *ends,
                               const struct origin *origin);

/* Keeps segment until it is decided; gives the suit up when too much is held. */
enum feed twins_suit_hold(struct twins *twins, struct twin_suit *suit,
                          const struct segment *segment);

/* They are connections of their own: what is held goes on, and suit and legs are dropped. */
enum feed twins_suit_give_up(struct twins *twins, struct twin_suit *suit);

/* They are one, and the last answer is on its way: what is held goes on as one connection. */
enum feed twins_suit_prove(struct twins *twins, struct twin_suit *suit,
                           const struct origin *origin);

void twins_suit_drop_leg(struct twins *twins, struct leg *leg);
void twins_suit_drop_hello(struct twins *twins, struct hello *hello); /* has no suit any more */
