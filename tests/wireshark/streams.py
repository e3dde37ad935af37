#!/usr/bin/env python3
"""Conversations of HTTP/2 of which no server makes one: of each the plugin says what davscope says.

usage: streams.py DAVSCOPE PLUGIN PRELOAD RELEASE      exit 0 right, 1 wrong, 77 no tshark
"""

import struct

import talk

DATA, HEADERS, SETTINGS, PUSH_PROMISE = 0, 1, 4, 5
END_STREAM, END_HEADERS = 1, 4
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
QUERY = b'<D:propfind xmlns:D="DAV:"><D:prop><D:getetag/></D:prop></D:propfind>'
ANSWER = (b'<D:multistatus xmlns:D="DAV:"><D:response><D:href>/a/</D:href>'
          b"<D:status>HTTP/1.1 200 OK</D:status></D:response><D:response><D:href>/a/b</D:href>"
          b"<D:status>HTTP/1.1 423 Locked</D:status></D:response></D:multistatus>")


def frame(kind, flags, content, stream=1):
    return struct.pack("!I", len(content))[1:] + struct.pack("!BBI", kind, flags, stream) + content


def fields(*pairs):
    """A header block without a table."""
    return b"".join(b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value
                    for name, value in pairs)


def request(method=b"PROPFIND", path=b"/a/"):
    return fields((b":method", method), (b":scheme", b"http"), (b":path", path),
                  (b":authority", b"dav.example"), (b"depth", b"1"))


HEAD = frame(HEADERS, END_HEADERS, request())
ANSWERED = (frame(HEADERS, END_HEADERS, fields((b":status", b"207"),
                                               (b"content-type", b"application/xml"))) +
            frame(DATA, END_STREAM, ANSWER))
PROMISE = frame(PUSH_PROMISE, END_HEADERS, struct.pack("!I", 2) + request(b"GET", b"/a/b"))

# What is sent: the client's first, then in turn.
CONVERSATIONS = {
    "plain": (HEAD + frame(DATA, END_STREAM, QUERY), ANSWERED),
    "a promise before the answer": (HEAD + frame(DATA, END_STREAM, QUERY), PROMISE, b"", ANSWERED),
    "a request that ends three times": (HEAD + 3 * frame(DATA, END_STREAM, QUERY), ANSWERED),
    "a second head on the stream": (HEAD + frame(DATA, END_STREAM, QUERY) +
                                    frame(HEADERS, END_HEADERS | END_STREAM,
                                          request(b"REPORT", b"/c/")), ANSWERED),
}

BEGUN = (PREFACE + frame(SETTINGS, 0, b"", 0), frame(SETTINGS, 0, b"", 0))

talk.check([list(talk.frames(port, BEGUN + sent))
            for port, sent in enumerate(CONVERSATIONS.values(), 1024)])
