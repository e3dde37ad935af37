#!/usr/bin/env python3
"""Bodies of the fuzz corpora, whole, cut and spoilt, as answers in a capture: the plugin says of each
what davscope says, and the host meets no more errors than it meets without the plugin.

usage: hostile.py DAVSCOPE PLUGIN PRELOAD RELEASE LARGE_CAPTURE CORPUS...      exit 0 right, 1 wrong, 77 no tshark
"""

import os
import pathlib
import shutil
import struct
import sys
import tempfile

import compare
import host

CLIENT, SERVER = (bytes([192, 0, 2, 10]), 40000), (bytes([192, 0, 2, 80]), 80)
SEGMENT_BYTES = 1400
ERRORS = "_ws.malformed || _ws.expert.group == Malformed || _ws.expert.message contains \"Dissector bug\""


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def frame(sender, receiver, numbers, payload):
    """numbers: (sequence, acknowledgement)."""
    tcp = struct.pack("!HHIIBBHHH", sender[1], receiver[1], *numbers, 5 << 4, 0x18, 65535, 0, 0)
    pseudo = sender[0] + receiver[0] + struct.pack("!HH", 6, len(tcp) + len(payload))
    tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp + payload)) + tcp[18:] + payload
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0) + sender[0] + receiver[0]
    return ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:] + tcp


def exchange(port, body):
    """The frames of one connection."""
    client = (CLIENT[0], port)
    request = b"PROPFIND /a/ HTTP/1.1\r\nHost: dav.example\r\nDepth: 1\r\n\r\n"
    head = ("HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\n"
            f"Content-Length: {len(body)}\r\n\r\n")
    yield frame(client, SERVER, (1, 1), request)
    response, at = head.encode() + body, 0
    for at in range(0, len(response), SEGMENT_BYTES):
        yield frame(SERVER, client, (1 + at, 1 + len(request)), response[at:at + SEGMENT_BYTES])


def spoilt(body, seed):
    """A few bytes changed, always the same ones."""
    changed = bytearray(body)
    for _ in range(3):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        changed[seed % len(changed)] = seed >> 8 & 0xFF
    return bytes(changed)


def bodies(folders):
    for folder in folders:
        for path in sorted(pathlib.Path(folder).iterdir()):
            body = path.read_bytes()
            # The first bytes are switches of the fuzz targets, and XML behind other bytes is a case.
            for whole in (body, body[2:]):
                yield whole
                yield whole[:len(whole) * 2 // 3]
                if whole:
                    yield from (spoilt(whole, seed) for seed in (1, 2))


def write_frames(path, frames):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101))
        for n, data in enumerate(frames, 1):
            file.write(struct.pack("<IIII", n, 0, len(data), len(data)) + data)
    os.chmod(path, 0o644)


def write_capture(path, folders):
    """-> how many exchanges."""
    all_bodies = list(bodies(folders))
    write_frames(path, (data for port, body in enumerate(all_bodies, 1025)
                        for data in exchange(port, body)))
    return len(all_bodies)


def errors(tshark, capture):
    return tshark.tshark(capture, "-Y", ERRORS, "-T", "fields", "-e", "frame.number").split()


def wrong_bounds(tshark, large):
    """A document whose tree would be larger than the host allows is told in part, and says so."""
    shown = tshark.tshark(large, "-o", "gui.max_tree_items:5000", "-Y", "multistatus", "-T", "fields",
                          "-e", "multistatus.resources", "-e", "multistatus.expert.left_out", "-e",
                          "_ws.expert.message")
    n_cut = sum("counted and not shown" in line for line in shown.splitlines())
    if n_cut == 0 or "Adding multistatus" in shown:
        yield f"{large}: {shown[:300]}"


def main():
    davscope, plugin, preload, release, large, *folders = sys.argv[1:]
    if not shutil.which("tshark"):
        sys.exit(host.SKIPPED)
    with tempfile.TemporaryDirectory(prefix="davscope-hostile-") as folder:
        os.chmod(folder, 0o755)
        capture = os.path.join(folder, "hostile.pcap")
        n = write_capture(capture, folders)
        with_plugin = host.Host(plugin, preload, release)
        shown = host.plugin_documents(with_plugin, capture)
        records, _ = host.davscope_records(davscope, capture)
        wrong = [f"frame {number}: {line}" for number, lines in
                 compare.differences(host.davscope_documents(records), shown) for line in lines]
        wrong += wrong_bounds(with_plugin, large)
        without = errors(host.Host(None, preload, release), capture)
        wrong += [f"frame {number}: an error that is not there without the plugin"
                  for number in errors(with_plugin, capture) if number not in without]
    print(*wrong[:20], f"{n} bodies, {len(shown)} documents", sep="\n")
    sys.exit(1 if wrong or len(shown) < n // 2 else 0)


if __name__ == "__main__":
    main()
