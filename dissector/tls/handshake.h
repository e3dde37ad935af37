/* handshake: the handshake content of records in, messages out; and what a hello says. RFC 8446 §4,
 * RFC 5246 §7.4.
 *
 * Messages may be split and joined over records in any way. Only those that tell something here, or
 * all of them, are kept until they are whole, at most max_bytes of each; the others are counted
 * off. One owner thread. */
#pragma once

#include "dissector/base/buf.h"

enum handshake_type {
    HANDSHAKE_HELLO_REQUEST = 0,
    HANDSHAKE_CLIENT_HELLO = 1,
    HANDSHAKE_SERVER_HELLO = 2,
    HANDSHAKE_NEW_SESSION_TICKET = 4,
    HANDSHAKE_END_OF_EARLY_DATA = 5,
    HANDSHAKE_ENCRYPTED_EXTENSIONS = 8,
    HANDSHAKE_CLIENT_KEY_EXCHANGE = 16,
    HANDSHAKE_FINISHED = 20,
    HANDSHAKE_KEY_UPDATE = 24,
};

enum { HANDSHAKE_HEADER_BYTES = 4 };

struct handshake {
    /* fields are private */
    struct buf kept;
    uint32_t left_bytes; /* of a message that is passed over */
    bool wants_all;
};

void handshake_init(struct handshake *handshake, size_t max_bytes, bool wants_all);

/* Takes the next message from the front of *content: true with its type and bytes, borrowed until
 * the next call. False: all was taken, and no (further) message is whole. *is_nomem: no memory. */
struct handshake_message {
    enum handshake_type type;
    struct span whole, body; /* with its header, and without */
};
bool handshake_next(struct handshake *handshake, struct span *content,
                    struct handshake_message *message, bool *is_nomem);

/* Content is missing: what comes next begins a message. */
void handshake_restart(struct handshake *handshake);

void handshake_free(struct handshake *handshake);

enum { HELLO_RANDOM_BYTES = 32, HELLO_MAX_SESSION_BYTES = 32 };

struct client_hello {
    struct span random;      /* HELLO_RANDOM_BYTES */
    struct span session_id;  /* at most HELLO_MAX_SESSION_BYTES */
    struct span server_name; /* empty: none */
    struct span ticket;      /* of TLS 1.2; empty: none */
    bool offers_h2;          /* ALPN names HTTP/2 */
    bool offers_early_data;
};

/* False: the body is none. Spans are borrowed from body. */
bool client_hello_parse(struct span body, struct client_hello *hello);

struct server_hello {
    struct span random, session_id;
    uint16_t version; /* as agreed upon */
    uint16_t suite;
    uint8_t compression;
    bool is_retry; /* HelloRetryRequest, RFC 8446 §4.1.4 */
    bool is_etm;   /* encrypt-then-MAC, RFC 7366 */
    bool is_ems;   /* extended master secret, RFC 7627 */
};

bool server_hello_parse(struct span body, struct server_hello *hello);

/* Whether EncryptedExtensions accept early data. */
bool encrypted_extensions_accept_early(struct span body);

/* The ticket of a TLS 1.2 NewSessionTicket; empty when there is none. */
struct span session_ticket(struct span body);
