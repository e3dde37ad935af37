/* A table of problems, never given back before problems_free; see problems.h. */
#include "output/problems.h"

#include "output/clark.h"

#include <stdlib.h>

static bool is_same(const struct table_node *node, const void *key)
{
    const struct problem *a = (const struct problem *)node, *b = key;
    return a->class == b->class && a->status == b->status && a->operation == b->operation &&
           a->server == b->server && span_equal(a->href, b->href) && span_equal(a->uid, b->uid);
}

static uint64_t hash_of(const struct problems *problems, const struct problem *problem)
{
    uint64_t parts[] = {
        hash_bytes(&problems->hash_key, problem->href),
        hash_bytes(&problems->hash_key, problem->uid),
        (uint64_t)problem->class << 16 | problem->status,
        (uintptr_t)problem->operation,
        (uintptr_t)problem->server,
    };
    return hash_bytes(&problems->hash_key, span_of(parts, sizeof parts));
}

/* Whole names only: from the first that does not fit on they are left out. */
static void take_conditions(struct problem *problem, const struct conditions *conditions)
{
    struct writer writer;
    writer_init_memory(&writer, sizeof problem->conditions - 1);
    size_t len = 0;
    for (size_t i = 0; i < conditions->n; i++) {
        writer_text(&writer, i > 0 ? " " : "");
        clark_write_short(&writer, &conditions->names[i], 1);
        len = writer.error == 0 ? writer_span(&writer).len : len;
    }
    if (len > 0)
        memcpy(problem->conditions, writer_span(&writer).ptr, len);
    (void)writer_close(&writer);
}

static struct span copy_to(uint8_t *out, struct span s)
{
    if (s.len > 0)
        memcpy(out, s.ptr, s.len);
    return span_of(out, s.len);
}

static struct problem *new_problem(struct problems *problems, const struct problem *like,
                                   uint64_t hash)
{
    size_t bytes = sizeof *like + like->href.len + like->uid.len;
    bool is_full = table_n_nodes(&problems->table) == PROBLEMS_MAX ||
                   bytes > PROBLEMS_MAX_BYTES - problems->held_bytes;
    struct problem *problem = is_full ? NULL : malloc(bytes);
    if (!problem)
        return NULL;
    *problem = *like;
    uint8_t *text = (uint8_t *)(problem + 1);
    problem->href = copy_to(text, like->href);
    problem->uid = copy_to(text + like->href.len, like->uid);
    if (!table_insert(&problems->table, &problem->node, hash, 0)) {
        free(problem);
        return NULL;
    }
    problems->held_bytes += bytes;
    return problem;
}

/* Once more, there. */
static void note_place(struct problem *problem, const struct place *place)
{
    if (problem->n == 0 || place->time_ns < problem->first_ns)
        problem->first_ns = place->time_ns;
    if (problem->n == 0 || place->time_ns > problem->last_ns)
        problem->last_ns = place->time_ns;
    problem->n++;
    const struct place *last =
        problem->n_places > 0 ? &problem->places[problem->n_places - 1] : NULL;
    bool is_same_place =
        last && last->source == place->source && last->first_frame == place->first_frame;
    if (!is_same_place && problem->n_places < PROBLEM_MAX_PLACES)
        problem->places[problem->n_places++] = *place;
}

static void add_one(struct problems *problems, const struct problem *wanted,
                    const struct conditions *conditions, const struct place *place)
{
    uint64_t hash = hash_of(problems, wanted);
    struct problem *problem = (struct problem *)table_find(&problems->table, hash, is_same, wanted);
    if (!problem) {
        problem = new_problem(problems, wanted, hash);
        if (!problem) {
            problems->n_more++;
            return;
        }
        take_conditions(problem, conditions);
    }
    note_place(problem, place);
}

static int compare_spans(struct span a, struct span b)
{
    int by_bytes = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);
    if (by_bytes != 0 || a.len == b.len)
        return by_bytes;
    return a.len < b.len ? -1 : 1;
}

static int compare(const void *left, const void *right)
{
    const struct problem *a = *(const struct problem *const *)left;
    const struct problem *b = *(const struct problem *const *)right;
    if (a->class != b->class)
        return a->class > b->class ? -1 : 1; /* enum outcome is in the order of harm */
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    if (a->first_ns != b->first_ns)
        return a->first_ns < b->first_ns ? -1 : 1;
    int by_text = compare_spans(a->href, b->href);
    by_text = by_text != 0 ? by_text : compare_spans(a->uid, b->uid);
    return by_text != 0 ? by_text : (int)a->status - (int)b->status;
}

void problems_init(struct problems *problems, const struct hash_key *hash_key)
{
    *problems = (struct problems){.hash_key = *hash_key};
    table_init(&problems->table, PROBLEMS_MAX, PROBLEMS_MAX);
}

void problems_add(struct problems *problems, const struct record *record,
                  const struct roster_entry *operation, const struct roster_entry *server)
{
    struct place place = record_place(record);
    for (const struct record_resource *r = record->resources; r; r = r->next) {
        if (!outcome_is_problem(r->pattern->class))
            continue;
        struct record_cause cause = record_cause(r->pattern);
        struct problem wanted = {
            .class = r->pattern->class,
            .status = cause.status,
            .uid = r->pattern->uid,
            .operation = operation,
            .server = server,
        };
        for (size_t i = 0; i < r->n_hrefs; i++) {
            wanted.href = r->hrefs[i];
            add_one(problems, &wanted, cause.conditions, &place);
        }
    }
}

size_t problems_n(const struct problems *problems)
{
    return table_n_nodes(&problems->table);
}

bool problems_sort(const struct problems *problems, struct problems_sorted *sorted)
{
    *sorted = (struct problems_sorted){0};
    size_t n = table_n_nodes(&problems->table);
    if (n == 0)
        return true;
    sorted->problems = malloc(n * sizeof *sorted->problems);
    if (!sorted->problems)
        return false;
    for (struct table_node *node = table_oldest(&problems->table); node; node = table_newer(node))
        sorted->problems[sorted->n++] = (const struct problem *)node;
    qsort(sorted->problems, sorted->n, sizeof *sorted->problems, compare);
    return true;
}

void problems_free(struct problems *problems)
{
    struct table_node *node;
    while ((node = table_oldest(&problems->table))) {
        table_remove(&problems->table, node);
        free(node);
    }
    table_free(&problems->table);
}
