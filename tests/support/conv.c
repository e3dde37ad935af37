/* A .conv file arrives, steps leave: what each side sends, byte for byte, what of it is not
 * captured, and how connections begin and end. Knows neither TCP nor what the bytes mean. */
#include "tests/support/conv.h"

#include "tests/support/conv_coding.h"
#include "tests/support/conv_http2.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILE_BYTES = 16 << 20, MAX_TURN_BYTES = 64 << 20 };

struct loss {
    uint64_t after_bytes, n_bytes; /* of what the direction goes on to send */
};

enum { MAX_LOSSES = 8 };

struct reader_state {
    struct conv *conv;
    const char *path;
    struct span left; /* of the file */
    size_t line;
    struct buf turn; /* what dir says at the moment */
    enum dir dir;
    struct loss losses[2][MAX_LOSSES]; /* those to come, in order */
    struct conv_http2 http2;           /* of the connection */
};

static _Noreturn void fail(const struct reader_state *r, const char *reason, struct span what)
{
    fprintf(stderr, "%s:%zu: %s: %.*s\n", r->path, r->line, reason, (int)what.len,
            (const char *)what.ptr);
    exit(2);
}

static bool next_line(struct reader_state *r, struct span *line)
{
    if (!r->left.len)
        return false;
    *line = span_first(r->left, span_find_byte(r->left, '\n'));
    r->left = span_after(r->left, line->len + 1);
    r->line++;
    return true;
}

/* Takes prefix off the front of *s when it is there. */
static bool take(struct span *s, const char *prefix)
{
    if (!span_starts(*s, span_str(prefix)))
        return false;
    *s = span_after(*s, strlen(prefix));
    return true;
}

static struct conv_step *add_step(struct reader_state *r, enum conv_kind kind, enum dir dir)
{
    struct conv *conv = r->conv;
    conv->steps = realloc(conv->steps, (conv->n_steps + 1) * sizeof *conv->steps);
    if (!conv->steps)
        fail(r, "no memory", span_str(""));
    struct conv_step *step = &conv->steps[conv->n_steps++];
    *step = (struct conv_step){.kind = kind, .dir = dir};
    return step;
}

static void add_bytes(struct reader_state *r, struct span bytes)
{
    if (!bytes.len)
        return;
    uint8_t *copy = malloc(bytes.len);
    if (!copy)
        fail(r, "no memory", span_str(""));
    memcpy(copy, bytes.ptr, bytes.len);
    add_step(r, CONV_BYTES, r->dir)->bytes = span_of(copy, bytes.len);
    r->conv->n_bytes += bytes.len;
}

/* The turn is over: it becomes steps, less what the capture loses of it. */
static void end_turn(struct reader_state *r)
{
    struct span bytes = buf_span(&r->turn);
    struct loss *loss = r->losses[r->dir];
    while (loss->n_bytes && bytes.len) {
        struct span seen = span_first(bytes, (size_t)loss->after_bytes);
        add_bytes(r, seen);
        bytes = span_after(bytes, seen.len);
        loss->after_bytes -= seen.len;
        struct span lost = span_first(bytes, (size_t)loss->n_bytes);
        if (lost.len)
            add_step(r, CONV_LOST, r->dir)->n_lost = lost.len;
        bytes = span_after(bytes, lost.len);
        loss->n_bytes -= lost.len;
        if (loss->n_bytes)
            continue;
        memmove(loss, loss + 1, (MAX_LOSSES - 1) * sizeof *loss);
        loss[MAX_LOSSES - 1].n_bytes = 0;
    }
    add_bytes(r, bytes);
    buf_clear(&r->turn);
}

static int hex_digit(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    return -1;
}

/* Appends the byte an escape (without its backslash) stands for; returns its length. */
static size_t append_escape(struct reader_state *r, struct buf *out, struct span escape)
{
    static const char names[] = "rnt\\", values[] = "\r\n\t\\";
    const char *name = escape.len ? memchr(names, escape.ptr[0], 4) : NULL;
    if (name) {
        conv_append(out, span_of(&values[name - names], 1));
        return 1;
    }
    bool is_hex = escape.len >= 3 && escape.ptr[0] == 'x';
    int high = is_hex ? hex_digit(escape.ptr[1]) : -1, low = is_hex ? hex_digit(escape.ptr[2]) : -1;
    if (high < 0 || low < 0)
        fail(r, "unknown escape", escape);
    uint8_t byte = (uint8_t)(high << 4 | low);
    conv_append(out, span_of(&byte, 1));
    return 3;
}

/* Appends a line with its escapes undone and line_end behind it, unless it ends in a backslash. */
static void append_text(struct reader_state *r, struct buf *out, struct span text,
                        const char *line_end)
{
    while (text.len) {
        size_t plain = span_find_byte(text, '\\');
        conv_append(out, span_first(text, plain));
        if (plain == text.len)
            break;
        text = span_after(text, plain + 1);
        if (!text.len)
            return;
        text = span_after(text, append_escape(r, out, text));
    }
    conv_append(out, span_str(line_end));
}

/* "@repeat N TEXT": TEXT N times, with each {n} in it replaced by 0, 1, 2, ... */
static void append_repeated(struct reader_state *r, struct buf *out, struct span line)
{
    uint64_t n_times;
    if (!span_decimal(conv_word(&line), 1000000, &n_times))
        fail(r, "@repeat wants a number", line);
    struct span text = span_after(line, 1);
    for (uint64_t i = 0; i < n_times; i++) {
        struct span rest = text;
        for (size_t at; (at = span_find(rest, span_str("{n}"))) < rest.len;) {
            char number[24];
            snprintf(number, sizeof number, "%llu", (unsigned long long)i);
            conv_append(out, span_first(rest, at));
            conv_append(out, span_str(number));
            rest = span_after(rest, at + 3);
        }
        append_text(r, out, rest, "\n");
    }
}

/* Puts the body's length where the turn says "@length", as in "Content-Length: @length". */
static void fill_in_length(struct buf *turn, size_t body_bytes)
{
    struct span text = buf_span(turn), mark = span_str("@length");
    size_t at = span_find(text, mark);
    if (at == text.len)
        return;
    char number[24];
    snprintf(number, sizeof number, "%zu", body_bytes);
    struct buf filled;
    buf_init(&filled, MAX_TURN_BYTES);
    conv_append(&filled, span_first(text, at));
    conv_append(&filled, span_str(number));
    conv_append(&filled, span_after(text, at + mark.len));
    buf_free(turn);
    *turn = filled;
}

/* The lines before "@end". */
static void read_lines(struct reader_state *r, struct buf *out)
{
    struct span line = {0};
    bool has_line;
    while ((has_line = next_line(r, &line)) && !span_equal(line, span_str("@end")))
        if (take(&line, "@repeat "))
            append_repeated(r, out, line);
        else
            append_text(r, out, line, "\n");
    if (!has_line)
        fail(r, "no @end", span_str(""));
}

/* "@body WORDS", lines, "@end". */
static void read_body(struct reader_state *r, struct span words)
{
    struct buf plain, coded;
    struct span bad = {0};
    buf_init(&plain, MAX_TURN_BYTES);
    buf_init(&coded, MAX_TURN_BYTES);
    read_lines(r, &plain);
    if (!conv_encode(buf_span(&plain), words, &coded, &bad))
        fail(r, "not understood", bad);
    fill_in_length(&r->turn, coded.len);
    conv_append(&r->turn, buf_span(&coded));
    buf_free(&plain);
    buf_free(&coded);
}

/* "@h2 WORDS", and for some words lines and "@end". */
static void read_frames(struct reader_state *r, struct span words)
{
    struct buf lines;
    struct span bad = {0};
    buf_init(&lines, MAX_TURN_BYTES);
    if (conv_http2_has_lines(words))
        read_lines(r, &lines);
    const struct conv_http2_text text = {r->dir, words, buf_span(&lines)};
    if (!conv_http2_frames(&r->http2, &text, &r->turn, &bad))
        fail(r, "not understood", bad);
    buf_free(&lines);
}

static void read_speech(struct reader_state *r, enum dir dir, struct span text)
{
    if (dir != r->dir)
        end_turn(r);
    r->dir = dir;
    take(&text, " ");
    if (take(&text, "@body"))
        read_body(r, text);
    else if (take(&text, "@h2 "))
        read_frames(r, text);
    else
        append_text(r, &r->turn, text, "\r\n");
}

static enum dir read_dir(struct reader_state *r, struct span *words)
{
    struct span word = conv_word(words);
    if (span_equal(word, span_str(">>>")))
        return DIR_CLIENT;
    if (!span_equal(word, span_str("<<<")))
        fail(r, "wants >>> or <<<", word);
    return DIR_SERVER;
}

static uint64_t read_number(struct reader_state *r, struct span *words)
{
    struct span word = conv_word(words);
    uint64_t number;
    if (!span_decimal(word, UINT32_MAX, &number))
        fail(r, "wants a number", word);
    return number;
}

static void do_gap(struct reader_state *r, struct span words)
{
    struct loss *losses = r->losses[read_dir(r, &words)], *loss = losses;
    while (loss->n_bytes)
        if (++loss == losses + MAX_LOSSES)
            fail(r, "too many gaps to come", words);
    loss->n_bytes = read_number(r, &words);
    loss->after_bytes = conv_word(&words).len ? read_number(r, &words) : 0;
}

static void do_close(struct reader_state *r, struct span words)
{
    if (words.len) {
        add_step(r, CONV_CLOSE, read_dir(r, &words));
        return;
    }
    add_step(r, CONV_CLOSE, DIR_SERVER);
    add_step(r, CONV_CLOSE, DIR_CLIENT);
}

static void do_reset(struct reader_state *r, struct span words)
{
    add_step(r, CONV_RESET, read_dir(r, &words));
}

static void do_connection(struct reader_state *r, struct span words)
{
    struct conv_step *step = add_step(r, CONV_CONNECTION, DIR_CLIENT);
    step->is_of_other_host = take(&words, " other client");
    step->has_same_ports = words.len > 0;
    conv_http2_free(&r->http2);
    conv_http2_init(&r->http2);
}

static void do_wait(struct reader_state *r, struct span words)
{
    add_step(r, CONV_WAIT, DIR_CLIENT)->wait_s = read_number(r, &words);
}

static void do_only(struct reader_state *r, struct span words)
{
    r->conv->is_unseen[dir_other(read_dir(r, &words))] = true;
}

static void do_midway(struct reader_state *r, struct span words)
{
    (void)words;
    r->conv->is_midway = true;
}

/* What a line may begin with, besides >>> and <<<. */
static const struct directive {
    const char *word;
    void (*act)(struct reader_state *r, struct span words);
} directives[] = {
    {"gap", do_gap},       {"close", do_close},
    {"reset", do_reset},   {"new connection", do_connection},
    {"wait", do_wait},     {"only", do_only},
    {"midway", do_midway},
};

static void read_directive(struct reader_state *r, struct span line)
{
    end_turn(r);
    for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++) {
        struct span words = line;
        if (take(&words, directives[i].word)) {
            directives[i].act(r, words);
            return;
        }
    }
    fail(r, "not understood", line);
}

static void read_line(struct reader_state *r, struct span line)
{
    if (!line.len || line.ptr[0] == '#')
        return;
    if (take(&line, ">>>"))
        read_speech(r, DIR_CLIENT, line);
    else if (take(&line, "<<<"))
        read_speech(r, DIR_SERVER, line);
    else
        read_directive(r, line);
}

static void read_file(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(2);
    }
    uint8_t piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;)
        conv_append(out, span_of(piece, n));
    fclose(file);
}

void conv_load(struct conv *conv, const char *path)
{
    struct buf file;
    buf_init(&file, MAX_FILE_BYTES);
    read_file(path, &file);
    *conv = (struct conv){0};
    struct reader_state r = {.conv = conv, .path = path, .left = buf_span(&file)};
    buf_init(&r.turn, MAX_TURN_BYTES);
    conv_http2_init(&r.http2);
    add_step(&r, CONV_CONNECTION, DIR_CLIENT);
    for (struct span line; next_line(&r, &line);)
        read_line(&r, line);
    end_turn(&r);
    buf_free(&r.turn);
    conv_http2_free(&r.http2);
    buf_free(&file);
}

void conv_free(struct conv *conv)
{
    for (size_t i = 0; i < conv->n_steps; i++)
        free((void *)(uintptr_t)conv->steps[i].bytes.ptr);
    free(conv->steps);
    *conv = (struct conv){0};
}
