/* mutations_test [--seeds FIRST LAST] KIND CAPTURE...
 * mutations_test [--seeds FIRST LAST] --write MUTATION CAPTURE OUT
 *
 * Plays each capture, or conversation (.conv), and each of its mutations of a kind (order,
 * segments, carriers, files): the same must come out. What is drawn is so with each seed, 1 to 20
 * where none are named. --write makes a pcapng of a mutation, that of the first seed.
 */
#include "tests/mutations/mutation.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const struct kind {
    const char *name;
    const struct mutation *mutations;
} kinds[] = {
    {"order", order_mutations},
    {"segments", segment_mutations},
    {"carriers", carrier_mutations},
    {"files", file_mutations},
};

/* What a mutation may change in one capture, and why. */
static const struct exception {
    const char *capture, *mutation, *reason;
} exceptions[] = {
    {"played-wild-shapes", "split-100",
     "of XML that stops being XML the rest is not decoded: how much was depends on the pieces"},
    {"nginx-names", "split-100", "the same"},
};

static uint64_t first_seed = 1, last_seed = 20;

static bool is_exception(const char *path, const struct mutation *mutation)
{
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++)
        if (strcmp(exceptions[i].mutation, mutation->name) == 0 &&
            strstr(path, exceptions[i].capture))
            return true;
    return false;
}

/* Where two texts differ first, and what is around it. */
static void show_difference(const char *expected, const char *got)
{
    enum { BEFORE = 60, BEHIND = 140 };
    size_t at = 0;
    while (expected[at] == got[at] && expected[at])
        at++;
    size_t begin = at > BEFORE ? at - BEFORE : 0;
    printf("    expected: %.*s\n", BEFORE + BEHIND, expected + begin);
    printf("    got:      %.*s\n", BEFORE + BEHIND, got + begin);
}

enum { N_MASKS = (MASK_TIMES | MASK_ORDER) + 1 };

/* A capture and its texts, which are made when they are needed. */
struct original {
    const char *path;
    struct trace trace;
    char *texts[N_MASKS];
};

static bool check_with(struct original *original, const struct mutation *mutation, uint64_t seed)
{
    struct trace mutated = {.n = 0};
    mutation_apply(mutation, seed, &original->trace, &mutated);
    const char *path = original->path;
    if (!original->texts[mutation->mask])
        original->texts[mutation->mask] = play(&original->trace, mutation->mask);
    char *expected = original->texts[mutation->mask], *got = play(&mutated, mutation->mask);
    bool is_same = strcmp(expected, got) == 0;
    bool is_right = is_same != is_exception(path, mutation);
    if (!is_right)
        printf("%s, %s, seed %" PRIu64 ": %s\n", path, mutation->name, seed,
               is_same ? "the same, though it is an exception" : "differs");
    if (!is_right && !is_same)
        show_difference(expected, got);
    free(got);
    trace_free(&mutated);
    return is_right;
}

static unsigned check(struct original *original, const struct mutation *mutation)
{
    uint64_t last = mutation->draw ? last_seed : first_seed;
    unsigned n_wrong = 0;
    for (uint64_t seed = first_seed; seed <= last; seed++)
        n_wrong += !check_with(original, mutation, seed);
    return n_wrong;
}

static void load(struct trace *trace, const char *path)
{
    const char *suffix = strrchr(path, '.');
    if (suffix && strcmp(suffix, ".conv") == 0)
        trace_load_conv(trace, path);
    else
        trace_load(trace, &path, 1);
}

static unsigned check_capture(const char *path, const struct mutation *mutations)
{
    struct original original = {.path = path};
    unsigned n_wrong = 0;
    load(&original.trace, path);
    for (const struct mutation *mutation = mutations; mutation->name; mutation++)
        n_wrong += check(&original, mutation);
    for (size_t i = 0; i < N_MASKS; i++)
        free(original.texts[i]);
    trace_free(&original.trace);
    return n_wrong;
}

static const struct mutation *find(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (const struct mutation *mutation = kinds[i].mutations; mutation->name; mutation++)
            if (strcmp(mutation->name, name) == 0)
                return mutation;
    return NULL;
}

static int write_mutation(const char *name, const char *capture, const char *out)
{
    const struct mutation *mutation = find(name);
    struct trace trace = {.n = 0}, mutated = {.n = 0};
    if (!mutation)
        return 2;
    load(&trace, capture);
    mutation_apply(mutation, first_seed, &trace, &mutated);
    mutation_write(&mutated, out);
    trace_free(&trace);
    trace_free(&mutated);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[1], "--seeds") == 0 &&
        span_decimal(span_str(argv[2]), UINT32_MAX, &first_seed) &&
        span_decimal(span_str(argv[3]), UINT32_MAX, &last_seed)) {
        argc -= 3;
        argv += 3;
    }
    if (argc == 5 && strcmp(argv[1], "--write") == 0)
        return write_mutation(argv[2], argv[3], argv[4]);
    const struct mutation *mutations = NULL;
    unsigned n_wrong = 0;
    for (size_t i = 0; argc > 2 && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, argv[1]) == 0)
            mutations = kinds[i].mutations;
    if (!mutations) {
        fprintf(stderr, "usage: mutations_test [--seeds FIRST LAST] order|segments|carriers|files "
                        "CAPTURE...\n");
        return 2;
    }
    for (int i = 2; i < argc; i++)
        n_wrong += check_capture(argv[i], mutations);
    printf("%d captures, %u differences\n", argc - 2, n_wrong);
    return n_wrong > 0;
}
