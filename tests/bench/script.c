/* What is to be said arrives, the bytes of messages leave. Only the few fields that any server and
 * client send. */
#include "tests/bench/script.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum { MAX_MESSAGE_BYTES = 1 << 28, MAX_SAY_BYTES = 4096, CHUNK_BYTES = 16384, GZIP_WINDOW = 31 };

static _Noreturn void give_up(const char *why)
{
    fprintf(stderr, "%s\n", why);
    exit(1);
}

void script_init(struct script *s)
{
    *s = (struct script){0};
    for (int dir = 0; dir < 2; dir++) {
        buf_init(&s->opening[dir], MAX_MESSAGE_BYTES);
        buf_init(&s->message[dir], MAX_MESSAGE_BYTES);
    }
}

void script_clear(struct script *s)
{
    for (int dir = 0; dir < 2; dir++) {
        buf_clear(&s->opening[dir]);
        buf_clear(&s->message[dir]);
    }
    s->filler = span_str("");
    s->server_port = 80;
    s->is_last = false;
}

void script_free(struct script *s)
{
    for (int dir = 0; dir < 2; dir++) {
        buf_free(&s->opening[dir]);
        buf_free(&s->message[dir]);
    }
}

void say_bytes(struct buf *out, struct span bytes)
{
    if (buf_append(out, bytes) != BUF_OK)
        give_up("no memory");
}

void say(struct buf *out, const char *format, ...)
{
    char text[MAX_SAY_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (len < 0 || (size_t)len >= sizeof text)
        give_up("too much said at once");
    say_bytes(out, span_of(text, (size_t)len));
}

void script_request(struct script *s, const struct script_request *request)
{
    struct buf *out = &s->message[DIR_CLIENT];
    say(out,
        "%s %s HTTP/1.1\r\nHost: files.example\r\nUser-Agent: bench/1.0\r\nAccept: */*\r\n"
        "Accept-Encoding: gzip\r\n%s",
        request->method, request->target, request->fields);
    if (request->body.len)
        say(out, "Content-Type: application/%s\r\nContent-Length: %zu\r\n",
            request->body.ptr[0] == '<' ? "xml" : "json", request->body.len);
    say(out, "\r\n");
    say_bytes(out, request->body);
}

static void say_chunked(struct buf *out, struct span body)
{
    while (body.len) {
        struct span chunk = span_first(body, CHUNK_BYTES);
        say(out, "%zx\r\n", chunk.len);
        say_bytes(out, chunk);
        say(out, "\r\n");
        body = span_after(body, chunk.len);
    }
    say(out, "0\r\n\r\n");
}

void script_response(struct script *s, const struct script_response *response)
{
    struct buf *out = &s->message[DIR_SERVER];
    say(out, "HTTP/1.1 %d %s\r\nDate: Fri, 02 Jan 2026 03:04:05 GMT\r\nServer: bench\r\n",
        response->status, response->status == 207 ? "Multi-Status" : "OK");
    say(out, "Content-Type: %s\r\n", response->type);
    if (response->is_gzip)
        say(out, "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n");
    if (response->is_chunked) {
        say(out, "Transfer-Encoding: chunked\r\n\r\n");
        say_chunked(out, response->body);
        return;
    }
    say(out, "Content-Length: %zu\r\n\r\n", response->body.len + response->filler.len);
    say_bytes(out, response->body);
    s->filler = response->filler;
}

void script_gzip(struct buf *out, struct span bytes)
{
    uint8_t piece[65536];
    z_stream z = {.next_in = (Bytef *)(uintptr_t)bytes.ptr, .avail_in = (uInt)bytes.len};
    if (deflateInit2(&z, 6, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        give_up("no memory");
    int result = Z_OK;
    while (result == Z_OK) {
        z.next_out = piece;
        z.avail_out = sizeof piece;
        result = deflate(&z, Z_FINISH);
        say_bytes(out, span_of(piece, sizeof piece - z.avail_out));
    }
    deflateEnd(&z);
}
