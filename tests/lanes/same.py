"""Whatever the number of lanes, every output is byte for byte that of one.

usage: same.py DAVSCOPE CAPTURE...        all captures as one timeline, and a few at a time
       same.py --made BUILD DAVSCOPE      the captures of the bench, small
"""

import os
import pathlib
import subprocess
import sys
import tempfile

FORMATS = ("summary", "lines", "json", "csv")
MADE = (("mixed", 0.6), ("plain", 0.4), ("gzip", 0.4), ("short", 0.12), ("multiget", 0.4))
N_PARTS = 5


def said(davscope, n_lanes, captures, folder):
    """Everything a run gives: files, both streams, exit status."""
    outputs = {name: os.path.join(folder, name) for name in FORMATS}
    targets = [word for name, path in outputs.items() for word in ("-o", f"{name}={path}")]
    run = subprocess.run([davscope, "-T", str(n_lanes), "--fail-on", "mixed", "--resources", "all",
                          *targets, *captures], capture_output=True, check=False)
    everything = {name: pathlib.Path(path).read_bytes() for name, path in outputs.items()}
    return everything | {"standard output": run.stdout, "standard error": run.stderr,
                         "exit status": str(run.returncode).encode()}


def differences(davscope, captures, lanes):
    name = os.path.basename(captures[0]) if len(captures) == 1 else f"{len(captures)} together"
    with tempfile.TemporaryDirectory(prefix="lanes-") as folder:
        one = said(davscope, 1, captures, folder)
        if not one["json"]:
            yield f"{name}: one lane says nothing: {one['standard error'].decode()}"
        for n_lanes in lanes:
            several = said(davscope, n_lanes, captures, folder)
            for what in one:
                if one[what] != several[what]:
                    yield f"{name}: {what} of {n_lanes} lanes is another than of one"


def main():
    arguments = sys.argv[1:]
    if arguments[0] == "--made":
        build, davscope = arguments[1:]
        sys.path.append(str(pathlib.Path(__file__).parents[1] / "bench"))
        import bench
        cases = {case.name: case for case in bench.CASES}
        runs = [([bench.make(build, cases[name], percent).capture], (3,))
                for name, percent in MADE]
    else:
        davscope, *captures = arguments
        runs = [(captures, (2, 4))] + [(captures[i::N_PARTS], (3,)) for i in range(N_PARTS)]
    wrong = [line for captures, lanes in runs for line in differences(davscope, captures, lanes)]
    print("\n".join(wrong) or f"{len(runs)} sets of captures, the same whatever the lanes")
    sys.exit(1 if wrong else 0)


main()
