"""Lets davscope watch mixed live traffic for long and looks at it every minute.

usage: soak.py DAVSCOPE MAKE_HOSTILE [--minutes N] [--rate FRAMES_A_SECOND] [--threads N]

In a network of its own, frames of the captures in pcaps/ (HTTP/1, HTTP/2, TLS with its secrets, holes)
and of hostile exchanges and floods go over a veth pair, from ever new addresses, one in a hundred
lost; clients and a server talk on loopback meanwhile. davscope watches both, writes JSON into a pipe and
serves metrics. A line a minute tells its memory, its descriptors and what the endpoint says. Exit
status 1 when the records, the last metrics and the final summary do not say the same, when memory
or descriptors went on growing from minute 20 on, or when the run was too short to see that.
"""

import argparse
import collections
import glob
import gzip
import json
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

sys.path.append(str(pathlib.Path(__file__).parents[1] / "live"))
import rig

CAPTURES = pathlib.Path(__file__).parents[2] / "pcaps"
SETTLED_MINUTE = 20  # by then tables are full, and connections nobody closes as old as they get
MAX_GROWTH = 1.10  # of the resident memory from then to the end, whatever it holds
HOSTILE_PERCENT = "0.2"
TURN_S = 0.05
N_PLAYERS = 4
LOST = 0.01
METRICS = "http://127.0.0.1:9207/metrics"


def secrets_of(path):
    """The key log lines in a pcapng."""
    with (gzip.open if path.endswith(".gz") else open)(path) as file:
        content = file.read()
    at, found = 0, b""
    while at + 12 <= len(content):
        kind, length = struct.unpack_from("<II", content, at)
        if kind == 0x0A:
            found += content[at + 16:at + 16 + struct.unpack_from("<I", content, at + 12)[0]] + b"\n"
        at += length
    return found


def recorded_frames(folder):
    """[[frame] of a capture] of those that an Ethernet can carry."""
    found = []
    for path in sorted(glob.glob(f"{CAPTURES}/*.pcap*")):
        plain = os.path.join(folder, "plain.pcap")
        made = subprocess.run(["editcap", "-F", "pcap", "-T", "ether", path, plain], check=False,
                              capture_output=True)
        if made.returncode == 0 and "cooked" not in path and "proxy" not in path:
            found.append(rig.read_pcap(plain))
    return found


def hostile_frames(make_hostile, folder):
    names = subprocess.run([make_hostile], check=True, capture_output=True, text=True).stdout.split()
    path = os.path.join(folder, "hostile.pcap")
    found = []
    for name in names:
        subprocess.run([make_hostile, name, HOSTILE_PERCENT, path], check=True,
                       stdout=subprocess.DEVNULL)
        found.append(rig.read_pcap(path))
    return found


def moved(frame, round_number):
    """The frame between other IPv4 addresses, so that no connection is seen twice."""
    if frame[12:14] != b"\x08\x00":
        return frame
    changed, shift = bytearray(frame), struct.pack(">H", round_number & 0xFFFF)
    for at in (27, 28, 31, 32):
        if at < len(changed):
            changed[at] ^= shift[(at - 27) % 4]
    return bytes(changed)


class Player:
    """Sends one capture after the other, each time from other addresses."""

    def __init__(self, captures, dice):
        self.captures, self.dice, self.round, self.left = captures, dice, dice.getrandbits(16), []

    def frame(self):
        if not self.left:
            self.round += 1
            self.left = list(reversed(self.dice.choice(self.captures)))
        return moved(self.left.pop(), self.round)


class Traffic:
    def __init__(self, captures, rate):
        self.dice = random.Random(207)
        self.players = [Player(captures, self.dice) for _ in range(N_PLAYERS)]
        self.sender, self.rate, self.n_sent = rig.raw_socket("a0"), rate, 0

    def send_turn(self):
        for _ in range(int(self.rate * TURN_S)):
            frame = self.dice.choice(self.players).frame()
            if self.dice.random() >= LOST:
                self.sender.send(frame)
                self.n_sent += 1

    def run(self, seconds, every_turn):
        start = time.monotonic()
        turn = start
        while turn < start + seconds:
            self.send_turn()
            every_turn()
            turn += TURN_S
            time.sleep(max(0.0, turn - time.monotonic()))


class Talks:
    """Connections on loopback that come, ask and go."""

    def __init__(self):
        self.talk, self.n = rig.Talk(n_resources=3), 0

    def turn(self):
        self.n += 1
        if self.n % 10 == 0:
            self.talk.ask()
        if self.n % 100 == 0:
            self.talk.client.close()
            self.talk.listener.close()
            self.talk = rig.Talk(n_resources=3)


class Records:
    """The JSON of davscope, counted as it comes."""

    def __init__(self, pipe):
        self.by_verdict, self.last = collections.Counter(), None
        self.thread = threading.Thread(target=self.read, args=(pipe,), daemon=True)
        self.thread.start()

    def read(self, pipe):
        for line in pipe:
            record = json.loads(line)
            if record["event"]["dataset"] == "davscope.multistatus":
                self.by_verdict[record["multistatus"]["verdict"]] += 1
            self.last = record


def scrape():
    with urllib.request.urlopen(METRICS, timeout=10) as answer:
        return answer.read().decode()


def value(text, name):
    return int(re.search(rf"^{name} (\d+)$", text, re.M)[1])


def by_verdict(text):
    found = collections.Counter()
    for labels, n in re.findall(r"^davscope_multistatus_total{(.*)} (\d+)$", text, re.M):
        found[re.search(r'verdict="([^"]*)"', labels)[1]] += int(n)
    return found


Look = collections.namedtuple("Look", "minute rss_kib fds cpu_s frames received dropped connections "
                                      "buffered documents")


def look(process, minute):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        rss_kib = int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().split()
    text = scrape()
    return Look(minute, rss_kib, len(os.listdir(f"/proc/{process.pid}/fd")),
                round(sum(map(int, fields[13:15])) / os.sysconf("SC_CLK_TCK"), 1),
                *(value(text, f"davscope_{name}") for name in
                  ("packets_analysed_total", "packets_received_total", "packets_dropped_total",
                   "connections", "buffered_bytes")), sum(by_verdict(text).values()))


def settled(records):
    """The metrics once they and the records say the same; None when they never do."""
    for _ in range(rig.PATIENCE_S):
        text = scrape()
        if by_verdict(text) == records.by_verdict:
            return text
        time.sleep(1)
    return None


def growth(looks):
    """What went on growing; tells the memory it is judged by."""
    later = [each for each in looks if each.minute >= SETTLED_MINUTE]
    if len(later) < 2:
        return [f"too short to say whether memory grows: that is seen from minute {SETTLED_MINUTE} on"]
    first, last = later[0], later[-1]
    memory = (f"resident memory: minute {first.minute} {first.rss_kib} KiB, minute {last.minute} "
              f"{last.rss_kib} KiB, {last.rss_kib / first.rss_kib - 1:+.1%}; buffered traffic in it: "
              f"{first.buffered / 1024:.0f} KiB, then {last.buffered / 1024:.0f} KiB")
    print(memory)
    found = []
    if last.rss_kib > first.rss_kib * MAX_GROWTH:
        found.append(memory)
    if last.fds > max(first.fds, min(each.fds for each in later) + 1):  # a scrape may be open
        found.append(f"descriptors: {first.fds}, then {last.fds}")
    return found


def differences(text, records):
    """text: the last metrics before the end."""
    if text is None:
        yield "the last metrics never agreed with the records"
        return
    summary = records.last
    said, capture = summary["multistatus"], summary["davscope"]["capture"]
    if said["by_verdict"] != {k: n for k, n in records.by_verdict.items() if n}:
        yield f"records {dict(records.by_verdict)}, summary {said['by_verdict']}"
    for verdict, n in by_verdict(text).items():
        if said["by_verdict"].get(verdict, 0) < n:
            yield f"{verdict}: metrics {n}, summary {said['by_verdict'].get(verdict, 0)}"
    # The system counts each packet of a loopback twice: going out and coming in.
    if capture["received"] < summary["davscope"]["frames"] + capture["dropped"]:
        yield f"received is less than frames + dropped: {capture}, {summary['davscope']['frames']}"
    if value(text, "davscope_packets_analysed_total") > summary["davscope"]["frames"]:
        yield "fewer frames in the summary than in the metrics"


def write_keylog(folder):
    """Its path; anybody can read it."""
    keylog = os.path.join(folder, "keys")
    with open(keylog, "wb") as file:
        file.write(b"".join(map(secrets_of, sorted(glob.glob(f"{CAPTURES}/tls*.pcapng*")))))
    os.chmod(folder, 0o755)
    os.chmod(keylog, 0o644)
    return keylog


def watched(options, folder):
    keylog = write_keylog(folder)
    return rig.Watch(options.davscope, "-i", "b0", "-i", "lo", "-K", keylog, "-o", "json", "--resources",
                     "none", "--metrics", "9207", "-T", str(options.threads), stdout=subprocess.PIPE)


def soak(options, folder):
    captures = recorded_frames(folder) + hostile_frames(options.make_hostile, folder)
    rig.make_pair("a0", "b0")
    subprocess.run(["ip", "link", "set", "a0", "mtu", "65535"], check=True)
    subprocess.run(["ip", "link", "set", "b0", "mtu", "65535"], check=True)
    watch = watched(options, folder)
    records = Records(watch.process.stdout)
    traffic, talks, looks = Traffic(captures, options.rate), Talks(), []
    print(*Look._fields, "sent", flush=True)
    for minute in range(1, options.minutes + 1):
        traffic.run(60, talks.turn)
        looks.append(look(watch.process, minute))
        print(*looks[-1], traffic.n_sent, flush=True)
    text = settled(records)
    status = watch.stop()
    records.thread.join(rig.PATIENCE_S)
    wrong = list(differences(text, records)) + growth(looks)
    if status != 0:
        wrong.append(f"exit status {status}:\n{watch.said()}")
    print("metrics", dict(by_verdict(text or "")))
    print("summary", json.dumps(records.last["multistatus"]["by_verdict"]),
          json.dumps(records.last["davscope"]["capture"]), json.dumps(records.last["davscope"].get("evicted")))
    print("\n".join(wrong) or "records, metrics and summary agree; nothing went on growing", flush=True)
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("davscope", type=os.path.abspath)
    parser.add_argument("make_hostile", type=os.path.abspath)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--rate", type=int, default=400)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    if not shutil.which("editcap"):
        print("no editcap here")
        sys.exit(rig.SKIPPED)
    rig.enter_own_network()
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(soak(options, folder))


if __name__ == "__main__":
    main()
