"""A real server and a real client talk now, captured while they do; davscope must say what happened.

usage: live.py DAVSCOPE SCENARIO

Plays pcaps/make/scenarios/SCENARIO.sh in namespaces of its own, then compares davscope's account of
the fresh capture with what the client saw (method, URL and status of each answer, in order) and with
the independent route. Exits with 77 (skipped) where namespaces cannot be made.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
MAKE = os.path.join(HERE, "../../pcaps/make")
NAMESPACES = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
SKIPPED = 77


def play(scenario, folder):
    environment = dict(os.environ, CAPTURE_DIR=folder)
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


def said_by_davscope(davscope, capture):
    output = subprocess.run([davscope, "-o", "json", capture], check=True, capture_output=True)
    said = []
    for line in output.stdout.splitlines():
        record = json.loads(line)
        if record["event"]["dataset"] != "davscope.multistatus":
            continue
        http = record["http"]
        if http["response"]["status_code"] == 207:
            said.append((207, http["request"]["method"], record["url"]["path"]))
    return said


def main():
    davscope, scenario = os.path.abspath(sys.argv[1]), sys.argv[2]
    if subprocess.run(NAMESPACES + ["true"], stderr=subprocess.DEVNULL, check=False).returncode:
        print("namespaces cannot be made here")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        capture = play(scenario, folder)
        seen, said = seen_by_client(capture), said_by_davscope(davscope, capture)
        print(f"the client saw {len(seen)} answers with 207, davscope {len(said)}")
        if not seen or seen != said:
            print("client:  ", *seen, "davscope:", *said, sep="\n  ")
            sys.exit(1)
        sys.exit(subprocess.run([sys.executable, os.path.join(HERE, "../golden/compare_independent.py"),
                                 davscope, capture], check=False).returncode)


main()
