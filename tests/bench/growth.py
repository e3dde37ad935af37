"""How time and memory grow with the input: churn and floods at three sizes.

Time should double where the input doubles, memory stay below what the limit allows.
"""

import os
import subprocess
import tempfile

import bench

SIZES = (1, 2, 4)
MEMORY_LIMIT = "64M"
CHURN_PERCENT = 25  # of 2 million connections; four times that is all of them


def floods(build):
    """-> [(name, command up to the percentage)]"""
    churn = os.path.join(build, "tests", "bench", "make_capture")
    hostile = os.path.join(build, "tests", "hostile", "make_hostile")
    names = subprocess.run([hostile], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    cases = [("short", [churn, "short"], CHURN_PERCENT, [os.devnull])]
    return cases + [(name, [hostile, name], 100, []) for name in names
                    if name.startswith("flood-")]


def run(build):
    davscope = os.path.join(build, "davscope")
    print(f"\n### growth: 2 million connections and floods at three sizes, "
          f"--memory-limit {MEMORY_LIMIT}\n")
    print("| case | MB | CPU s | seconds a GB | peak MiB |\n|---|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        capture = os.path.join(folder, "pcap")
        for name, maker, percent, rest in floods(build):
            for size in SIZES:
                subprocess.run([*maker, str(percent * size), capture, *rest],
                               stdout=subprocess.DEVNULL, check=True)
                n_bytes = os.path.getsize(capture)
                cost = bench.measure([davscope, "-q", "-o", "json", "--memory-limit",
                                      MEMORY_LIMIT, capture])
                print(f"| {name} | {n_bytes / 1e6:.0f} | {cost.cpu_s:.2f}"
                      f" | {cost.cpu_s / n_bytes * 1e9:.1f} | {cost.peak_mib:.0f} |", flush=True)
