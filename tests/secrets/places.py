"""places.py DAVSCOPE CAPTURE

The same TLS secrets in every place where they may stand: first, last and in the middle of the
capture, in another file, in a key log; read as a file, packed, and through a pipe. The same records
must come out, and without the secrets none of what TLS hides.
"""

import gzip
import json
import os
import struct
import subprocess
import sys
import tempfile

SECTION, INTERFACE, PACKET, SECRETS = 0x0A0D0D0A, 1, 6, 10
PIECE_BYTES = 64 * 1024


def blocks_of(data):
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        yield kind, data[at:at + length]
        at += length


def split(path):
    """Head, secrets and packets of a capture in little-endian pcapng."""
    with gzip.open(path) as file:
        blocks = list(blocks_of(file.read()))
    pick = lambda *kinds: [block for kind, block in blocks if kind in kinds]
    return b"".join(pick(SECTION, INTERFACE)), pick(SECRETS), pick(PACKET)


def lines_of(secrets):
    """The key log inside the blocks."""
    return b"".join(block[16:16 + struct.unpack_from("<I", block, 12)[0]] for block in secrets)


def records(program, arguments, stdin=None):
    done = subprocess.run([program, "-o", "json", *arguments], input=stdin, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"{arguments}: exit {done.returncode}\n{done.stderr.decode()}")
    kept = []
    for line in done.stdout.splitlines():
        record = json.loads(line)
        if record["event"]["dataset"] == "davscope.multistatus":
            for told_by_place in ("capture", "frames", "connection", "exchange"):
                del record["davscope"][told_by_place]
            kept.append(json.dumps(record, sort_keys=True))
    return sorted(kept)


class Files:
    def __init__(self, folder):
        self.folder = folder

    def write(self, name, *parts):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(b"".join(parts))
        return path


def long_log(text, n):
    """text with so many lines before it that the middle of its nth stands at the end of a piece."""
    lines = text.splitlines(keepends=True)
    n_before = PIECE_BYTES - len(b"".join(lines[:n - 1])) - len(lines[n - 1]) // 2
    other = b"# other\n"
    yield other * (n_before // len(other)) + b"\n" * (n_before % len(other))
    yield text


def arguments_of(files, capture):
    """What is asked, and how: a name, the arguments, standard input."""
    head, secrets, packets = split(capture)
    half = len(packets) // 2
    keys = b"".join(secrets)
    first, last = [head, keys, *packets], [head, *packets, keys]
    middle = [head, *packets[:half], keys, *packets[half:]]
    bare = files.write("bare.pcapng", head, *packets)
    log_text = lines_of(secrets)
    log = files.write("keys", log_text)
    path = files.write("last.pcapng", *last)
    yield "first", [files.write("first.pcapng", *first)], None
    yield "last", [path], None
    yield "in the middle", [files.write("middle.pcapng", *middle)], None
    yield "last, packed", [files.write("last.gz", gzip.compress(b"".join(last)))], None
    yield "in a later file", [bare, files.write("later.pcapng", head, keys)], None
    yield "in the second half", [files.write("1", head, *packets[:half]),
                                 files.write("2", head, *packets[half:], keys)], None
    yield "in a key log", ["-K", log, bare], None
    for n in range(1, 1 + min(8, log_text.count(b"\n"))):  # of many connections: read in pieces
        long = files.write("long", *long_log(log_text, n))
        yield f"in a long key log, line {n} at the end of a piece", ["-K", long, bare], None
    yield "piped, first", ["-"], b"".join(first)
    yield "piped, last", ["-"], b"".join(last)
    yield "piped, in a key log", ["-K", log, "-"], b"".join([head, *packets])


def main():
    program, capture = sys.argv[1:]
    expected = records(program, [capture])
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        files = Files(folder)
        for name, arguments, stdin in arguments_of(files, capture):
            if records(program, arguments, stdin) != expected:
                print(f"secrets {name}: other records than with the secrets first")
                failures += 1
        opaque = records(program, [os.path.join(folder, "bare.pcapng")])
    if len(opaque) >= len(expected) or not set(opaque) <= set(expected):
        print("without secrets: records that nothing can tell")
        failures += 1
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
