/* Content of handshake records, behind a byte that says how it is cut. However it is cut the same
 * messages come out, and what is read in a hello stands inside its body. */
#include "dissector/base/hash.h"
#include "dissector/tls/handshake.h"

#include <stdlib.h>

static void expect_inside(struct span part, struct span body)
{
    if (part.len > 0 && (part.ptr < body.ptr || part.ptr + part.len > body.ptr + body.len))
        abort();
}

static void read_hellos(struct span body)
{
    struct client_hello client = {.offers_h2 = false};
    struct server_hello server = {.suite = 0};
    if (client_hello_parse(body, &client)) {
        expect_inside(client.random, body);
        expect_inside(client.session_id, body);
        expect_inside(client.server_name, body);
        expect_inside(client.ticket, body);
    }
    if (server_hello_parse(body, &server)) {
        expect_inside(server.random, body);
        expect_inside(server.session_id, body);
    }
    (void)encrypted_extensions_accept_early(body);
    expect_inside(session_ticket(body), body);
}

static uint64_t read_all(struct span content, size_t piece_bytes, bool wants_all)
{
    const struct hash_key key = {1, 2};
    struct handshake handshake;
    struct handshake_message message;
    uint64_t digest = 0;
    bool is_nomem = false;
    handshake_init(&handshake, 4096, wants_all);
    while (content.len > 0) {
        struct span piece = span_first(content, piece_bytes);
        content = span_after(content, piece.len);
        while (handshake_next(&handshake, &piece, &message, &is_nomem)) {
            read_hellos(message.body);
            digest = digest * 31 + hash_bytes(&key, message.whole);
        }
    }
    handshake_free(&handshake);
    return digest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct span content = span_of(data + 1, size - 1);
    bool wants_all = data[0] & 1;
    if (read_all(content, size, wants_all) != read_all(content, 1 + data[0] / 2, wants_all))
        abort();
    return 0;
}
