/* Looks a name up in the tables and writes the entry, wrapped for a terminal. Names that are
 * near a wrong one are those with the least edits. */
#include "output/explain.h"

#include "dissector/base/text.h"
#include "output/escape.h"
#include "output/explain_status.h"
#include "output/explain_word.h"
#include "output/paragraph.h"
#include "output/rule.h"

#include <stdio.h>

enum { MAX_NEAR = 3, MAX_EDITS = 4, MAX_NAME_BYTES = 64, MAX_TOLD_BYTES = 96 };

/* "  Label     text", wrapped behind the label. */
static void write_field(struct writer *writer, const char *label, const char *text)
{
    if (!text || text[0] == '\0')
        return;
    writer_format(writer, "  %-10s", label);
    paragraph(writer, span_str(text), 12);
}

static void write_head(struct writer *writer, const char *name, const char *kind)
{
    writer_colour(writer, COLOUR_STRONG);
    writer_text(writer, name);
    writer_plain(writer);
    writer_format(writer, "  (%s)\n", kind);
}

static const char *retry_words(enum retry retry)
{
    static const char *const words[RETRY_N] = {
        [RETRY_LATER] = "the same request may succeed later",
        [RETRY_AFTER_FIX] = "only after something was changed",
        [RETRY_NEVER] = "never unchanged",
    };
    return words[retry];
}

static void write_condition(struct writer *writer, const struct condition *condition)
{
    write_head(writer, condition->local, "condition");
    write_field(writer, "Namespace", condition->space);
    write_field(writer, "Source", condition->source);
    write_field(writer, "Status", condition->statuses);
    write_field(writer, "Means", condition->meaning);
    write_field(writer, "To do", condition->action);
    write_field(writer, "Retry", retry_words(condition->retry));
}

static void write_status(struct writer *writer, const struct status_row *row)
{
    char name[MAX_NAME_BYTES];
    const char *words = status_name(row->code);
    snprintf(name, sizeof name, "%u%s%s", (unsigned)row->code, words ? " " : "",
             words ? words : "");
    write_head(writer, name, "HTTP status inside a Multi-Status");
    write_field(writer, "Source", row->source);
    write_field(writer, "Counts as", outcome_name(row->class));
    write_field(writer, "Means", row->meaning);
    write_field(writer, "To do", row->action);
    write_field(writer, "Retry", retry_words(row->retry));
}

/* Every row of that name. */
static bool explain_words(struct writer *writer, const char *name, bool is_first)
{
    const struct explain_word *word = NULL;
    while ((word = explain_word_find(name, word))) {
        writer_text(writer, is_first ? "" : "\n");
        write_head(writer, word->name, word->kind);
        write_field(writer, "Means", word->meaning);
        is_first = false;
    }
    return !is_first;
}

static void write_rule(struct writer *writer, const struct rule *rule)
{
    char name[MAX_NAME_BYTES];
    snprintf(name, sizeof name, "%s %s", rule->id, rule->name);
    write_head(writer, name, "finding");
    write_field(writer, "Finding", rule->title);
    write_field(writer, "Severity", severity_name(rule->severity));
    write_field(writer, "",
                "at its worst; info where a test suite (litmus, CalDAVTester) provokes it");
    write_field(writer, "Owner", owner_name(rule->owner));
    write_field(writer, "Means", rule->description);
    write_field(writer, "To do", rule->advice);
    write_field(writer, "Reference", rule->reference);
}

/* "{DAV:}name" in parts; the namespace stays empty when there is none. */
static struct name name_of(const char *text)
{
    struct name name = {.local = span_str(text)};
    size_t end = span_find_byte(name.local, '}');
    if (text[0] != '{' || end == name.local.len)
        return name;
    name.space = span_of(text + 1, end - 1);
    name.local = span_after(name.local, end + 1);
    return name;
}

/* Every row of that local name, when no namespace is given; else the one of that namespace. */
static size_t explain_condition(struct writer *writer, const char *text)
{
    size_t n = 0;
    struct name name = name_of(text);
    for (size_t i = 0; condition_at(i); i++) {
        const struct condition *row = condition_at(i);
        if (!span_equal_nocase(name.local, span_str(row->local)))
            continue;
        if (name.space.len > 0 && !span_equal(name.space, span_str(row->space)))
            continue;
        writer_text(writer, n++ > 0 ? "\n" : "");
        write_condition(writer, row);
    }
    return n;
}

/* ---- names that are near ---- */

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions and replacements between the two (Levenshtein), ASCII case ignored; names
 * that are part of each other are one edit apart. */
static size_t edits_between(struct span a, struct span b)
{
    size_t row[MAX_NAME_BYTES + 1];
    if (a.len > MAX_NAME_BYTES || b.len > MAX_NAME_BYTES)
        return MAX_NAME_BYTES;
    if (a.len >= 4 && span_find(b, a) < b.len)
        return 1;
    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t replaced = diagonal + (lower(a.ptr[i - 1]) != lower(b.ptr[j - 1]));
            diagonal = row[j];
            row[j] = least(replaced, least(row[j], row[j - 1]) + 1);
        }
    }
    return row[b.len];
}

struct near {
    const char *names[MAX_NEAR];
    size_t edits[MAX_NEAR], n;
};

/* Keeps the nearest, in their order. */
static void offer(struct near *near, const char *wanted, const char *name)
{
    size_t edits = edits_between(span_str(wanted), span_str(name));
    if (edits > least(MAX_EDITS, 1 + strlen(wanted) / 3))
        return;
    size_t at = near->n;
    for (size_t i = 0; i < near->n; i++)
        if (strcmp(near->names[i], name) == 0)
            return;
    while (at > 0 && near->edits[at - 1] > edits)
        at--;
    if (at == MAX_NEAR)
        return;
    near->n += near->n < MAX_NEAR;
    for (size_t i = near->n - 1; i > at; i--) {
        near->names[i] = near->names[i - 1];
        near->edits[i] = near->edits[i - 1];
    }
    near->names[at] = name;
    near->edits[at] = edits;
}

/* Scripts may ask for what stood in a capture. */
static bool complain(const char *name, struct error *error)
{
    char told[MAX_TOLD_BYTES];
    struct near near = {.n = 0};
    text_printable(told, sizeof told, span_str(name));
    for (size_t i = 0; condition_at(i); i++)
        offer(&near, name, condition_at(i)->local);
    for (size_t i = 0; rule_at(i); i++)
        offer(&near, name, rule_at(i)->name);
    for (size_t i = 0; explain_word_at(i); i++)
        if (strlen(explain_word_at(i)->name) > MAX_EDITS) /* shorter ones are near to everything */
            offer(&near, name, explain_word_at(i)->name);
    char list[MAX_NEAR * (MAX_NAME_BYTES + 2)] = "";
    for (size_t i = 0, at = 0; i < near.n; i++)
        at +=
            (size_t)snprintf(list + at, sizeof list - at, "%s%s", i > 0 ? ", " : "", near.names[i]);
    if (near.n == 0)
        return error_set(error, "nothing is known of '%s': no condition, status, finding or word",
                         told);
    return error_set(error, "nothing is known of '%s'; near to it: %s", told, list);
}

bool explain(struct writer *writer, const char *name, struct error *error)
{
    uint64_t code;
    const struct rule *rule = rule_find(name);
    const struct status_row *status = NULL;
    if (span_decimal(span_str(name), 999, &code))
        status = status_row_find((uint16_t)code);
    if (rule)
        write_rule(writer, rule);
    bool is_found = explain_words(writer, name, !rule);
    if (status)
        write_status(writer, status);
    is_found = is_found || status;
    return is_found || explain_condition(writer, name) > 0 || complain(name, error);
}
