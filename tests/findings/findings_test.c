/* Plays the cases of rules and compares the findings; README.md beside it has the format.
 *
 *     findings_test FILE                  test the cases of one rule
 *     findings_test --print FILE          print what comes of them
 *     findings_test --all FILE...         every rule that looks at something has both kinds of case
 */
#include "output/diagnosis.h"
#include "output/redact.h"
#include "tests/support/conv_dissect.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct text {
    char *bytes;
    size_t len, capacity;
};

static _Noreturn void fail(const char *where, const char *what)
{
    fprintf(stderr, "%s: %s\n", where, what);
    exit(1);
}

static void add(struct text *text, const char *line, size_t len)
{
    if (text->len + len + 2 > text->capacity) {
        text->capacity = (text->len + len + 2) * 2;
        text->bytes = realloc(text->bytes, text->capacity);
        if (!text->bytes)
            fail("findings_test", "no memory");
    }
    memcpy(text->bytes + text->len, line, len);
    text->len += len;
    text->bytes[text->len] = '\0';
}

static void add_line(struct text *text, const char *line)
{
    add(text, line, strlen(line));
    add(text, "\n", 1);
}

/* ---- what comes of a conversation ---- */

static int64_t last_ns;

static enum feed take(void *ctx, const struct event *event)
{
    struct diagnosis *diagnosis = ctx;
    last_ns = event->origin.time_ns;
    while (diagnosis_late(diagnosis, last_ns, false))
        ;
    enum feed feed = diagnosis_event(diagnosis, event);
    bool ends = event->kind == EVENT_DOCUMENT_END ||
                (event->kind == EVENT_EXCHANGE && event->document == 0);
    if (ends)
        (void)diagnosis_settle(diagnosis, true);
    return feed;
}

static void describe(struct text *out, const struct finding *finding, bool with_detail)
{
    char title[FINDING_TITLE_BYTES], line[FINDING_TITLE_BYTES + SIGHTING_DETAIL_BYTES];
    finding_title(finding, title);
    snprintf(line, sizeof line, "finds %s %s %s", severity_name(finding->severity),
             finding->rule->id, title);
    add_line(out, line);
    if (!with_detail || finding->detail[0] == '\0')
        return;
    snprintf(line, sizeof line, "says %s", finding->detail);
    add_line(out, line);
}

/* How a case is played. */
struct way {
    bool is_redacted;
    size_t snaplen_bytes; /* of each frame no more was captured; SIZE_MAX: all */
};

static const struct way whole = {false, SIZE_MAX};

static enum feed play(struct conv *conv, struct diagnosis *diagnosis, struct way way)
{
    const struct hash_key key = {5, 6};
    struct event_sink sink = {take, diagnosis};
    if (!way.is_redacted)
        return conv_dissect_into(conv, way.snaplen_bytes, sink);
    struct redact redact;
    redact_init(&redact, &key, sink);
    diagnosis_expect_pseudonyms(diagnosis);
    enum feed feed = conv_dissect_into(conv, way.snaplen_bytes, redact_sink(&redact));
    redact_free(&redact);
    return feed;
}

static struct text findings_of(const char *conversation, bool with_details, struct way way)
{
    char path[] = "/tmp/davscope-case-XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!file || fputs(conversation, file) < 0 || fclose(file) != 0)
        fail(path, "cannot be written");
    struct conv conv;
    conv_load(&conv, path);
    unlink(path);
    struct diagnosis diagnosis;
    const struct hash_key key = {3, 4};
    diagnosis_init(&diagnosis, &key);
    if (play(&conv, &diagnosis, way) != FEED_OK)
        fail(path, "the dissector did not take every frame");
    while (diagnosis_late(&diagnosis, last_ns, true))
        ;
    struct findings_sorted sorted;
    if (!findings_sort(&diagnosis.findings, &sorted))
        fail(path, "no memory");
    struct text out = {0};
    add(&out, "", 0);
    for (size_t i = 0; i < sorted.n; i++)
        describe(&out, sorted.findings[i], with_details);
    free(sorted.findings);
    diagnosis_free(&diagnosis);
    conv_free(&conv);
    return out;
}

/* ---- the cases of a file ---- */

struct one_case {
    char name[200];
    struct text expected, conversation;
    bool has_details;
};

static void free_case(struct one_case *c)
{
    free(c->expected.bytes);
    free(c->conversation.bytes);
    *c = (struct one_case){0};
}

/* Rules about spellings and words, which --redact hides (README.md of the project). */
static bool needs_names(const char *finding)
{
    static const char *const rules[] = {" D08 ", " D14 ", " D23 ", " D26 ", " D33 ", " D44 "};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strstr(finding, rules[i]))
            return true;
    return false;
}

/* The next finding in lines, "finds SEVERITY RULE ", without those that are worth knowing only.
 * False: there is none. */
static bool next_finding(const char **lines, char finding[32])
{
    while (**lines) {
        const char *line = *lines;
        size_t len = 0;
        for (int n_words = 0; n_words < 3 && line[len] != '\n'; len++)
            n_words += line[len] == ' ';
        *lines = strchr(line, '\n') + 1;
        snprintf(finding, 32, "%.*s", (int)len, line);
        if (strncmp(finding, "finds ", 6) == 0 && strncmp(finding, "finds info ", 11) != 0)
            return true;
    }
    return false;
}

/* Whether others hold it too, and at least as bad. */
static bool is_held(const char *finding, const char *others)
{
    static const char *const severities[] = {"warning", "error", "critical"};
    const char *rule = strrchr(finding, 'D');
    bool is_so_bad = false;
    for (size_t i = 0; i < sizeof severities / sizeof *severities; i++) {
        char wanted[32];
        is_so_bad |= strstr(finding, severities[i]) != NULL;
        snprintf(wanted, sizeof wanted, "finds %s %s", severities[i], rule);
        if (is_so_bad && strstr(others, wanted))
            return true;
    }
    return false;
}

/* What lines hold others hold too, but for what they may lack. */
static void check_among(const char *lines, const char *others, bool (*may_lack)(const char *),
                        const char *where)
{
    char finding[32];
    while (next_finding(&lines, finding)) {
        if (is_held(finding, others) || (may_lack && may_lack(finding)))
            continue;
        fprintf(stderr, "%s: \"%s\" depends on what was captured, or is shown\n", where, finding);
        exit(1);
    }
}

/* What people are told to do must not depend on whether names are shown. */
static void check_redacted(const struct one_case *c)
{
    struct text got = findings_of(c->conversation.bytes, false, (struct way){true, SIZE_MAX});
    const char *expected = c->expected.bytes ? c->expected.bytes : "";
    check_among(got.bytes, expected, NULL, c->name);
    check_among(expected, got.bytes, needs_names, c->name);
    free(got.bytes);
}

/* Nothing is claimed of what was not captured. */
static void check_cut(const struct one_case *c)
{
    static const size_t snaplens[] = {180, 250, 400}; /* heads in part, bodies in part */
    const char *expected = c->expected.bytes ? c->expected.bytes : "";
    for (size_t i = 0; i < sizeof snaplens / sizeof *snaplens; i++) {
        struct text got =
            findings_of(c->conversation.bytes, false, (struct way){false, snaplens[i]});
        check_among(got.bytes, expected, NULL, c->name);
        free(got.bytes);
    }
}

/* Without the lines of details that nobody asked for: those are as they are. */
static void check(const char *path, const struct one_case *c)
{
    struct text got = findings_of(c->conversation.bytes, c->has_details, whole);
    const char *expected = c->expected.bytes ? c->expected.bytes : "";
    if (strcmp(got.bytes, expected) != 0) {
        fprintf(stderr, "%s: %s\n  expected:\n%s  got:\n%s", path, c->name, expected, got.bytes);
        exit(1);
    }
    free(got.bytes);
    check_redacted(c);
    check_cut(c);
}

static void print(const char *path, const struct one_case *c)
{
    struct text got = findings_of(c->conversation.bytes, true, whole);
    (void)path;
    printf("=== %s\n%s", c->name, got.bytes);
    free(got.bytes);
}

static void for_each_case(const char *path, void (*visit)(const char *, const struct one_case *))
{
    FILE *file = fopen(path, "r");
    if (!file)
        fail(path, "cannot be read");
    struct one_case c = {0};
    char *line = NULL;
    size_t capacity = 0;
    for (ssize_t len; (len = getline(&line, &capacity, file)) > 0;) {
        bool is_new = strncmp(line, "=== ", 4) == 0;
        bool is_detail = strncmp(line, "says ", 5) == 0;
        if (is_new && c.name[0] != '\0')
            visit(path, &c);
        if (is_new) {
            free_case(&c);
            snprintf(c.name, sizeof c.name, "%.*s", (int)len - 5, line + 4);
            add(&c.conversation, "", 0);
        } else if (is_detail || strncmp(line, "finds ", 6) == 0) {
            c.has_details |= is_detail;
            add(&c.expected, line, (size_t)len);
        } else {
            add(&c.conversation, line, (size_t)len);
        }
    }
    if (c.name[0] != '\0')
        visit(path, &c);
    free_case(&c);
    free(line);
    fclose(file);
}

/* ---- every rule has both kinds ---- */

static bool has_positive[RULES_MAX], has_near_miss[RULES_MAX];

static const struct rule *rule_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char id[8];
    snprintf(id, sizeof id, "%.3s", slash ? slash + 1 : path);
    return rule_find(id);
}

static void note_kind(const char *path, const struct one_case *c)
{
    char wanted[16];
    const struct rule *rule = rule_of(path);
    if (!rule)
        fail(path, "is called after no rule");
    snprintf(wanted, sizeof wanted, " %s ", rule->id);
    bool finds = c->expected.bytes && strstr(c->expected.bytes, wanted);
    (finds ? has_positive : has_near_miss)[rule_index(rule)] = true;
}

static const struct detector *detector_of(const struct rule *rule)
{
    for (size_t i = 0; detector_at(i); i++)
        if (rule_find(detector_at(i)->rule) == rule)
            return detector_at(i);
    return NULL;
}

/* In the table, with something to look at or a reason why there is nothing. */
static const char *fault_of(const struct rule *rule)
{
    const struct detector *row = detector_of(rule);
    size_t i = rule_index(rule);
    if (!row)
        return "no detector, and no reason why there is none";
    bool looks = row->resource || row->document || row->exchange;
    if (looks == (row->unseen != NULL))
        return "looks at nothing without a reason, or has a reason and looks";
    if (looks && !has_positive[i])
        return "no case finds it";
    return looks && !has_near_miss[i] ? "no near miss" : NULL;
}

static int check_all(char **paths, int n)
{
    int n_faults = 0;
    for (int i = 0; i < n; i++)
        for_each_case(paths[i], note_kind);
    for (size_t i = 0; rule_at(i); i++) {
        const char *fault = fault_of(rule_at(i));
        if (!fault)
            continue;
        fprintf(stderr, "%s %s: %s\n", rule_at(i)->id, rule_at(i)->name, fault);
        n_faults++;
    }
    return n_faults > 0;
}

int main(int argc, char **argv)
{
    if (argc == 2)
        for_each_case(argv[1], check);
    else if (argc == 3 && strcmp(argv[1], "--print") == 0)
        for_each_case(argv[2], print);
    else if (argc > 2 && strcmp(argv[1], "--all") == 0)
        return check_all(argv + 2, argc - 2);
    else
        fail("usage", "findings_test [--print] FILE | --all FILE...");
    return 0;
}
