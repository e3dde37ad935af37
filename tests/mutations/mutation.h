/* mutation: a way in which the same conversation can also be captured. Each is a row of one table,
 * in the file of its kind. */
#pragma once

#include "tests/mutations/play.h"

struct mutation {
    const char *name;
    void (*apply)(const struct trace *in, struct trace *out);
    /* Instead: for each datagram, what carries it; see carriers.c. */
    uint32_t (*carrier)(uint16_t ethertype);
    /* Or: one of many, another one for each seed. */
    void (*draw)(const struct trace *in, uint64_t seed, struct trace *out);
    unsigned mask;      /* what the texts may not be compared by, */
    const char *reason; /* and why; NULL: all must be the same */
};

/* One table a file, each ended by a row without a name. */
extern const struct mutation order_mutations[], segment_mutations[], carrier_mutations[],
    file_mutations[];

/* The mutation of a trace, where it is drawn by seed. Where it loses the secrets, as in formats
 * that have no place for them, they are those of in. */
void mutation_apply(const struct mutation *mutation, uint64_t seed, const struct trace *in,
                    struct trace *out);

/* Writes a trace as pcapng, for a look with other tools. */
void mutation_write(const struct trace *trace, const char *path);
