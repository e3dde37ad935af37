"""A real server and a real client talk now, captured while they do; davscope must say what happened.

usage: live.py DAVSCOPE SCENARIO [THREADS]

Plays pcaps/make/scenarios/SCENARIO.sh in namespaces of its own while davscope watches, on so many
THREADS. Its account of the fresh capture must be that of the live traffic, what the client saw (method,
URL and status of each answer, in order) and what the independent route says. Exits with 77 (skipped)
where namespaces cannot be made.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
MAKE = os.path.join(HERE, "../../pcaps/make")
NAMESPACES = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
SKIPPED = 77


def play(davscope, scenario, n_threads, folder):
    environment = dict(os.environ, CAPTURE_DIR=folder, DAVSCOPE=davscope,
                       DAVSCOPE_THREADS=n_threads)
    subprocess.run(
        NAMESPACES + ["bash", "run-scenario", f"scenarios/{scenario}.sh"],
        cwd=MAKE, env=environment, check=True, timeout=100, stdin=subprocess.DEVNULL)
    return os.path.join(folder, scenario)


def seen_by_client(capture):
    """[(status, method, path)] of the answers that say 207."""
    seen = []
    with open(capture + ".client", encoding="utf-8") as log:
        for line in log:
            status, method, url = line.split(" ", 2)
            if status == "207":
                seen.append((207, method, urllib.parse.urlsplit(url.strip()).path))
    return seen


# Each of two captures at the same time stamps the packets itself, and has a name of its own.
OWN = {"@timestamp", "start", "end", "duration", "latency", "capture", "first_seen", "last_seen",
       "first_frame", "last_frame", "captures", "first_byte", "body_time"}
OWN_TIMES = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? UTC|[0-9.]+ (ns|µs|ms|s)\b")


def without_own(value):
    if isinstance(value, dict):
        return {key: without_own(member) for key, member in value.items() if key not in OWN}
    if isinstance(value, list):
        return [without_own(member) for member in value]
    return OWN_TIMES.sub("(a time)", value) if isinstance(value, str) else value


def read_records(lines):
    return [json.loads(line) for line in lines]


def said_by_davscope(records):
    said = []
    for record in records:
        if record["event"]["dataset"] != "davscope.multistatus":
            continue
        http = record["http"]
        if http["response"]["status_code"] == 207:
            said.append((207, http["request"]["method"], record["url"]["path"]))
    return said


def difference(live, file, at=""):
    """Where two records differ, and how."""
    if isinstance(live, dict) and isinstance(file, dict):
        for key in sorted(live.keys() | file.keys()):
            yield from difference(live.get(key), file.get(key), f"{at}.{key}")
    elif live != file:
        yield f"{at}: live {json.dumps(live)}, file {json.dumps(file)}"


def compare_live(capture, records):
    """True when the live run said the same."""
    with open(capture + ".live", encoding="utf-8") as log:
        live = read_records(log)
    pairs = list(zip(without_own(live), without_own(records)))
    different = [(a, b) for a, b in pairs if a != b]
    losses = live[-1]["davscope"]["capture"]
    print(f"live {len(live)} records, from the file {len(records)}, "
          f"{len(different)} of them differ; {losses}")
    for a, b in different[:1]:
        print(*difference(a, b), sep="\n")
    return len(live) == len(records) and not different and losses["dropped"] == 0


def main():
    davscope, scenario, *n_threads = os.path.abspath(sys.argv[1]), *sys.argv[2:]
    if subprocess.run(NAMESPACES + ["true"], stderr=subprocess.DEVNULL, check=False).returncode:
        print("namespaces cannot be made here")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        capture = play(davscope, scenario, n_threads[0] if n_threads else "1", folder)
        output = subprocess.run([davscope, "-o", "json", capture], check=True, capture_output=True)
        records = read_records(output.stdout.splitlines())
        seen, said = seen_by_client(capture), said_by_davscope(records)
        print(f"the client saw {len(seen)} answers with 207, davscope {len(said)}")
        if not seen or seen != said:
            print("client:  ", *seen, "davscope:", *said, sep="\n  ")
            sys.exit(1)
        if not compare_live(capture, records):
            sys.exit(1)
        sys.exit(subprocess.run([sys.executable, os.path.join(HERE, "../golden/compare_independent.py"),
                                 davscope, capture], check=False).returncode)


main()
