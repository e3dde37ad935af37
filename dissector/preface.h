/* preface: what a stream may begin with before the protocol it is about: a PROXY protocol header,
 * versions 1 and 2 (haproxy.org, proxy-protocol.txt), and the handshake of SOCKS 4, 4a and 5 (RFC
 * 1928, RFC 1929). Told from the first bytes of one side alone; what a stream begins with whose
 * beginning was not seen is none, unless it proves to be one. User names and passwords are passed
 * over and never copied. */
#pragma once

#include "dissector/base/span.h"
#include "dissector/net/segment.h"

enum preface_kind {
    PREFACE_NONE,
    PREFACE_MORE, /* it may be one, when more bytes come; at most PREFACE_MAX_BYTES of them */
    PREFACE_WHOLE,
};

/* A PROXY header of version 2 says its length in 16 bits; the others are shorter. */
enum { PREFACE_MAX_BYTES = 16 + 65535 };

struct preface {
    size_t len;             /* of it, when whole */
    struct endpoint source; /* of the client, from a PROXY header; version 0: not given */
    bool is_proof;          /* whole, or with more bytes: a PROXY header, which begins a stream */
    bool is_grant;          /* the answer of SOCKS: what the client sent before was for the proxy */
};

enum preface_kind preface_find(struct span bytes, struct preface *preface);
