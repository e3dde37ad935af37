/* body_pass STEPS BODIES: does with the bodies that make_capture wrote what no program can do
 * without, and nothing else: `sax` parses them with libxml2's push parser and empty handlers,
 * `inflate` undoes their gzip, `inflate+sax` does both, `decrypt+sax` opens their TLS records
 * first. Prints how many bytes came out. */
#include "tests/bench/secure.h"

#include <libxml/parser.h>
#include <zlib.h>

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is handed to libxml2 at once. Small pieces cost the push parser more. */
enum { PIECE_BYTES = 16384, GZIP_WINDOW = 31, MAX_RECORD_BYTES = 17 * 1024 };

struct pass {
    bool is_inflated, is_decrypted, is_parsed;
    xmlParserCtxtPtr parser;
    z_stream z;
    uint64_t n_bodies, n_bytes;
};

/* ---- empty handlers ---- */

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int n_namespaces, const xmlChar **namespaces, int n_attributes,
                     int n_defaulted, const xmlChar **attributes)
{
    (void)ctx, (void)name, (void)prefix, (void)uri, (void)n_namespaces, (void)namespaces;
    (void)n_attributes, (void)n_defaulted, (void)attributes;
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)ctx, (void)name, (void)prefix, (void)uri;
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
    (void)ctx, (void)text, (void)len;
}

/* ---- steps ---- */

static void parse(struct pass *p, const unsigned char *bytes, size_t len)
{
    p->n_bytes += len;
    if (!p->is_parsed)
        return;
    for (size_t at = 0; at < len; at += PIECE_BYTES) {
        size_t n = len - at < PIECE_BYTES ? len - at : PIECE_BYTES;
        xmlParseChunk(p->parser, (const char *)bytes + at, (int)n, 0);
    }
}

static void inflate_and_parse(struct pass *p, unsigned char *bytes, size_t len)
{
    unsigned char piece[PIECE_BYTES];
    inflateReset(&p->z);
    p->z.next_in = bytes;
    p->z.avail_in = (uInt)len;
    int result = Z_OK;
    while (result == Z_OK) {
        p->z.next_out = piece;
        p->z.avail_out = sizeof piece;
        result = inflate(&p->z, Z_NO_FLUSH);
        parse(p, piece, sizeof piece - p->z.avail_out);
    }
}

static void decrypt_and_parse(struct pass *p, struct span records)
{
    unsigned char piece[MAX_RECORD_BYTES];
    struct seal seal;
    seal_init(&seal, secure_server_secret, false);
    seal.sequence = 1;
    while (records.len > 0) {
        struct span record = span_first(records, seal_record_bytes(records));
        struct span frame = seal_open(&seal, record, piece);
        parse(p, frame.ptr + SECURE_FRAME_BYTES, frame.len - SECURE_FRAME_BYTES);
        records = span_after(records, record.len);
    }
    seal_free(&seal);
}

static void take_body(struct pass *p, unsigned char *bytes, size_t len)
{
    xmlCtxtResetPush(p->parser, NULL, 0, NULL, NULL);
    if (p->is_inflated)
        inflate_and_parse(p, bytes, len);
    else if (p->is_decrypted)
        decrypt_and_parse(p, span_of(bytes, len));
    else
        parse(p, bytes, len);
    if (p->is_parsed)
        xmlParseChunk(p->parser, NULL, 0, 1);
    p->n_bodies++;
}

static bool take_file(struct pass *p, FILE *file)
{
    unsigned char *body = NULL;
    uint64_t len, capacity = 0;
    bool is_whole = true;
    while (is_whole && fread(&len, sizeof len, 1, file) == 1) {
        if (len > capacity) {
            free(body);
            capacity = 2 * len;
            body = malloc(capacity);
        }
        is_whole = body && fread(body, 1, len, file) == len;
        if (is_whole)
            take_body(p, body, len);
    }
    free(body);
    return is_whole;
}

int main(int argc, char **argv)
{
    xmlSAXHandler handlers = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
    };
    FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;
    if (!file) {
        fprintf(stderr, "usage: body_pass sax|inflate|inflate+sax|decrypt+sax BODIES\n");
        return 2;
    }
    struct pass p = {
        .is_inflated = strstr(argv[1], "inflate"),
        .is_decrypted = strstr(argv[1], "decrypt"),
        .is_parsed = strstr(argv[1], "sax"),
        .parser = xmlCreatePushParserCtxt(&handlers, NULL, NULL, 0, NULL),
    };
    bool is_done = p.parser && inflateInit2(&p.z, GZIP_WINDOW) == Z_OK && take_file(&p, file);
    printf("%" PRIu64 " bodies, %" PRIu64 " bytes\n", p.n_bodies, p.n_bytes);
    inflateEnd(&p.z);
    xmlFreeParserCtxt(p.parser);
    fclose(file);
    return is_done ? 0 : 1;
}
