/* Dice arrive, exchanges leave. Bodies are slices of what web_init made, at places that dice pick:
 * nobody looks into them. */
#include "tests/bench/web.h"

#include <stdio.h>

enum {
    NOISE_BYTES = 16 << 20,
    TEXT_BYTES = 2 << 20,
    RECORD_BYTES = 16384,
    RECORD_HEAD_BYTES = 5,
};

static struct span slice(const struct buf *from, struct dice *dice, uint32_t n_bytes)
{
    uint32_t at = dice_below(dice, (uint32_t)from->len - n_bytes + 1);
    return span_of(from->ptr + at, n_bytes);
}

static void fill_prose(struct buf *out, struct dice *dice)
{
    static const char *const words[] = {
        "report ",   "of ",     "the ",   "<b>third</b> ", "quarter ",
        "and ",      "a ",      "<br>\n", "plan ",         "<a href=\"/page/7\">more</a> ",
        "for ",      "people ", "who ",   "read ",         "late ",
        "</p>\n<p>",
    };
    while (out->len < TEXT_BYTES)
        say_bytes(out, span_str(words[dice_below(dice, sizeof words / sizeof *words)]));
}

static void fill_objects(struct buf *out, struct dice *dice)
{
    while (out->len < TEXT_BYTES)
        say(out, "{\"id\":%u,\"name\":\"item %u\",\"price\":%u.99,\"tags\":[\"a\",\"b\"]},\n",
            dice_below(dice, 1000000), dice_below(dice, 1000), dice_below(dice, 500));
}

static void fill_noise(struct buf *out, struct dice *dice)
{
    uint64_t block[512];
    while (out->len < NOISE_BYTES) {
        for (size_t i = 0; i < sizeof block / sizeof *block; i++)
            block[i] = dice_next(dice);
        say_bytes(out, span_of(block, sizeof block));
    }
}

static void fill_records(struct buf *out, const struct buf *noise)
{
    static const uint8_t application_data[RECORD_HEAD_BYTES] = {23, 3, 3, RECORD_BYTES >> 8, 0};
    for (size_t at = 0; at < noise->len; at += RECORD_BYTES) {
        say_bytes(out, span_of(application_data, sizeof application_data));
        say_bytes(out, span_of(noise->ptr + at, RECORD_BYTES));
    }
}

void web_init(struct web *web, struct dice *dice)
{
    buf_init(&web->noise, NOISE_BYTES);
    buf_init(&web->records, 2 * NOISE_BYTES);
    buf_init(&web->prose, 2 * TEXT_BYTES);
    buf_init(&web->objects, 2 * TEXT_BYTES);
    fill_noise(&web->noise, dice);
    fill_records(&web->records, &web->noise);
    fill_prose(&web->prose, dice);
    fill_objects(&web->objects, dice);
}

void web_free(struct web *web)
{
    buf_free(&web->noise);
    buf_free(&web->records);
    buf_free(&web->prose);
    buf_free(&web->objects);
}

static void request(struct script *script, struct dice *dice, const char *folder)
{
    char target[64];
    snprintf(target, sizeof target, "/%s/%08x", folder, (unsigned)dice_next(dice));
    const struct script_request get = {"GET", target, "Cookie: s=1\r\n", span_str("")};
    script_request(script, &get);
}

void web_ping(struct web *web, struct dice *dice, struct script *script)
{
    request(script, dice, "ping");
    script_response(script, &(struct script_response){
                                .status = 200,
                                .type = "application/json",
                                .body = slice(&web->objects, dice, dice_size(dice, 20, 200)),
                            });
}

void web_page(struct web *web, struct dice *dice, struct script *script)
{
    struct buf page, coded;
    buf_init(&page, TEXT_BYTES);
    buf_init(&coded, TEXT_BYTES);
    say(&page, "<!DOCTYPE html>\n<html><head><title>Report</title></head><body><p>");
    say_bytes(&page, slice(&web->prose, dice, dice_size(dice, 5000, 150000)));
    say(&page, "</p></body></html>\n");
    script_gzip(&coded, buf_span(&page));
    request(script, dice, "page");
    script_response(script, &(struct script_response){.status = 200,
                                                      .type = "text/html; charset=utf-8",
                                                      .body = buf_span(&coded),
                                                      .is_gzip = true,
                                                      .is_chunked = true});
    buf_free(&page);
    buf_free(&coded);
}

void web_image(struct web *web, struct dice *dice, struct script *script)
{
    request(script, dice, "image");
    script_response(script, &(struct script_response){
                                .status = 200,
                                .type = "image/jpeg",
                                .body = span_str("\xff\xd8\xff\xe0"),
                                .filler = slice(&web->noise, dice, dice_size(dice, 5000, 500000)),
                            });
}

void web_interface(struct web *web, struct dice *dice, struct script *script)
{
    const struct script_request post = {
        "POST",
        "/api/search",
        "Authorization: Bearer bench\r\n",
        span_str("{\"query\":\"chairs\",\"page\":1}"),
    };
    script_request(script, &post);
    script_response(script, &(struct script_response){
                                .status = 200,
                                .type = "application/json",
                                .body = span_str("[\n"),
                                .filler = slice(&web->objects, dice, dice_size(dice, 300, 60000)),
                            });
}

void web_download(struct web *web, struct dice *dice, struct script *script)
{
    uint32_t n_bytes = dice_size(dice, 500000, 12 << 20);
    request(script, dice, "download");
    script_response(script, &(struct script_response){
                                .status = 200,
                                .type = "application/octet-stream",
                                .filler = slice(&web->noise, dice, n_bytes),
                            });
}

/* Both sides begin with a handshake record, RFC 8446 §5.1; then it is application data. */
void web_encrypted(struct web *web, struct dice *dice, struct script *script)
{
    static const uint8_t client_hello[] = {22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3};
    static const uint8_t server_hello[] = {22, 3, 3, 0, 122, 2, 0, 0, 118, 3, 3};
    say_bytes(&script->message[DIR_CLIENT], span_of(client_hello, sizeof client_hello));
    say_bytes(&script->message[DIR_CLIENT], slice(&web->noise, dice, 517 - sizeof client_hello));
    say_bytes(&script->message[DIR_SERVER], span_of(server_hello, sizeof server_hello));
    say_bytes(&script->message[DIR_SERVER], slice(&web->noise, dice, 127 - sizeof server_hello));
    script->filler = span_of(web->records.ptr, dice_size(dice, 4000, 8 << 20));
    script->server_port = 443;
    script->is_last = true;
}
