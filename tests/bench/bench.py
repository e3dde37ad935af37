"""What the bench and its smoke test share: the cases, making a capture, asking davscope, measuring.

The captures and bodies go into BUILD/bench/, named by case and size; one that is there is not made
again.
"""

import dataclasses
import json
import os
import statistics
import subprocess
import tempfile
import time


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    what: str
    body_steps: str  # what body_pass does with the bodies
    floor: str  # the pass that ratios are taken of
    target: float  # davscope's summary, as a multiple of the floor; 0 = none
    target_2: float  # the same with two lanes
    is_secure: bool = False  # in TLS: needs a key log
    tshark_target: float = 0  # tshark's wall time, as a multiple of the summary's; 0 = none


CASES = (
    Case("mixed", "1 GiB of mixed traffic of which 2 % are Multi-Status", "sax", "pcap_pass", 2.0, 1.4,
         tshark_target=90),
    Case("plain", "500 MiB of listings of 20 KiB to 5 MiB", "sax", "body_pass", 1.4, 0.8,
         tshark_target=25),
    Case("gzip", "the same listings in gzip", "inflate+sax", "body_pass", 1.3, 0.75),
    Case("short", "2 million connections of one exchange", "sax", "pcap_pass", 4.0, 2.5),
    Case("multiget", "200,000 small multigets", "sax", "body_pass", 0, 0),
    Case("secure", "the same listings over HTTP/2 in TLS 1.3 (AES-128-GCM)", "decrypt+sax",
         "body_pass", 1.5, 0.85, is_secure=True),
)


@dataclasses.dataclass(frozen=True)
class Made:
    capture: str
    bodies: str
    keys: str  # a key log, empty when nothing is encrypted
    truth: dict


def make(build, case, percent):
    """The capture of a case, made when it is not there yet."""
    folder = os.path.join(build, "bench")
    os.makedirs(folder, exist_ok=True)
    stem = os.path.join(folder, f"{case.name}-{percent:g}")
    made = [stem + suffix for suffix in (".pcap", ".bodies", ".keys", ".truth")]
    maker = os.path.join(build, "tests", "bench", "make_capture")
    is_old = not os.path.exists(made[3]) or os.path.getmtime(made[3]) < os.path.getmtime(maker)
    if is_old:
        run = subprocess.run([maker, case.name, str(percent), *made[:3]],
                             stdout=subprocess.PIPE, check=True)
        with open(made[3], "wb") as file:
            file.write(run.stdout)
    with open(made[3], encoding="ascii") as file:
        return Made(*made[:3], json.load(file))


def discard(made):
    """The files of a capture: the next case needs the disk."""
    stem = made.capture[:-len(".pcap")]
    for suffix in (".pcap", ".bodies", ".keys", ".truth"):
        if os.path.exists(stem + suffix):
            os.remove(stem + suffix)


def options_of(case, made):
    """What davscope has to be told to read the capture."""
    return ["-K", made.keys] if case.is_secure else []


def command_of(build, case, made, output, *more):
    program = os.path.join(build, "davscope")
    return [program, "-q", "-o", output, *more, *options_of(case, made), made.capture]


def summary_of(davscope, case, made):
    """The last record of `davscope -o json`; the others are passed over as they come."""
    command = [davscope, "-q", "-o", "json", "--resources", "none", *options_of(case, made),
               made.capture]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as run:
        last = b"{}"
        for last in run.stdout:
            pass
    if run.returncode:
        raise SystemExit(f"{' '.join(command)}: exit status {run.returncode}")
    return json.loads(last)


def differences(davscope, case, made):
    """Lines that say where davscope's summary is not what the capture was made of."""
    said = summary_of(davscope, case, made)["multistatus"]
    all_ok = made.truth["documents"] - made.truth["mixed"] - made.truth["all-failed"]
    pairs = (
        ("documents", made.truth["documents"], said["documents"]),
        ("resources", made.truth["resources"], said["resources"]),
        ("failed resources", made.truth["failed"], said["by_class"].get("failed", 0)),
        ("mixed documents", made.truth["mixed"], said["by_verdict"].get("mixed", 0)),
        ("all-failed documents", made.truth["all-failed"],
         said["by_verdict"].get("all-failed", 0)),
        ("all-ok documents", all_ok, said["by_verdict"].get("all-ok", 0)),
    )
    return [f"{what}: {true} made, {found} found" for what, true, found in pairs if true != found]


@dataclasses.dataclass(frozen=True)
class Cost:
    wall_s: float
    cpu_s: float
    peak_mib: float


def on_one_cpu():
    """The prefix of a command that keeps it on the first processor. Where machines are shared one
    processor may be twice as fast as the other, and what is compared must not choose."""
    return ["taskset", "-c", str(min(os.sched_getaffinity(0)))]


def measure(command, stdin=subprocess.DEVNULL):
    """Runs a command with its output thrown away. GNU time says the peak of the memory: what wait4
    says of a child includes this interpreter, which it was before it became the program."""
    with tempfile.NamedTemporaryFile("r", prefix="bench-") as report:
        begin = time.perf_counter()
        run = subprocess.Popen(["time", "-q", "-f", "%M", "-o", report.name] + command,
                               stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(run.pid, 0)
        wall_s = time.perf_counter() - begin
        run.returncode = os.waitstatus_to_exitcode(status)
        if run.returncode:
            raise SystemExit(f"{' '.join(command)}: exit status {run.returncode}")
        peak_kib = int(report.read())
    return Cost(wall_s, usage.ru_utime + usage.ru_stime, peak_kib / 1024)


def row(label, costs, floors):
    """One line of a table; costs and floors are lists of the same rounds."""
    middle = statistics.median
    print(f"| {label} | {middle(c.wall_s for c in costs):.3f} | {middle(c.cpu_s for c in costs):.3f}"
          f" | {middle(c.wall_s / f.wall_s for c, f in zip(costs, floors)):.2f}"
          f" | {middle(c.cpu_s / f.cpu_s for c, f in zip(costs, floors)):.2f}"
          f" | {max(c.peak_mib for c in costs):.1f} |", flush=True)
