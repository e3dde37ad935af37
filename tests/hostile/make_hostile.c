/* make_hostile NAME PERCENT CAPTURE
 *
 * Writes a capture of a hostile exchange or flood (PERCENT of its full size), a normal exchange on
 * the same connection, and a normal one on another. The normal ones are of /normal/same and
 * /normal/other, each with one resource that is ok. Without arguments: the names, one a line. */
#include "tests/bench/flow.h"
#include "tests/hostile/bodies.h"
#include "tests/hostile/floods.h"
#include "tests/hostile/messages.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_BODY_BYTES = 1 << 28, MAX_BURST_SEGMENTS = 10 };

#define NORMAL                                                                                     \
    "<?xml version=\"1.0\"?>\n<d:multistatus "                                                     \
    "xmlns:d=\"DAV:\"><d:response><d:href>/normal/</d:href>"                                       \
    "<d:propstat><d:prop><d:getetag>\"1\"</d:getetag></d:prop><d:status>HTTP/1.1 200 "             \
    "OK</d:status>"                                                                                \
    "</d:propstat></d:response></d:multistatus>"

static void print_names(void)
{
    for (size_t i = 0; i < n_hostile_bodies; i++)
        printf("%s\n", hostile_bodies[i].name);
    for (size_t i = 0; i < n_hostile_messages; i++)
        printf("%s\n", hostile_messages[i].name);
    for (size_t i = 0; i < n_hostile_floods; i++)
        printf("%s\n", hostile_floods[i].name);
}

static size_t scaled(size_t n, double percent)
{
    return (size_t)((double)n * percent / 100);
}

static void play(struct flow *flow, const struct script *script)
{
    for (int dir = DIR_CLIENT; dir <= DIR_SERVER; dir++) {
        struct span left = buf_span(&script->message[dir]);
        while (left.len)
            flow_send(flow, (enum dir)dir, &left, MAX_BURST_SEGMENTS);
    }
}

static void play_body(struct flow *flow, struct script *script, const struct hostile_body *hostile,
                      size_t n)
{
    struct buf body;
    buf_init(&body, MAX_BODY_BYTES);
    hostile->say(&body, n);
    message_request(script, "/hostile/");
    message_answer(script, buf_span(&body), false);
    play(flow, script);
    buf_free(&body);
}

static void play_message(struct flow *flow, struct script *script,
                         const struct hostile_message *hostile, size_t n)
{
    if (hostile->max_segment_bytes)
        flow->max_segment_bytes = hostile->max_segment_bytes;
    for (size_t i = 0; hostile->is_series && i < n; i++) {
        script_clear(script);
        hostile->say(script, i);
        play(flow, script);
    }
    if (!hostile->is_series) {
        hostile->say(script, n);
        play(flow, script);
    }
    flow->max_segment_bytes = FLOW_MSS_BYTES;
}

/* False = there is no such case. */
static bool play_hostile(struct flow *flow, struct script *script, const char *name, double percent)
{
    for (size_t i = 0; i < n_hostile_bodies; i++)
        if (!strcmp(hostile_bodies[i].name, name)) {
            play_body(flow, script, &hostile_bodies[i], scaled(hostile_bodies[i].n, percent));
            return true;
        }
    for (size_t i = 0; i < n_hostile_messages; i++)
        if (!strcmp(hostile_messages[i].name, name)) {
            play_message(flow, script, &hostile_messages[i],
                         scaled(hostile_messages[i].n, percent));
            return true;
        }
    for (size_t i = 0; i < n_hostile_floods; i++)
        if (!strcmp(hostile_floods[i].name, name)) {
            hostile_floods[i].say(flow, scaled(hostile_floods[i].n, percent));
            return true;
        }
    return false;
}

static void play_normal(struct flow *flow, struct script *script, const char *target)
{
    script_clear(script);
    message_request(script, target);
    message_answer(script, span_str(NORMAL), false);
    play(flow, script);
    flow_close(flow);
}

static bool make(const char *name, double percent, FILE *file)
{
    static struct wire wire;
    struct script script;
    struct flow flow;
    script_init(&script);
    wire_begin(&wire, file);
    flow_open(&flow, &wire, 1, 80);
    bool is_known = play_hostile(&flow, &script, name, percent);
    play_normal(&flow, &script, "/normal/same");
    flow_open(&flow, &wire, 2, 80);
    play_normal(&flow, &script, "/normal/other");
    script_free(&script);
    return is_known && !ferror(file);
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        print_names();
        return 0;
    }
    char *rest = NULL;
    double percent = argc == 4 ? strtod(argv[2], &rest) : 0;
    FILE *file = percent > 0 && !*rest ? fopen(argv[3], "wb") : NULL;
    if (!file) {
        fprintf(stderr, "usage: make_hostile NAME PERCENT CAPTURE\n");
        return 2;
    }
    bool is_made = make(argv[1], percent, file);
    is_made &= fclose(file) == 0;
    return is_made ? 0 : 1;
}
