#!/usr/bin/env python3
"""A PUT between two PROPFINDs, and each frame, and each two in a row, missing: the plugin says of each
document what davscope says.

usage: losses.py DAVSCOPE PLUGIN PRELOAD RELEASE      exit 0 right, 1 wrong, 77 no tshark
"""

import talk

BODY = (b'<D:multistatus xmlns:D="DAV:"><D:response><D:href>/a/b</D:href>'
        b"<D:status>HTTP/1.1 200 OK</D:status></D:response></D:multistatus>")
ASK = b"PROPFIND /a/ HTTP/1.1\r\nHost: dav.example\r\nDepth: 1\r\n\r\n"
TELL = (b"HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\n"
        b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY)
PUT = b"PUT /a/b HTTP/1.1\r\nHost: dav.example\r\nContent-Length: 0\r\n\r\n"
CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
SENT = (ASK, TELL, PUT, CREATED, ASK, TELL, ASK, TELL)  # in turn

# There is no handshake: the host knows where a side begins by its first frame.
LOSSES = [range(first, first + n) for n in (0, 1, 2) for first in range(2, len(SENT) - 1)]
talk.check([list(talk.frames(port, SENT, lost)) for port, lost in enumerate(LOSSES, 1024)])
