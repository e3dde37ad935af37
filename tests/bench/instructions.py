"""Counts instructions (callgrind) of davscope on small captures of every case, and compares them
with instructions.json: unlike seconds they say the same on a busy machine.

They depend on the compiler, its options and the libraries, which the file names; a run with others
is compared all the same, and says so. Then count the commit before on the same machine (--update),
and compare with that.
"""

import json
import os
import pathlib
import platform
import re
import subprocess
import tempfile

import bench

REFERENCE = pathlib.Path(__file__).with_name("instructions.json")
MAX_MORE = 1.05
FORMATS = ("summary", "json")
N_HOTTEST = 3

# Percent of each case: some seconds under callgrind, and some times what starting costs.
SIZES = {"mixed": 1, "plain": 0.5, "gzip": 0.5, "short": 0.2, "multiget": 0.5, "secure": 0.5}


def environment(build):
    """What the counts depend on."""
    cache = pathlib.Path(build, "CMakeCache.txt").read_text(encoding="utf-8")
    compiler = re.search(r"^CMAKE_C_COMPILER:\w+=(.*)$", cache, re.M).group(1)
    version = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True)
    said = subprocess.run([os.path.join(build, "davscope"), "--version"], capture_output=True,
                          text=True, check=True).stdout
    libxml2 = re.search(r"libxml2: ([\w.]+)", said)
    return {
        "compiler": version.stdout.splitlines()[0],
        "build type": re.search(r"^CMAKE_BUILD_TYPE:\w+=(.*)$", cache, re.M).group(1),
        "libxml2": libxml2.group(1) if libxml2 else "unknown",
        "libc": " ".join(platform.libc_ver()),
        "machine": platform.machine(),
    }


def hottest(profile):
    """-> [(percent, function)]; functions of a library without symbols count as one."""
    listing = subprocess.run(["callgrind_annotate", "--threshold=100", profile],
                             capture_output=True, text=True, check=True).stdout
    costs = {}
    for line in listing.splitlines():
        match = re.match(r"\s*([\d,]+) \(\s*[\d.]+%\)  (.*):(\S+) \[(.*)\]", line)
        if not match:
            continue
        count, _, function, place = match.groups()
        library = os.path.basename(place)
        name = library if ".so" in library else function.split("'")[0]
        costs[name] = costs.get(name, 0) + int(count.replace(",", ""))
    total = sum(costs.values())
    first = sorted(costs, key=costs.get, reverse=True)[:N_HOTTEST]
    return [(100 * costs[name] / total, name) for name in first]


def count(command):
    """-> (instructions, hottest functions)"""
    with tempfile.NamedTemporaryFile(prefix="callgrind-") as profile:
        run = subprocess.run(["valgrind", "--tool=callgrind",
                              f"--callgrind-out-file={profile.name}", *command],
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                             check=False)
        match = re.search(r"Collected : (\d+)", run.stderr)
        if run.returncode or not match:
            raise SystemExit(f"{' '.join(command)}: exit status {run.returncode}\n{run.stderr}")
        return int(match.group(1)), hottest(profile.name)


def row(case, output, now, before, first):
    ratio = f"{now / before:.3f}" if before else ""
    names = ", ".join(f"{name} {percent:.0f} %" for percent, name in first)
    print(f"| {case} | {output} | {now / 1e6:.1f} | {before / 1e6:.1f} | {ratio} | {names} |",
          flush=True)


def check(build, cases, is_update):
    """True: no case costs more than it may."""
    reference = json.loads(REFERENCE.read_text(encoding="utf-8")) if REFERENCE.exists() else {}
    here, counts = environment(build), reference.get("instructions", {})
    for name, value in here.items():
        was = reference.get("environment", {}).get(name)
        if was and was != value:
            print(f"{name}: {value} here, {was} in the reference; counts may differ by that")
    print("\n| case | output | million instructions | reference | ratio | hottest |")
    print("|---|---|--:|--:|--:|---|")
    is_good = True
    for case in cases:
        made = bench.make(build, case, SIZES[case.name])
        for output in FORMATS:
            now, first = count(bench.command_of(build, case, made, output))
            before = counts.setdefault(case.name, {}).get(output, 0)
            row(case.name, output, now, before, first)
            is_good &= not before or now <= before * MAX_MORE
            counts[case.name][output] = now
    if is_update:
        text = json.dumps({"environment": here, "instructions": counts}, indent=2)
        REFERENCE.write_text(text + "\n", encoding="utf-8")
    elif not is_good:
        print(f"\nMore than {MAX_MORE - 1:.0%} above the reference. If it is worth that: --update.")
    return is_good or is_update
