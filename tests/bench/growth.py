"""How time and memory grow with the input: listings at four sizes, churn and floods at three.

Time should grow as the input grows, memory stay below what the limit allows.
"""

import json
import os
import subprocess
import tempfile

import bench

SIZES = (1, 2, 4)
MEMORY_LIMIT = "64M"
CHURN_PERCENT = 25  # of 2 million connections; four times that is all of them
LISTING_PERCENTS = (2, 20, 200, 2000)  # of 500 MiB: 10 MB to 10 GB


def floods(build):
    """-> [(name, command up to the percentage)]"""
    churn = os.path.join(build, "tests", "bench", "make_capture")
    hostile = os.path.join(build, "tests", "hostile", "make_hostile")
    names = subprocess.run([hostile], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    cases = [("short", [churn, "short"], CHURN_PERCENT, [os.devnull])]
    return cases + [(name, [hostile, name], 100, []) for name in names
                    if name.startswith("flood-")]


def row(name, n_bytes, cost):
    print(f"| {name} | {n_bytes / 1e6:.0f} | {cost.cpu_s:.2f}"
          f" | {cost.cpu_s / n_bytes * 1e9:.1f} | {cost.peak_mib:.0f} |", flush=True)


def listing(build, percent):
    """Ten gigabytes are made while they are read. -> (bytes of listings, cost)"""
    maker = os.path.join(build, "tests", "bench", "make_capture")
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        pipe = os.path.join(folder, "pcap")
        os.mkfifo(pipe)
        with subprocess.Popen([maker, "plain", str(percent), pipe, os.devnull],
                              stdout=subprocess.PIPE) as making:
            with open(pipe, "rb") as capture:
                cost = bench.measure([os.path.join(build, "davscope"), "-q", "-o", "json",
                                      "--memory-limit", MEMORY_LIMIT, "-"], capture)
            n_bytes = json.loads(making.stdout.read())["bytes"]
    return n_bytes, cost


def begin_table(what):
    print(f"\n### {what}, --memory-limit {MEMORY_LIMIT}\n")
    print("| case | MB | CPU s | seconds a GB | peak MiB |\n|---|--:|--:|--:|--:|", flush=True)


def run_listings(build, size):
    begin_table("growth: listings at four sizes")
    for percent in LISTING_PERCENTS:
        row("plain", *listing(build, percent * size / 100))


def run_floods(build, size):
    davscope = os.path.join(build, "davscope")
    begin_table("floods: 2 million connections, and floods")
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        capture = os.path.join(folder, "pcap")
        for name, maker, percent, rest in floods(build):
            for times in SIZES:
                subprocess.run([*maker, str(percent * times * size / 100), capture, *rest],
                               stdout=subprocess.DEVNULL, check=True)
                cost = bench.measure([davscope, "-q", "-o", "json", "--memory-limit",
                                      MEMORY_LIMIT, capture])
                row(name, os.path.getsize(capture), cost)
