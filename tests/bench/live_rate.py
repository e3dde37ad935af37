"""The highest rate that davscope takes without loss, beside tcpdump -w /dev/null.

usage: live_rate.py BUILD [--size PERCENT] [--first PACKETS_A_SECOND] [--seconds N]

tcpreplay sends a generated mixed capture over a veth pair into another network namespace, at rates
that double until every program has lost packets or the sender cannot send faster; then once more at
its highest rate with hardly a buffer, so that packets are lost for certain. Whatever the rate: what
was sent must be what was seen and what was counted as dropped together, else the exit status is 1.
No rate of a busy machine is worth much, for sender and receiver share it: compare the rows.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.append(str(pathlib.Path(__file__).parents[1] / "live"))
import bench
import rig

PEER = ["ip", "netns", "exec", "peer"]
BUFFER_KIB, SMALL_BUFFER_KIB = 16 << 10, 64
MAX_STEPS = 10


class Taker:
    """A program that captures on b0; what it says is in a file."""

    def __init__(self, command, ready, folder):
        self.log = open(os.path.join(folder, "log"), "w+", encoding="utf-8")
        self.process = subprocess.Popen(PEER + command, stderr=self.log)
        rig.wait_until(lambda: ready in rig.read_text(self.log.name), ready)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(rig.PATIENCE_S)
        return rig.read_text(self.log.name)


def take_davscope(program, lanes, buffer_kib, folder, send):
    out = os.path.join(folder, "out")
    command = [program, "-i", "b0", "-f", "tcp", "--buffer-size", f"{buffer_kib}K", "--user", "root",
               "-o", f"json={out}", "--resources", "none"] + (["-T", str(lanes)] if lanes > 1 else [])
    taker = Taker(command, "capturing on", folder)
    sent = send()
    time.sleep(1)
    taker.stop()
    summary = json.loads(rig.read_text(out).splitlines()[-1])["davscope"]
    unseen, untaken = summary["capture"]["dropped"], summary["capture"].get("queue_dropped", 0)
    return sent, summary["frames"] - untaken, unseen + untaken


def take_tcpdump(buffer_kib, folder, send):
    command = ["tcpdump", "-i", "b0", "-B", str(buffer_kib), "-w", "/dev/null", "tcp"]
    taker = Taker(command, "listening on", folder)
    sent = send()
    time.sleep(1)
    said = taker.stop()
    return (sent, *(int(re.search(rf"(\d+) packets? {what}", said)[1])
                    for what in ("captured", "dropped by kernel")))


def sender(capture, n_packets, rate, seconds):
    """Sends whole rounds of the capture; -> packets sent, and the rate reached is in sender.rate."""
    loops = max(1, round(rate * seconds / n_packets))

    def send():
        said = subprocess.run(["tcpreplay", "-q", "-K", "-i", "a0", "--pps", str(rate), "--loop",
                               str(loops), capture], check=True, capture_output=True,
                              text=True).stdout
        send.reached = float(re.search(r"([\d.]+) pps", said)[1])
        return int(re.search(r"Actual: (\d+) packets", said)[1])

    return send


def takers(program):
    found = {"tcpdump -w /dev/null": take_tcpdump}
    has_lanes = "--threads" in subprocess.run([program, "--help"], check=True, capture_output=True,
                                              text=True).stdout
    for lanes in (1, 2) if has_lanes else (1,):
        found[f"davscope, {lanes} lane{'s' * (lanes > 1)}"] = (
            lambda kib, folder, send, lanes=lanes: take_davscope(program, lanes, kib, folder, send))
    return found


def prepare(options, folder):
    subprocess.run(["mount", "-t", "tmpfs", "run", "/run"], check=True)
    subprocess.run(["ip", "netns", "add", "peer"], check=True)
    rig.make_pair("a0", "b0")
    for command in (["ip", "link", "set", "a0", "mtu", "65535"],
                    ["ip", "link", "set", "b0", "netns", "peer"],
                    PEER + ["ip", "link", "set", "b0", "mtu", "65535", "up"]):
        subprocess.run(command, check=True)
    capture = bench.make(options.build, bench.CASES[0], options.size).capture
    return capture, len(rig.read_pcap(capture))


class Table:
    def __init__(self, programs):
        self.best, self.lossy, self.n_wrong = dict.fromkeys(programs, 0), set(), 0
        print("| asked pkt/s | buffer KiB | program | reached pkt/s | sent | seen | dropped |\n"
              "|--:|--:|---|--:|--:|--:|--:|")

    def add(self, name, asked, buffer_kib, reached, counts):
        sent, seen, dropped = counts
        print(f"| {asked} | {buffer_kib} | {name} | {reached:.0f} | {sent} | {seen} | {dropped} |",
              flush=True)
        self.n_wrong += sent != seen + dropped
        self.lossy |= {name} if dropped else set()
        self.best[name] = max(self.best[name], 0 if dropped else reached)


def measure(options, folder):
    capture, n_packets = prepare(options, folder)
    programs = takers(os.path.join(options.build, "davscope"))
    print(f"A mixed capture of {n_packets} packets, {os.path.getsize(capture) / 1e6:.1f} MB.\n")
    table, rate, reached = Table(programs), options.first, options.first
    for _ in range(MAX_STEPS):
        if table.lossy == set(programs) or reached < rate / 4:
            break
        for name, take in programs.items():
            send = sender(capture, n_packets, rate, options.seconds)
            counts = take(BUFFER_KIB, folder, send)
            table.add(name, rate, BUFFER_KIB, reached := send.reached, counts)
        rate *= 2
    for name, take in programs.items():
        send = sender(capture, n_packets, rate, options.seconds / 4)
        counts = take(SMALL_BUFFER_KIB, folder, send)
        table.add(name, rate, SMALL_BUFFER_KIB, send.reached, counts)
    print("\nHighest rate without loss: " + "; ".join(f"{n} {r:.0f}/s" for n, r in table.best.items()))
    print("sent = seen + dropped" +
          (f" was wrong {table.n_wrong} times" if table.n_wrong else " always"))
    return 1 if table.n_wrong else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=os.path.abspath)
    parser.add_argument("--size", type=float, default=1)
    parser.add_argument("--first", type=int, default=10000)
    parser.add_argument("--seconds", type=float, default=2)
    options = parser.parse_args()
    if not shutil.which("tcpreplay") or not shutil.which("tcpdump"):
        print("no tcpreplay or tcpdump here")
        sys.exit(rig.SKIPPED)
    rig.enter_own_network()
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(measure(options, folder))


main()
