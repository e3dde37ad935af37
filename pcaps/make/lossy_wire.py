"""A wire that loses, doubles and swaps Ethernet frames, between srv0 in this network namespace and
cli0 in that of CLIENT_PID. The same chances in every run; what happens depends on timing as well.
usage: lossy_wire.py CLIENT_PID DROP REORDER      (parts of 1000, each way)
"""

import ctypes
import fcntl
import os
import random
import selectors
import struct
import sys

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
CLONE_NEWNET = 0x40000000


def tap(name):
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TAP | IFF_NO_PI))
    return fd


def enter_network_of(pid):
    with open(f"/proc/{pid}/ns/net", "rb") as namespace:
        if ctypes.CDLL(None).setns(namespace.fileno(), CLONE_NEWNET) != 0:
            sys.exit("setns failed")


def forward(frame, held, chances, drop, reorder):
    """-> frames to send now; a held frame goes after the next two."""
    chance = chances.randrange(1000)
    large = len(frame) > 600
    if large and chance < drop:
        return []
    if large and chance < drop + reorder:
        held.append([frame, 2])
        return []
    out = [frame, frame] if large and chance < drop + 2 * reorder else [frame]
    for waiting in held:
        waiting[1] -= 1
    out += [frame for frame, left in held if left <= 0]
    held[:] = [waiting for waiting in held if waiting[1] > 0]
    return out


def main(client_pid, drop, reorder):
    server = tap("srv0")
    enter_network_of(client_pid)
    client = tap("cli0")
    chances = random.Random(207)
    ends = selectors.DefaultSelector()
    for fd, other in ((server, client), (client, server)):
        ends.register(fd, selectors.EVENT_READ, (other, []))
    while True:
        for key, _ in ends.select():
            other, held = key.data
            for frame in forward(os.read(key.fd, 65536), held, chances, drop, reorder):
                try:
                    os.write(other, frame)
                except OSError:
                    pass  # that end is not up yet


main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
