"""beginnings.py DAVSCOPE CAPTURE

TLS of which the beginning is missing: without SYNs it is read from the hello on, without ClientHellos
by trying the secrets that are known, without ServerHellos as far as TLS 1.3 allows it, without any
hello it stays closed, counted as TLS. Nothing is said that the whole capture does not say.
"""

import json
import struct
import subprocess
import sys
import tempfile

import places

ETHERNET_BYTES, IP_BYTES = 14, 20
SYN, HANDSHAKE, CLIENT_HELLO, SERVER_HELLO = 2, 22, 1, 2


def tcp_of(block):
    """Flags and payload of the segment in a packet block."""
    tcp = block[28 + ETHERNET_BYTES + IP_BYTES:]
    length = struct.unpack_from("<I", block, 20)[0] - ETHERNET_BYTES - IP_BYTES
    return tcp[13], tcp[(tcp[12] >> 4) * 4:length]


def is_syn(block):
    return bool(tcp_of(block)[0] & SYN)


def is_hello(block, kinds):
    payload = tcp_of(block)[1]
    return len(payload) > 5 and payload[0] == HANDSHAKE and payload[5] in kinds


def counts(program, path):
    done = subprocess.run([program, "-o", "json", path], capture_output=True, check=True)
    http = json.loads(done.stdout.splitlines()[-1])["davscope"]["http"]
    return http["tls_decrypted"], http["tls_opaque"]


WAYS = (
    # name, what is missing, connections decrypted and opaque
    ("SYNs", is_syn, (4, 0)),
    ("ClientHellos", lambda block: is_hello(block, (CLIENT_HELLO,)), (4, 0)),
    ("SYNs and ClientHellos", lambda block: is_syn(block) or is_hello(block, (CLIENT_HELLO,)), (4, 0)),
    ("ServerHellos", lambda block: is_hello(block, (SERVER_HELLO,)), (1, 3)),
    ("hellos", lambda block: is_syn(block) or is_hello(block, (CLIENT_HELLO, SERVER_HELLO)), (0, 4)),
)


def main():
    program, capture = sys.argv[1:]
    head, secrets, packets = places.split(capture)
    whole = places.records(program, [capture])
    n_wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, is_missing, expected in WAYS:
            path = places.Files(folder).write("capture", head, *secrets,
                                              *(block for block in packets if not is_missing(block)))
            told = counts(program, path)
            kept = places.records(program, [path])
            is_right = told == expected and set(kept) <= set(whole)
            is_right = is_right and (told != (4, 0) or kept == whole)
            if not is_right:
                print(f"without {name}: {told} instead of {expected}, {len(kept)} records")
                n_wrong += 1
    sys.exit(n_wrong > 0)


main()
