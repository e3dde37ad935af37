"""The other programs that davscope is held against: tshark, what the Wireshark plugin costs it, and
tcpflow, which writes the streams of a capture into files."""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import bench

sys.path.append(str(pathlib.Path(__file__).parents[1] / "wireshark"))
import host

TSHARK_MAX_BYTES = 60e6
TSHARK = ("-T", "fields", "-e", "frame.number", "-e", "xml.cdata")
TCPFLOW_CASES = ("mixed", "plain", "gzip")


# What people run, without the plugin and with it.
PLUGIN_RUNS = (
    ("the list of frames", (), ()),
    ("hrefs and statuses of documents as fields",
     ("-Y", "http.response.code == 207", "-T", "fields", "-e", "frame.number", "-e", "xml.cdata"),
     ("-Y", "multistatus", "-T", "fields", "-e", "frame.number", "-e", "multistatus.href", "-e",
      "multistatus.status")),
)


def middle_cost(costs):
    return bench.Cost(*(statistics.median(getattr(cost, name) for cost in costs)
                        for name in ("wall_s", "cpu_s", "peak_mib")))


def plugin_row(label, hosts, capture, options_of_both):
    """hosts take turns, three rounds."""
    costs = [], []
    for _ in range(3):
        for cost, one, options in zip(costs, hosts, options_of_both):
            cost.append(bench.measure(one.command("-r", one.readable(capture), *options)))
    without, with_it = map(middle_cost, costs)
    print(f"| {label} | {without.wall_s:.2f} | {without.cpu_s:.2f} | {without.peak_mib:.0f}"
          f" | {with_it.wall_s:.2f} | {with_it.cpu_s:.2f} | {with_it.peak_mib:.0f}"
          f" | {with_it.cpu_s / without.cpu_s:.2f} |", flush=True)


def plugin_rows(build, capture):
    """What the Wireshark plugin costs tshark."""
    plugin = os.path.join(build, "multistatus.so")
    if not os.path.exists(plugin):
        return
    folder = subprocess.run(["pkg-config", "--variable=plugindir", "wireshark"],
                            capture_output=True, text=True, check=True).stdout.strip()
    hosts = [host.Host(which, "none", os.path.basename(folder)) for which in (None, plugin)]
    print(f"\n{os.path.getsize(capture) / 1e6:.1f} MB of it in tshark without the plugin and with it:\n\n"
          "| tshark | wall s | CPU s | peak MiB | with: wall s | CPU s | peak MiB | CPU × |\n"
          "|---|--:|--:|--:|--:|--:|--:|--:|")
    for label, *options in PLUGIN_RUNS:
        plugin_row(label, hosts, capture, options)


def tshark_cost(case, made):
    """tshark, asked for the texts of the same documents."""
    status = "http2.headers.status" if case.is_secure else "http.response.code"
    keys = ["-o", f"tls.keylog_file:{made.keys}"] if case.is_secure else []
    return bench.measure(["tshark", "-r", made.capture, *keys, "-Y", f"{status} == 207", *TSHARK])


def tshark_row(build, case, whole):
    """whole: the run of the whole capture. -> how many times as long as davscope's summary."""
    small, is_small = whole.made, not (whole.is_full and case.tshark_target)
    n_bytes = os.path.getsize(whole.made.capture)
    if is_small:
        small = bench.make(build, case, whole.size * min(1, TSHARK_MAX_BYTES / n_bytes))
    scale = n_bytes / os.path.getsize(small.capture)
    cost = tshark_cost(case, small)
    scaled = bench.Cost(cost.wall_s * scale, cost.cpu_s * scale, cost.peak_mib)
    floors = whole.costs[case.floor]
    bench.row(f"tshark, hrefs and statuses as fields ({100 / scale:.0f} % of it, scaled)",
              [scaled] * len(floors), floors)
    if not case.is_secure and not whole.is_full:
        plugin_rows(build, small.capture)
    if small != whole.made and whole.is_full:
        bench.discard(small)
    return statistics.median(scaled.wall_s / cost.wall_s for cost in whole.costs["summary-1"])


def tcpflow_row(case, whole):
    with tempfile.TemporaryDirectory(prefix="tcpflow-") as folder:
        cost = bench.measure(["tcpflow", "-r", whole.made.capture, "-o", folder])
    floors = whole.costs[case.floor]
    bench.row("tcpflow, streams into files", [cost] * len(floors), floors)


def run(build, case, whole):
    """-> as tshark_row, or None without tshark."""
    if shutil.which("tcpflow") and case.name in TCPFLOW_CASES:
        tcpflow_row(case, whole)
    return tshark_row(build, case, whole) if shutil.which("tshark") else None
