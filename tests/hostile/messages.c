/* A number arrives, an exchange leaves. What is inside is a normal document, as far as one gets. */
#include "tests/hostile/messages.h"

#include <zlib.h>

#define DOCUMENT                                                                                   \
    "<?xml version=\"1.0\"?>\n<d:multistatus xmlns:d=\"DAV:\"><d:response><d:href>/hostile/a"      \
    "</d:href><d:status>HTTP/1.1 200 OK</d:status></d:response></d:multistatus>"
#define VALUE_BEGIN                                                                                \
    "<?xml version=\"1.0\"?>\n<d:multistatus xmlns:d=\"DAV:\"><d:response><d:href>/hostile/a"      \
    "</d:href><d:propstat><d:prop><v>"
#define VALUE_END                                                                                  \
    "</v></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>"

enum { THOUSAND = 1000, MILLION = 1000 * 1000, MAX_BODY_BYTES = 1 << 28, GZIP_WINDOW = 31 };

void message_request(struct script *script, const char *target)
{
    const struct script_request request = {"PROPFIND", target, "Depth: 1\r\n", span_str("")};
    script_request(script, &request);
}

void message_answer(struct script *script, struct span body, bool is_gzip)
{
    const struct script_response response = {
        .status = 207,
        .type = "application/xml",
        .body = body,
        .is_gzip = is_gzip,
    };
    script_response(script, &response);
}

/* The request, and the head of the answer up to what the case is about. */
static struct buf *begin(struct script *script)
{
    message_request(script, "/hostile/");
    struct buf *out = &script->message[DIR_SERVER];
    say(out, "HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\n");
    return out;
}

static void say_filled(struct buf *out, size_t n)
{
    for (size_t i = 0; i < n / 10; i++)
        say_bytes(out, span_str("xxxxxxxxxx"));
}

/* ---- codings ---- */

static void deflate_into(struct buf *out, z_stream *z, struct span bytes, int flush)
{
    uint8_t piece[65536];
    z->next_in = (Bytef *)(uintptr_t)bytes.ptr;
    z->avail_in = (uInt)bytes.len;
    do {
        z->next_out = piece;
        z->avail_out = sizeof piece;
        deflate(z, flush);
        say_bytes(out, span_of(piece, sizeof piece - z->avail_out));
    } while (!z->avail_out);
}

/* before, n times fill, after: in one gzip member. */
static void say_bomb(struct buf *out, struct span fill, size_t n)
{
    z_stream z = {0};
    if (deflateInit2(&z, 9, Z_DEFLATED, GZIP_WINDOW, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    deflate_into(out, &z, span_str(VALUE_BEGIN), Z_NO_FLUSH);
    for (size_t i = 0; i < n; i++)
        deflate_into(out, &z, fill, Z_NO_FLUSH);
    deflate_into(out, &z, span_str(VALUE_END), Z_FINISH);
    deflateEnd(&z);
}

/* n MB of one thing repeated. */
static void answer_bomb(struct script *script, const char *unit, size_t n)
{
    struct buf fill, bomb;
    buf_init(&fill, 2 * MILLION);
    buf_init(&bomb, MAX_BODY_BYTES);
    while (fill.len < MILLION)
        say_bytes(&fill, span_str(unit));
    say_bomb(&bomb, buf_span(&fill), n);
    message_request(script, "/hostile/");
    message_answer(script, buf_span(&bomb), true);
    buf_free(&fill);
    buf_free(&bomb);
}

static void gzip_bomb(struct script *script, size_t n)
{
    answer_bomb(script, "AAAAAAAAAA", n);
}

static void gzip_bomb_elements(struct script *script, size_t n)
{
    answer_bomb(script, "<a/>", n);
}

static void gzip_bomb_comments(struct script *script, size_t n)
{
    answer_bomb(script, "<!---->", n);
}

static void gzip_bomb_in_gzip(struct script *script, size_t n)
{
    struct buf bomb, coded, fill;
    buf_init(&bomb, MAX_BODY_BYTES);
    buf_init(&coded, MAX_BODY_BYTES);
    buf_init(&fill, 2 * MILLION);
    while (fill.len < MILLION)
        say_bytes(&fill, span_str("AAAAAAAAAA"));
    say_bomb(&bomb, buf_span(&fill), n);
    script_gzip(&coded, buf_span(&bomb));
    struct buf *out = begin(script);
    say(out, "Content-Encoding: gzip, gzip\r\nContent-Length: %zu\r\n\r\n", coded.len);
    say_bytes(out, buf_span(&coded));
    buf_free(&bomb);
    buf_free(&coded);
    buf_free(&fill);
}

static void many_members(struct script *script, size_t n)
{
    struct buf empty, body;
    buf_init(&empty, THOUSAND);
    buf_init(&body, MAX_BODY_BYTES);
    script_gzip(&empty, span_str(""));
    for (size_t i = 0; i < n; i++)
        say_bytes(&body, buf_span(&empty));
    script_gzip(&body, span_str(DOCUMENT));
    message_request(script, "/hostile/");
    message_answer(script, buf_span(&body), true);
    buf_free(&empty);
    buf_free(&body);
}

static void long_gzip_name(struct script *script, size_t n)
{
    static const uint8_t head_with_name[10] = {0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3};
    struct buf body;
    buf_init(&body, MAX_BODY_BYTES);
    say_bytes(&body, span_of(head_with_name, sizeof head_with_name));
    say_filled(&body, n);
    message_request(script, "/hostile/");
    message_answer(script, buf_span(&body), true);
    buf_free(&body);
}

static void empty_blocks(struct script *script, size_t n)
{
    static const uint8_t head[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
    static const uint8_t empty_stored_block[5] = {0, 0, 0, 0xff, 0xff};
    struct buf body;
    buf_init(&body, MAX_BODY_BYTES);
    say_bytes(&body, span_of(head, sizeof head));
    for (size_t i = 0; i < n; i++)
        say_bytes(&body, span_of(empty_stored_block, sizeof empty_stored_block));
    message_request(script, "/hostile/");
    message_answer(script, buf_span(&body), true);
    buf_free(&body);
}

static void many_codings(struct script *script, size_t n)
{
    struct buf *out = begin(script);
    say(out, "Content-Encoding: gzip");
    for (size_t i = 0; i < n; i++)
        say(out, ", gzip");
    say(out, "\r\nContent-Length: %zu\r\n\r\n" DOCUMENT, sizeof DOCUMENT - 1);
}

/* ---- framing ---- */

static void chunk_flood(struct script *script, size_t n)
{
    struct buf *out = begin(script);
    say(out, "Transfer-Encoding: chunked\r\n\r\n%zx\r\n" VALUE_BEGIN "\r\n",
        sizeof VALUE_BEGIN - 1);
    for (size_t i = 0; i < n; i++)
        say_bytes(out, span_str("1\r\nx\r\n"));
    say(out, "%zx\r\n" VALUE_END "\r\n0\r\n\r\n", sizeof VALUE_END - 1);
}

static void chunk_tags(struct script *script, size_t n)
{
    struct buf *out = begin(script);
    say(out, "Transfer-Encoding: chunked\r\n\r\n%zx\r\n" VALUE_BEGIN "<a b='\r\n",
        sizeof VALUE_BEGIN - 1 + 6);
    for (size_t i = 0; i < n; i++)
        say_bytes(out, span_str("1\r\nx\r\n"));
    say(out, "%zx\r\n'/>" VALUE_END "\r\n0\r\n\r\n", sizeof VALUE_END - 1 + 3);
}

static void chunk_extension(struct script *script, size_t n)
{
    struct buf *out = begin(script);
    say(out, "Transfer-Encoding: chunked\r\n\r\n%zx;", sizeof DOCUMENT - 1);
    say_filled(out, n);
    say(out, "\r\n" DOCUMENT "\r\n0\r\n\r\n");
}

static void chunk_digits(struct script *script, size_t n)
{
    struct buf *out = begin(script);
    say(out, "Transfer-Encoding: chunked\r\n\r\n");
    for (size_t i = 0; i < n; i++)
        say_bytes(out, span_str("0"));
    say(out, "%zx\r\n" DOCUMENT "\r\n0\r\n\r\n", sizeof DOCUMENT - 1);
}

static void endless_trailer(struct script *script, size_t n)
{
    struct buf *out = begin(script);
    say(out, "Transfer-Encoding: chunked\r\n\r\n%zx\r\n" DOCUMENT "\r\n0\r\n", sizeof DOCUMENT - 1);
    for (size_t i = 0; i < n; i++)
        say_bytes(out, span_str("Trailer-Field: value\r\n"));
    say(out, "\r\n");
}

static void endless_head(struct script *script, size_t n)
{
    struct buf *out = begin(script);
    for (size_t i = 0; i < n; i++)
        say_bytes(out, span_str("X-Field: value\r\n"));
    say(out, "Content-Length: %zu\r\n\r\n" DOCUMENT, sizeof DOCUMENT - 1);
}

static void endless_field(struct script *script, size_t n)
{
    struct buf *out = begin(script);
    say(out, "X-Field: ");
    say_filled(out, n);
    say(out, "\r\nContent-Length: %zu\r\n\r\n" DOCUMENT, sizeof DOCUMENT - 1);
}

static void folded_field(struct script *script, size_t n)
{
    struct buf *out = begin(script);
    say(out, "Server: a\r\n");
    for (size_t i = 0; i < n; i++)
        say_bytes(out, span_str(" b\r\n"));
    say(out, "Content-Length: %zu\r\n\r\n" DOCUMENT, sizeof DOCUMENT - 1);
}

static void endless_target(struct script *script, size_t n)
{
    struct buf *out = &script->message[DIR_CLIENT];
    say(out, "PROPFIND /hostile/");
    say_filled(out, n);
    say(out, " HTTP/1.1\r\nHost: a\r\n\r\n");
    message_answer(script, span_str(DOCUMENT), false);
}

static void interim_flood(struct script *script, size_t n)
{
    message_request(script, "/hostile/");
    for (size_t i = 0; i < n; i++)
        say_bytes(&script->message[DIR_SERVER], span_str("HTTP/1.1 102 Processing\r\n\r\n"));
    message_answer(script, span_str(DOCUMENT), false);
}

static void pipeline_flood(struct script *script, size_t n)
{
    for (size_t i = 0; i < n; i++)
        message_request(script, "/hostile/");
    for (size_t i = 0; i < n; i++)
        message_answer(script, span_str(DOCUMENT), false);
}

static void many_agents(struct script *script, size_t i)
{
    say(&script->message[DIR_CLIENT],
        "PROPFIND /hostile/%zu HTTP/1.1\r\nHost: host-%zu.example\r\nUser-Agent: agent-%zu"
        "-with-a-name-that-is-rather-long-as-user-agents-are-in-the-wild/1.0\r\n\r\n",
        i, i, i);
    message_answer(script, span_str(DOCUMENT), false);
}

static void start_line_flood(struct script *script, size_t n)
{
    struct buf *out = begin(script);
    say(out, "Content-Length: 0\r\n\r\n");
    for (size_t i = 0; i < n; i++)
        say_bytes(out, span_str("HTTP/1.1 garbage\r\n"));
}

/* ---- segments ---- */

static void answer_value(struct script *script, const char *const around[2], size_t n)
{
    struct buf body;
    buf_init(&body, MAX_BODY_BYTES);
    say(&body, VALUE_BEGIN "%s", around[0]);
    say_filled(&body, n);
    say(&body, "%s" VALUE_END, around[1]);
    message_request(script, "/hostile/");
    message_answer(script, buf_span(&body), false);
    buf_free(&body);
}

static void byte_value(struct script *script, size_t n)
{
    answer_value(script, (const char *const[2]){"", ""}, n);
}

static void byte_attribute(struct script *script, size_t n)
{
    answer_value(script, (const char *const[2]){"<a b='", "'/>"}, n);
}

static void byte_comment(struct script *script, size_t n)
{
    answer_value(script, (const char *const[2]){"<!--", "-->"}, n);
}

static void byte_cdata(struct script *script, size_t n)
{
    answer_value(script, (const char *const[2]){"<![CDATA[", "]]>"}, n);
}

static void byte_name(struct script *script, size_t n)
{
    answer_value(script, (const char *const[2]){"<", "/>"}, n);
}

const struct hostile_message hostile_messages[] = {
    {"gzip-bomb", gzip_bomb, THOUSAND, 0, false},
    {"gzip-bomb-elements", gzip_bomb_elements, THOUSAND, 0, false},
    {"gzip-bomb-comments", gzip_bomb_comments, THOUSAND, 0, false},
    {"gzip-bomb-in-gzip", gzip_bomb_in_gzip, THOUSAND, 0, false},
    {"many-members", many_members, 500 * THOUSAND, 0, false},
    {"long-gzip-name", long_gzip_name, 10 * MILLION, 0, false},
    {"empty-blocks", empty_blocks, 2 * MILLION, 0, false},
    {"many-codings", many_codings, THOUSAND, 0, false},
    {"chunk-flood", chunk_flood, MILLION, 0, false},
    {"chunk-tags", chunk_tags, MILLION, 0, false},
    {"chunk-extension", chunk_extension, 10 * MILLION, 0, false},
    {"chunk-digits", chunk_digits, MILLION, 0, false},
    {"endless-trailer", endless_trailer, 500 * THOUSAND, 0, false},
    {"endless-head", endless_head, 500 * THOUSAND, 0, false},
    {"endless-field", endless_field, 10 * MILLION, 0, false},
    {"folded-field", folded_field, MILLION, 0, false},
    {"endless-target", endless_target, 10 * MILLION, 0, false},
    {"interim-flood", interim_flood, 500 * THOUSAND, 0, false},
    {"pipeline-flood", pipeline_flood, 50 * THOUSAND, 0, false},
    {"many-agents", many_agents, 50 * THOUSAND, 0, true},
    {"start-line-flood", start_line_flood, 500 * THOUSAND, 0, false},
    {"byte-value", byte_value, 500 * THOUSAND, 1, false},
    {"byte-attribute", byte_attribute, 500 * THOUSAND, 1, false},
    {"byte-comment", byte_comment, 500 * THOUSAND, 1, false},
    {"byte-cdata", byte_cdata, 500 * THOUSAND, 1, false},
    {"byte-name", byte_name, 500 * THOUSAND, 1, false},
};

const size_t n_hostile_messages = sizeof hostile_messages / sizeof *hostile_messages;
