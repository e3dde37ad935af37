#!/usr/bin/env python3
"""Plays a capture of HTTP/2 with each of some packets missing and holds every run against the whole.

Of an exchange whose packets are all there everything is the same, but that header fields which refer
to header blocks not seen may be unknown: HTTP status and what the request asked. Of one that may have
lost something the verdict is the same or "incomplete" or "undecodable", and every resource with a
class other than unknown is one of the whole capture. What is missing at the beginning of the capture is
tried, too: joined midway nothing is wrong.
In TLS, whose secrets stand in the capture, a record is told by its last packet, and needs those before
it. What is joined midway stays closed there, and so does what lacks one of the KEPT packets: the
ServerHello of TLS 1.2.
usage: h2_loss.py DAVSCOPE CAPTURE EVERY [KEPT...]    of the packets each EVERYth; exit 0 or 1
"""

import gzip
import json
import pathlib
import struct
import subprocess
import sys

PACKETS_OF_RECORD = 3  # of those of answers, in the captures that are played here
UNJUDGED = {"incomplete", "undecodable"}


SECTION, PACKET = 0x0A0D0D0A, 6


def read_pcapng(data):
    """As read_pcap; the secrets go with the header."""
    header, packets, at = b"", [], 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if kind == PACKET:
            packets.append(data[at : at + size])
        else:
            header += data[at : at + size]
        at += size
    return header, packets


def read_pcap(path):
    """-> (file header, the packets with their headers)"""
    data = pathlib.Path(path).read_bytes()
    data = gzip.decompress(data) if path.endswith(".gz") else data
    if struct.unpack_from("<I", data)[0] == SECTION:
        return read_pcapng(data)
    packets, at = [], 24
    while at < len(data):
        size = 16 + struct.unpack_from("<I", data, at + 8)[0]
        packets.append(data[at : at + size])
        at += size
    return data[:24], packets


def documents(davscope, capture):
    """-> {(client port, stream): record}"""
    run = subprocess.run([davscope, "-q", "-o", "json", "-"], input=capture, stdout=subprocess.PIPE, check=False)
    found = {}
    for line in run.stdout.splitlines():
        record = json.loads(line)
        stream = record.get("davscope", {}).get("stream")
        if record["event"]["dataset"] == "davscope.multistatus" and stream:
            found[record["source"]["port"], stream] = record
    return found


def resources(record):
    return [json.dumps({k: r.get(k) for k in ("href", "status", "propstats")}, sort_keys=True)
            for r in record["multistatus"].get("resources", []) if r["class"] != "unknown"]  # fmt: skip


def has_tls(records):
    return any("tls" in record for record in records.values())


def is_touched(record, lost):
    before = PACKETS_OF_RECORD - 1 if "tls" in record else 0
    return any(first - before <= frame <= last for first, last in record["davscope"]["frames"].values() for frame in lost)


def wrong(whole, now, lost):
    """Says what is wrong with what is said of a stream now, or None."""
    if now is None:
        return None if is_touched(whole, lost) else "it is missing"
    status = now["http"]["response"].get("status_code")
    method = now["http"].get("request", {}).get("method")
    if status not in (None, whole["http"]["response"]["status_code"]):
        return f"HTTP status {status}"
    if method not in (None, whole["http"]["request"]["method"]):
        return f"method {method}"
    if not set(resources(now)) <= set(resources(whole)):
        return f"resource {(set(resources(now)) - set(resources(whole))).pop()}"
    verdict, was = now["multistatus"]["verdict"], whole["multistatus"]["verdict"]
    if is_touched(whole, lost):
        is_same = verdict in UNJUDGED | {was} or method is None
    else:
        is_same = verdict == was or method is None
        is_same = is_same and resources(now) == resources(whole)
    return None if is_same else f"verdict {verdict} instead of {was}"


def main():
    davscope, path, every = sys.argv[1], sys.argv[2], int(sys.argv[3])
    header, packets = read_pcap(path)
    whole = documents(davscope, header + b"".join(packets))
    n_wrong = 0
    kept = {int(n) for n in sys.argv[4:]}
    damages = [{n} for n in range(1, len(packets) + 1, every) if n not in kept]
    if not has_tls(whole):  # joined midway it stays closed
        damages += [set(range(1, n)) for n in range(2, len(packets) + 1, max(1, len(packets) // 20))]
    for lost in damages:
        now = documents(davscope, header + b"".join(p for n, p in enumerate(packets, 1) if n not in lost))
        for stream, record in whole.items():
            problem = wrong(record, now.get(stream), lost)
            if problem:
                print(f"{path} without {min(lost)}-{max(lost)}, stream {stream}: {problem}")
                n_wrong += 1
    print(f"{len(damages)} plays, {len(whole)} documents, {n_wrong} wrong")
    sys.exit(1 if n_wrong or not whole else 0)


if __name__ == "__main__":
    main()
