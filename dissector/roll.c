/* Segments in, the connections they belong to out; see roll.h. */
#include "dissector/roll.h"

#include <stdlib.h>

enum { EVICTION_CANDIDATES = 64 }; /* of the oldest connections, the least useful goes first */

static const struct limits *limits_of(const struct roll *roll)
{
    return roll->shared->limits;
}

/* ---- lists ---- */

static void leave_list(struct connection *connection)
{
    struct connection_list *list = connection->list;
    if (!list)
        return;
    *(connection->previous ? &connection->previous->next : &list->first) = connection->next;
    *(connection->next ? &connection->next->previous : &list->last) = connection->previous;
    list->n--;
    connection->list = NULL;
}

static void join_list(struct connection_list *list, struct connection *connection)
{
    connection->list = list;
    connection->previous = list->last;
    connection->next = NULL;
    *(list->last ? &list->last->next : &list->first) = connection;
    list->last = connection;
    list->n++;
}

void roll_recount(struct roll *roll, struct connection *connection, const struct origin *origin)
{
    size_t bytes = connection_buffered_bytes(connection);
    roll->connection_bytes += bytes - connection->counted_bytes;
    connection->counted_bytes = bytes;
    struct connection_list *list = NULL;
    if (connection_is_waiting(connection, origin->time_ns))
        list = &roll->held;
    if (connection_is_over(connection))
        list = &roll->ended;
    if (list == &roll->held && connection->list == list)
        return;
    leave_list(connection);
    if (list)
        join_list(list, connection);
    connection->listed = connection->touched;
}

/* ---- connections go ---- */

static void forget(struct roll *roll, struct connection *connection)
{
    leave_list(connection);
    table_remove(&roll->table, &connection->node);
    roll->connection_bytes -= connection->counted_bytes;
    connection_free(connection);
}

void roll_withdraw(struct roll *roll, struct connection *connection)
{
    roll->shared->stats->n_connections--;
    forget(roll, connection);
}

void roll_end(struct roll *roll, struct connection *connection, enum end why,
              const struct origin *origin)
{
    if (connection->is_echo && connection_is_silent(connection)) {
        roll_withdraw(roll, connection);
        return;
    }
    connection_finish(connection, why, origin);
    forget(roll, connection);
}

void roll_give_up(struct roll *roll, struct connection *connection, const struct origin *origin)
{
    struct dissector_stats *stats = roll->shared->stats;
    int worth = connection_worth(connection);
    bool is_over = connection_is_over(connection);
    stats->n_evicted_connections += !is_over;
    stats->n_evicted_documents += !is_over && worth == 3;
    stats->n_evicted_http += !is_over && worth == 2;
    roll_end(roll, connection, END_EVICTED, origin);
}

static struct connection *least_useful(const struct roll *roll)
{
    struct connection *chosen = NULL;
    struct table_node *node = table_oldest(&roll->table);
    for (int i = 0; node && i < EVICTION_CANDIDATES; i++, node = table_newer(node)) {
        struct connection *candidate = (struct connection *)node;
        if (!chosen || connection_worth(candidate) < connection_worth(chosen))
            chosen = candidate;
    }
    return chosen;
}

bool roll_give_up_one(struct roll *roll, const struct origin *origin)
{
    struct connection *connection = least_useful(roll);
    if (connection)
        roll_give_up(roll, connection, origin);
    return connection;
}

void roll_give_up_excess(struct roll *roll, const struct origin *origin)
{
    size_t n_excess = table_n_excess(&roll->table);
    while (n_excess-- > 0 && roll_give_up_one(roll, origin))
        continue;
}

static bool has_lingered(const struct roll *roll, const struct connection *connection,
                         int64_t clock_ns)
{
    return origin_has_passed(table_touched_ns(&connection->node), clock_ns,
                             limits_of(roll)->closed_linger_ns + 1);
}

/* Whether it was touched so little before now that what comes may be older. */
static bool is_near(const struct roll *roll, const struct connection *connection,
                    const struct turn *now)
{
    const struct turn touched = {.number = connection->touched,
                                 .clock_ns = table_touched_ns(&connection->node)};
    return turn_is_near(&touched, now, limits_of(roll));
}

/* Whether nothing can be of it any more. */
static bool is_past(const struct roll *roll, const struct connection *connection, int64_t clock_ns)
{
    const struct turn now = {.number = roll->turn, .clock_ns = clock_ns};
    return has_lingered(roll, connection, clock_ns) && !is_near(roll, connection, &now);
}

void roll_end_lingering(struct roll *roll, int64_t clock_ns, const struct origin *origin)
{
    struct connection *oldest;
    while ((oldest = roll->ended.first) &&
           (is_past(roll, oldest, clock_ns) || roll->ended.n > limits_of(roll)->max_lingering))
        roll_end(roll, oldest, END_IDLE, origin);
}

struct connection *roll_oldest_idle(const struct roll *roll, int64_t time_ns)
{
    struct table_node *oldest = table_oldest(&roll->table);
    bool is_idle = oldest && origin_has_passed(table_touched_ns(oldest), time_ns,
                                               limits_of(roll)->connection_idle_ns + 1);
    return is_idle ? (struct connection *)oldest : NULL;
}

/* ---- connections come, and are found ---- */

static bool is_between(const struct table_node *node, const void *key)
{
    return segment_is_between(key, ((const struct connection *)node)->endpoint);
}

struct connection *roll_find(const struct roll *roll, const struct segment *segment,
                             const struct turn *turn)
{
    return (struct connection *)table_find(&roll->table, turn->hash, is_between, segment);
}

struct connection *roll_find_own(struct roll *roll, const struct segment *segment,
                                 const struct turn *turn, bool *is_echo)
{
    struct connection *connection = roll_find(roll, segment, turn);
    if (!connection)
        return NULL;
    enum end why = END_COMPLETE;
    if (connection_is_over(connection) && has_lingered(roll, connection, turn->clock_ns)) {
        *is_echo = is_near(roll, connection, turn) && connection_fits(connection, segment);
        why = *is_echo && segment_is_bare(segment, SEGMENT_SYN) ? END_COMPLETE : END_IDLE;
    } else if (connection_is_reuse(connection, segment)) {
        why = END_REPLACED;
    }
    if (why == END_COMPLETE)
        return connection;
    roll_end(roll, connection, why, &segment->origin);
    return NULL;
}

/* NULL: no memory. */
static struct connection *new_connection(struct decode_shared *shared,
                                         const struct segment *segment)
{
    struct connection *connection = malloc(sizeof *connection);
    if (connection && connection_init(connection, shared, &shared->stats->tcp, segment))
        return connection;
    free(connection);
    return NULL;
}

struct connection *roll_begin(struct roll *roll, const struct segment *segment,
                              const struct turn *turn, bool is_echo)
{
    struct connection *connection = new_connection(roll->shared, segment);
    while (!connection && roll_give_up_one(roll, &segment->origin))
        connection = new_connection(roll->shared, segment);
    if (!connection)
        return NULL;
    connection->begun = turn->number;
    connection->is_echo = is_echo;
    if (!table_insert(&roll->table, &connection->node, turn->hash, turn->clock_ns)) {
        connection_free(connection);
        return NULL;
    }
    return connection;
}

void roll_touch(struct roll *roll, struct connection *connection, const struct turn *turn)
{
    table_touch(&roll->table, &connection->node, turn->clock_ns);
    roll->turn = connection->touched = turn->number;
}

/* ---- all of them ---- */

static int by_beginning(const void *a, const void *b)
{
    const struct connection *const *left = a, *const *right = b;
    return ((*left)->begun > (*right)->begun) - ((*left)->begun < (*right)->begun);
}

struct connection **roll_by_beginning(const struct roll *roll)
{
    size_t n = roll_n(roll), i = 0;
    struct connection **all = malloc((n + 1) * sizeof *all);
    if (!all)
        return NULL;
    for (struct table_node *node = table_oldest(&roll->table); node; node = table_newer(node))
        all[i++] = (struct connection *)node;
    qsort(all, n, sizeof *all, by_beginning);
    return all;
}

size_t roll_n(const struct roll *roll)
{
    return table_n_nodes(&roll->table);
}

size_t roll_buffered_bytes(const struct roll *roll)
{
    return roll->connection_bytes + table_buffered_bytes(&roll->table);
}

void roll_init(struct roll *roll, struct decode_shared *shared)
{
    size_t max = shared->limits->max_connections;
    *roll = (struct roll){.shared = shared};
    table_init(&roll->table, max, max / 100 * ROLL_KEEP_PER_CENT);
}

void roll_free(struct roll *roll)
{
    const struct origin nowhere = {0};
    while (table_oldest(&roll->table))
        roll_end(roll, (struct connection *)table_oldest(&roll->table), END_CAPTURE, &nowhere);
    table_free(&roll->table);
}
