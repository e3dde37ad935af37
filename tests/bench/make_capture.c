/* make_capture CASE PERCENT CAPTURE BODIES [KEYS]
 *
 * Writes the capture of a bench case (PERCENT of its full size) and, beside it, the coded bodies of
 * its Multi-Status responses (each behind its length, 8 bytes in this machine's order), for the
 * programs that measure only the parser; of the case "secure" in their TLS records, and their
 * secrets in KEYS as a key log. What is true of the capture goes to standard output as one JSON
 * object. The same arguments make the same files. */
#include "tests/bench/crowd.h"
#include "tests/bench/listing.h"
#include "tests/bench/secure.h"
#include "tests/bench/web.h"

#include <stdio.h>
#include <stdlib.h>

enum { KIB = 1 << 10, MIB = 1 << 20, GIB = 1 << 30, MAX_DOCUMENT_BYTES = 16 * MIB, SEED = 207 };

static const char propfind_body[] =
    "<?xml version=\"1.0\"?>\n<d:propfind xmlns:d=\"DAV:\" xmlns:oc=\"http://owncloud.org/ns\">"
    "<d:prop><d:getlastmodified/><d:getcontentlength/><d:resourcetype/><d:getetag/>"
    "<oc:checksums/></d:prop></d:propfind>";

struct making {
    struct dice dice;
    uint64_t goal, made; /* in the case's unit */
    struct web web;
    uint64_t made_of_kind[8]; /* mixed: response bytes of each kind of exchange */
    FILE *bodies, *keys;
    struct truth truth;
    struct buf asked, document, coded;
};

/* ---- one exchange of ours ---- */

static void write_body(struct making *m, struct span body)
{
    uint64_t len = body.len;
    fwrite(&len, sizeof len, 1, m->bodies);
    fwrite(body.ptr, body.len, 1, m->bodies);
}

static void answer(struct making *m, struct script *script, bool is_gzip)
{
    struct span body = buf_span(&m->document);
    if (is_gzip) {
        buf_clear(&m->coded);
        script_gzip(&m->coded, body);
        body = buf_span(&m->coded);
    }
    const struct script_response response = {
        .status = 207,
        .type = "application/xml; charset=utf-8",
        .body = body,
        .is_gzip = is_gzip,
        .is_chunked = m->truth.n_documents % 2,
    };
    script_response(script, &response);
    write_body(m, body);
}

static void propfind(struct making *m, struct script *script, uint32_t n_bytes, bool is_gzip)
{
    buf_clear(&m->document);
    const struct script_request request = {
        "PROPFIND",
        listing_propfind(&m->document, &m->dice, n_bytes, &m->truth),
        "Depth: 1\r\nAuthorization: Basic YmVuY2g6YmVuY2g=\r\n",
        span_str(propfind_body),
    };
    script_request(script, &request);
    answer(m, script, is_gzip);
}

/* ---- the cases: each fills one exchange, or says that the goal is reached ---- */

static void mixed_listing(struct making *m, struct script *script)
{
    propfind(m, script, dice_size(&m->dice, 1 * KIB, 500 * KIB), false);
}

struct kind {
    uint32_t share; /* of all response bytes, in percent */
    void (*web)(struct web *, struct dice *, struct script *);
};

/* The first one is ours. */
static const struct kind kinds[] = {
    {2, NULL},          {5, web_page},      {18, web_image},
    {5, web_interface}, {40, web_download}, {30, web_encrypted},
};

enum { N_KINDS = sizeof kinds / sizeof *kinds };

/* The kind that is furthest behind its share. */
static size_t pick_kind(const struct making *m)
{
    size_t picked = 0;
    for (size_t i = 1; i < N_KINDS; i++)
        if (m->made_of_kind[i] * kinds[picked].share < m->made_of_kind[picked] * kinds[i].share)
            picked = i;
    return picked;
}

static bool next_mixed(void *ctx, struct script *script)
{
    struct making *m = ctx;
    if (m->made >= m->goal)
        return false;
    size_t picked = pick_kind(m);
    if (kinds[picked].web)
        kinds[picked].web(&m->web, &m->dice, script);
    else
        mixed_listing(m, script);
    uint64_t n_bytes = script->message[DIR_SERVER].len + script->filler.len;
    m->made_of_kind[picked] += n_bytes;
    m->made += n_bytes;
    script->is_last |= !dice_below(&m->dice, 20);
    return true;
}

static bool next_listing(struct making *m, struct script *script, bool is_gzip)
{
    if (m->truth.n_bytes >= m->goal)
        return false;
    propfind(m, script, dice_size(&m->dice, 20 * KIB, 5 * MIB), is_gzip);
    return true;
}

static bool next_plain(void *ctx, struct script *script)
{
    return next_listing(ctx, script, false);
}

static bool next_gzip(void *ctx, struct script *script)
{
    return next_listing(ctx, script, true);
}

static bool next_secure(void *ctx, struct script *script)
{
    struct making *m = ctx;
    if (m->truth.n_bytes >= m->goal || !m->keys)
        return false;
    uint32_t n_bytes = dice_size(&m->dice, 20 * KIB, 5 * MIB);
    buf_clear(&m->document);
    const struct secure_exchange exchange = {
        .number = m->truth.n_documents,
        .method = "PROPFIND",
        .target = listing_propfind(&m->document, &m->dice, n_bytes, &m->truth),
        .asked = span_str(propfind_body),
        .answered = buf_span(&m->document),
    };
    write_body(m, secure_script(script, &exchange, m->keys));
    return true;
}

static bool next_short(void *ctx, struct script *script)
{
    struct making *m = ctx;
    if (m->made++ >= m->goal)
        return false;
    if (dice_below(&m->dice, 50))
        web_ping(&m->web, &m->dice, script);
    else
        propfind(m, script, 1, false);
    script->is_last = true;
    return true;
}

static bool next_multiget(void *ctx, struct script *script)
{
    struct making *m = ctx;
    if (m->made++ >= m->goal)
        return false;
    buf_clear(&m->asked);
    buf_clear(&m->document);
    struct listing_multiget multiget = {&m->asked, &m->document, 1 + dice_below(&m->dice, 8)};
    listing_multiget(&multiget, &m->dice, &m->truth);
    const struct script_request request = {"REPORT", "/calendars/anna/work/", "Depth: 1\r\n",
                                           buf_span(&m->asked)};
    script_request(script, &request);
    answer(m, script, false);
    script->is_last = !dice_below(&m->dice, 50);
    return true;
}

static const struct bench_case {
    const char *name;
    bool (*next)(void *ctx, struct script *script);
    uint64_t goal; /* bytes of responses, bytes of documents, or exchanges */
    uint32_t n_parallel;
} cases[] = {
    {"mixed", next_mixed, 1 * GIB, 200},          {"plain", next_plain, 500 * MIB, 32},
    {"gzip", next_gzip, 500 * MIB, 32},           {"short", next_short, 2000 * 1000, 500},
    {"multiget", next_multiget, 200 * 1000, 100}, {"secure", next_secure, 500 * MIB, 32},
};

/* ---- the program ---- */

static const struct bench_case *find_case(const char *name)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!strcmp(cases[i].name, name))
            return &cases[i];
    return NULL;
}

static void print_truth(const struct truth *truth)
{
    printf("{\"documents\": %llu, \"mixed\": %llu, \"all-failed\": %llu, \"resources\": %llu, "
           "\"failed\": %llu, "
           "\"bytes\": %llu}\n",
           (unsigned long long)truth->n_documents, (unsigned long long)truth->n_mixed,
           (unsigned long long)truth->n_all_failed, (unsigned long long)truth->n_resources,
           (unsigned long long)truth->n_failed, (unsigned long long)truth->n_bytes);
}

/* What is written. */
struct files {
    FILE *capture, *bodies, *keys; /* keys: NULL when nobody wants them */
};

static bool make(const struct bench_case *what, double percent, const struct files *files)
{
    static struct wire wire;
    struct making m = {
        .dice = {SEED},
        .goal = (uint64_t)((double)what->goal * percent / 100),
        .bodies = files->bodies,
        .keys = files->keys,
    };
    buf_init(&m.asked, MAX_DOCUMENT_BYTES);
    buf_init(&m.document, MAX_DOCUMENT_BYTES);
    buf_init(&m.coded, MAX_DOCUMENT_BYTES);
    web_init(&m.web, &m.dice);
    wire_begin(&wire, files->capture);
    struct dice dice = {SEED + 1};
    crowd_play(&wire, what->n_parallel, &dice, (struct crowd_source){what->next, &m});
    print_truth(&m.truth);
    web_free(&m.web);
    buf_free(&m.asked);
    buf_free(&m.document);
    buf_free(&m.coded);
    return !ferror(files->capture) && !ferror(files->bodies);
}

int main(int argc, char **argv)
{
    const struct bench_case *what = argc == 5 || argc == 6 ? find_case(argv[1]) : NULL;
    char *rest = NULL;
    double percent = what ? strtod(argv[2], &rest) : 0;
    if (!what || *rest || percent <= 0) {
        fprintf(stderr, "usage: make_capture CASE PERCENT CAPTURE BODIES [KEYS]\ncases:");
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
            fprintf(stderr, " %s", cases[i].name);
        fprintf(stderr, "\n");
        return 2;
    }
    struct files files = {
        .capture = fopen(argv[3], "wb"),
        .bodies = fopen(argv[4], "wb"),
        .keys = argc == 6 ? fopen(argv[5], "w") : NULL,
    };
    bool is_made = files.capture && files.bodies && make(what, percent, &files);
    FILE *const all[] = {files.capture, files.bodies, files.keys};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i])
            is_made &= fclose(all[i]) == 0;
    if (!is_made)
        perror(argv[3]);
    return is_made ? 0 : 1;
}
