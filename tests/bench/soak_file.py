"""The traffic of soak.py with a clock of its own: an hour of it in a minute or two, through a pipe.

usage: soak_file.py DAVSCOPE MAKE_HOSTILE [--minutes N] [--threads N]

A line a minute of capture time tells the resident memory. It grows until every table has met its
bound and connections that nobody closed are as old as they get (600 s). Exit status 1 when it went
on growing from minute 20 on.
"""

import argparse
import os
import random
import re
import struct
import subprocess
import sys
import tempfile

import soak

RATE = 400
START_NS = 1_700_000_000_000_000_000
SETTLED_MINUTE, MAX_GROWTH = 20, 1.15


def packets(captures, n, first, dice):
    """n records of a pcap with nanoseconds, the first of them being that of this number."""
    players = [soak.Player(captures, dice) for _ in range(soak.N_PLAYERS)]
    for i in range(first, first + n):
        frame = dice.choice(players).frame()
        time_ns = START_NS + i * 1_000_000_000 // RATE
        if dice.random() >= soak.LOST:
            yield struct.pack("<IIII", time_ns // 10**9, time_ns % 10**9, len(frame), len(frame)) + frame


def resident_kib(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])


def play(options, captures, keylog):
    """Resident KiB after each minute."""
    process = subprocess.Popen(
        [options.davscope, "--no-progress", "-q", "-o", "json=/dev/null", "--resources", "none", "-K",
         keylog, "-T", str(options.threads), "-"], stdin=subprocess.PIPE)
    dice, seen = random.Random(207), []
    process.stdin.write(struct.pack("<IHHIIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
    for minute in range(options.minutes):
        process.stdin.writelines(packets(captures, 60 * RATE, minute * 60 * RATE, dice))
        process.stdin.flush()
        seen.append(resident_kib(process))
        print(minute + 1, seen[-1], flush=True)
    process.stdin.close()
    return process.wait(), seen


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("davscope", type=os.path.abspath)
    parser.add_argument("make_hostile", type=os.path.abspath)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        captures = soak.recorded_frames(folder) + soak.hostile_frames(options.make_hostile, folder)
        keylog = soak.write_keylog(folder)
        print("minute rss_kib")
        status, seen = play(options, captures, keylog)
    if status != 0:
        sys.exit(f"exit status {status}")
    if len(seen) > SETTLED_MINUTE and seen[-1] > seen[SETTLED_MINUTE - 1] * MAX_GROWTH:
        sys.exit(f"minute {SETTLED_MINUTE}: {seen[SETTLED_MINUTE - 1]} KiB, then {seen[-1]} KiB")


main()
