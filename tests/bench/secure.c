/* Bodies arrive; hellos, records and key log leave. */
#include "tests/bench/secure.h"

#include "tests/support/hpack_write.h"

enum { RANDOM_BYTES = 32, HANDSHAKE = 22, APPLICATION = 23, PIECE_BYTES = 16000 };

enum frame { FRAME_DATA = 0, FRAME_HEADERS = 1, FRAME_SETTINGS = 4 };
enum frame_flag { FLAG_END_STREAM = 1, FLAG_ACK = 1, FLAG_END_HEADERS = 4 };

const uint8_t secure_server_secret[SEAL_SECRET_BYTES] = {4};

static const struct secret {
    const char *label;
    uint8_t bytes[SEAL_SECRET_BYTES];
} client_handshake = {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", {1}},
  server_handshake = {"SERVER_HANDSHAKE_TRAFFIC_SECRET", {2}},
  client_traffic = {"CLIENT_TRAFFIC_SECRET_0", {3}},
  server_traffic = {"SERVER_TRAFFIC_SECRET_0", {4}};

static void make_random(uint64_t number, uint8_t side, uint8_t out[RANDOM_BYTES])
{
    memset(out, side, RANDOM_BYTES);
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(number >> 8 * i);
}

static void write_hex(FILE *file, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fprintf(file, "%02x", bytes[i]);
}

static void log_secrets(FILE *keys, const uint8_t *client_random)
{
    const struct secret *secrets[] = {&client_handshake, &server_handshake, &client_traffic,
                                      &server_traffic};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        fprintf(keys, "%s ", secrets[i]->label);
        write_hex(keys, client_random, RANDOM_BYTES);
        fputc(' ', keys);
        write_hex(keys, secrets[i]->bytes, SEAL_SECRET_BYTES);
        fputc('\n', keys);
    }
}

/* ---- the handshake ---- */

/* A handshake message of that type, in a record in the clear: first, a random, rest. */
static void say_hello(struct buf *out, uint8_t type, const uint8_t *random, struct span rest)
{
    size_t n = 2 + RANDOM_BYTES + rest.len;
    const uint8_t head[] = {HANDSHAKE, 3, 3, 0, (uint8_t)(n + 4), type, 0, 0, (uint8_t)n, 3, 3};
    say_bytes(out, span_of(head, sizeof head));
    say_bytes(out, span_of(random, RANDOM_BYTES));
    say_bytes(out, rest);
}

static void say_hellos(struct script *script, uint64_t number, FILE *keys)
{
    /* No session; one suite; no compression; TLS 1.3, and HTTP/2 by ALPN. */
    static const uint8_t client_rest[] = {0, 0, 2, 0x13, 1,  1, 0, 0, 16, 0, 0x2b, 0,  3,
                                          2, 3, 4, 0,    16, 0, 5, 0, 3,  2, 'h',  '2'};
    static const uint8_t server_rest[] = {0, 0x13, 1, 0, 0, 6, 0, 0x2b, 0, 2, 3, 4};
    uint8_t random[RANDOM_BYTES];
    make_random(number, 1, random);
    log_secrets(keys, random);
    say_hello(&script->opening[DIR_CLIENT], 1, random, span_of(client_rest, sizeof client_rest));
    make_random(number, 2, random);
    say_hello(&script->opening[DIR_SERVER], 2, random, span_of(server_rest, sizeof server_rest));
}

/* EncryptedExtensions, Certificate, CertificateVerify, Finished: of usual sizes. */
static void say_server_flight(struct buf *out)
{
    uint8_t flight[6 + 4 + 1500 + 4 + 264 + 4 + 32] = {8, 0, 0, 2, 0, 0};
    struct seal seal;
    memcpy(flight + 6, (const uint8_t[]){11, 0, 1500 >> 8, 1500 & 0xFF}, 4);
    memcpy(flight + 1510, (const uint8_t[]){15, 0, 264 >> 8, 264 & 0xFF}, 4);
    memcpy(flight + 1778, (const uint8_t[]){20, 0, 0, 32}, 4);
    seal_init(&seal, server_handshake.bytes, true);
    seal_add(&seal, HANDSHAKE, span_of(flight, sizeof flight), out);
    seal_free(&seal);
}

static void say_client_finished(struct buf *out)
{
    const uint8_t finished[4 + 32] = {20, 0, 0, 32};
    struct seal seal;
    seal_init(&seal, client_handshake.bytes, true);
    seal_add(&seal, HANDSHAKE, span_of(finished, sizeof finished), out);
    seal_free(&seal);
}

/* ---- HTTP/2 ---- */

static void say_frame(struct buf *out, enum frame frame, int flags, struct span payload)
{
    bool is_of_stream = frame != FRAME_SETTINGS;
    const uint8_t head[SECURE_FRAME_BYTES] = {(uint8_t)(payload.len >> 16),
                                              (uint8_t)(payload.len >> 8),
                                              (uint8_t)payload.len,
                                              (uint8_t)frame,
                                              (uint8_t)flags,
                                              0,
                                              0,
                                              0,
                                              is_of_stream};
    say_bytes(out, span_of(head, sizeof head));
    say_bytes(out, payload);
}

static void say_field(struct hpack_write *table, struct buf *block, const char *name,
                      const char *value)
{
    char field[1024];
    snprintf(field, sizeof field, "%s: %s", name, value);
    hpack_write_field(table, span_str(field), true, block);
}

static void say_head(struct buf *out, const char *const (*fields)[2], size_t n)
{
    struct hpack_write table;
    struct buf block;
    hpack_write_init(&table);
    buf_init(&block, SIZE_MAX);
    for (size_t i = 0; i < n; i++)
        say_field(&table, &block, fields[i][0], fields[i][1]);
    say_frame(out, FRAME_HEADERS, FLAG_END_HEADERS, buf_span(&block));
    buf_free(&block);
    hpack_write_free(&table);
}

/* A DATA frame a record. */
static void say_body(struct seal *seal, struct span body, struct buf *out)
{
    struct buf frame;
    buf_init(&frame, SIZE_MAX);
    do {
        struct span piece = span_first(body, PIECE_BYTES);
        body = span_after(body, piece.len);
        buf_clear(&frame);
        say_frame(&frame, FRAME_DATA, body.len == 0 ? FLAG_END_STREAM : 0, piece);
        seal_add(seal, APPLICATION, buf_span(&frame), out);
    } while (body.len > 0);
    buf_free(&frame);
}

static void say_request(struct buf *out, const struct secure_exchange *exchange)
{
    const char *const fields[][2] = {
        {":method", exchange->method},      {":scheme", "https"},
        {":authority", "files.example"},    {":path", exchange->target},
        {"user-agent", "bench/1.0"},        {"depth", "1"},
        {"content-type", "application/xml"}};
    struct seal seal;
    struct buf frames;
    buf_init(&frames, SIZE_MAX);
    say_bytes(&frames, span_str("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    say_frame(&frames, FRAME_SETTINGS, 0, span_str(""));
    say_head(&frames, fields, sizeof fields / sizeof *fields);
    seal_init(&seal, client_traffic.bytes, true);
    seal_add(&seal, APPLICATION, buf_span(&frames), out);
    say_body(&seal, exchange->asked, out);
    seal_free(&seal);
    buf_free(&frames);
}

/* Returns where in out the body begins. */
static size_t say_response(struct buf *out, struct span body)
{
    static const char *const fields[][2] = {
        {":status", "207"},
        {"date", "Fri, 02 Jan 2026 03:04:05 GMT"},
        {"server", "bench"},
        {"content-type", "application/xml; charset=utf-8"},
    };
    struct seal seal;
    struct buf frames;
    buf_init(&frames, SIZE_MAX);
    say_frame(&frames, FRAME_SETTINGS, 0, span_str(""));
    say_frame(&frames, FRAME_SETTINGS, FLAG_ACK, span_str(""));
    say_head(&frames, fields, sizeof fields / sizeof *fields);
    seal_init(&seal, secure_server_secret, true);
    seal_add(&seal, APPLICATION, buf_span(&frames), out);
    size_t begin = out->len;
    say_body(&seal, body, out);
    seal_free(&seal);
    buf_free(&frames);
    return begin;
}

struct span secure_script(struct script *script, const struct secure_exchange *exchange, FILE *keys)
{
    script->server_port = 443;
    script->is_last = true;
    say_hellos(script, exchange->number, keys);
    say_server_flight(&script->opening[DIR_SERVER]);
    say_client_finished(&script->message[DIR_CLIENT]);
    say_request(&script->message[DIR_CLIENT], exchange);
    size_t begin = say_response(&script->message[DIR_SERVER], exchange->answered);
    return span_after(buf_span(&script->message[DIR_SERVER]), begin);
}
