#!/usr/bin/env python3
"""A PUT between two PROPFINDs, and each frame, and each two in a row, missing: the plugin says of each
document what davscope says.

usage: losses.py DAVSCOPE PLUGIN PRELOAD RELEASE      exit 0 right, 1 wrong, 77 no tshark
"""

import os
import shutil
import sys
import tempfile

import compare
import hostile
import host

BODY = (b'<D:multistatus xmlns:D="DAV:"><D:response><D:href>/a/b</D:href>'
        b"<D:status>HTTP/1.1 200 OK</D:status></D:response></D:multistatus>")
ASK = b"PROPFIND /a/ HTTP/1.1\r\nHost: dav.example\r\nDepth: 1\r\n\r\n"
TELL = (b"HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\n"
        b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY)
PUT = b"PUT /a/b HTTP/1.1\r\nHost: dav.example\r\nContent-Length: 0\r\n\r\n"
CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
SENT = (ASK, TELL, PUT, CREATED, ASK, TELL, ASK, TELL)  # in turn


def frames(port, lost):
    client, numbers = (hostile.CLIENT[0], port), [1, 1]
    for number, data in enumerate(SENT):
        side = number % 2
        ends = (client, hostile.SERVER)[::-1 if side else 1]
        if number not in lost:
            yield hostile.frame(*ends, (numbers[side], numbers[1 - side]), data)
        numbers[side] += len(data)


def main():
    davscope, plugin, preload, release = sys.argv[1:]
    if not shutil.which("tshark"):
        sys.exit(host.SKIPPED)
    # There is no handshake: the host knows where a side begins by its first frame.
    losses = [range(first, first + n) for n in (0, 1, 2) for first in range(2, len(SENT) - 1)]
    with tempfile.TemporaryDirectory(prefix="davscope-losses-") as folder:
        os.chmod(folder, 0o755)
        capture = os.path.join(folder, "losses.pcap")
        hostile.write_frames(capture, (data for port, lost in enumerate(losses, 1024)
                                       for data in frames(port, lost)))
        shown = host.plugin_documents(host.Host(plugin, preload, release), capture)
        records, _ = host.davscope_records(davscope, capture)
        wrong = [f"frame {number}: {line}" for number, lines in
                 compare.differences(host.davscope_documents(records), shown) for line in lines]
    print(*wrong, f"{len(losses)} conversations, {len(shown)} documents", sep="\n")
    sys.exit(1 if wrong or len(shown) < len(losses) else 0)


main()
