"""tshark with the plugin, and what davscope says of the same capture.

tshark passes over plugins of the user's choice when root runs it, so root runs it as nobody.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree

SKIPPED = 77
NOBODY = 65534


class Host:
    """A folder that tshark takes for its plugin folder, with nothing in it but the plugin."""

    def __init__(self, plugin, preload, release):
        """preload: a library for LD_PRELOAD, or "none"; release: of the host, "4.0".
        plugin None: a host without it."""
        self.folder = tempfile.TemporaryDirectory(prefix="davscope-wireshark-")
        os.chmod(self.folder.name, 0o755)
        place = pathlib.Path(self.folder.name, "plugins", release, "epan")
        place.mkdir(parents=True)
        if plugin:
            shutil.copy(plugin, place)
        pathlib.Path(self.folder.name, "home").mkdir(mode=0o777)
        os.chmod(pathlib.Path(self.folder.name, "home"), 0o777)
        self.environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "HOME": os.path.join(self.folder.name, "home"),
            "WIRESHARK_PLUGIN_DIR": os.path.join(self.folder.name, "plugins"),
        }
        if preload != "none":
            # What the host itself leaves behind is no matter of ours.
            self.environment |= {"LD_PRELOAD": preload,
                                 "ASAN_OPTIONS": "detect_leaks=0:quarantine_size_mb=16"}

    def command(self, *options):
        """The whole command line, to be run anyhow."""
        return self._command("tshark", "-n", *options)

    def _command(self, *program):
        as_nobody = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
        variables = [f"{name}={value}" for name, value in self.environment.items()]
        return [*(as_nobody if os.geteuid() == 0 else []), "env", "-i", *variables, *program]

    def readable(self, capture):
        """The capture, or when root runs it a copy: it may lie where nobody else can read."""
        if os.geteuid() != 0:
            return capture
        copy = os.path.join(self.folder.name, os.path.basename(capture))
        if not os.path.exists(copy):
            shutil.copyfile(capture, copy)
            os.chmod(copy, 0o644)
        return copy

    def tshark(self, capture, *options):
        """-> its standard output, text."""
        command = self.command("-r", self.readable(capture), *options)
        run = subprocess.run(command, capture_output=True, text=True,
                             encoding="utf-8", errors="surrogateescape", check=False)
        # A damaged capture is an error of tshark's; what it could read is there.
        damaged = "appears to have been cut short" in run.stderr or "damaged" in run.stderr
        if run.returncode not in (0, 2 if damaged else 0) or "multistatus.so" in run.stderr:
            raise SystemExit(f"tshark {' '.join(options)}: {run.returncode}\n{run.stderr}")
        return run.stdout

    def _window(self, calls):
        """What the window does, (method, parameters) each, in one process. -> the results, in order."""
        calls = list(calls)
        lines = [json.dumps({"jsonrpc": "2.0", "id": n, "method": method, "params": parameters})
                 for n, (method, parameters) in enumerate(calls, 1)]
        run = subprocess.run(self._command("sharkd", "-"), input="\n".join(lines) + "\n",
                             capture_output=True, text=True, check=True)
        answers = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
        results = {answer["id"]: answer["result"] for answer in answers}
        return [results[n] for n in range(1, len(calls) + 1)]

    def trees(self, capture, *orders):
        """What the window would show of these frames, clicked in this order; the capture is opened
        anew for each order. -> for each {frame: text}"""
        load = ("load", {"file": self.readable(capture)})
        found = []
        results = iter(self._window(
            call for frames in orders
            for call in (load, *(("frame", {"frame": frame, "proto": True}) for frame in frames))))
        for frames in orders:
            next(results)
            found.append({frame: json.dumps(next(results)["tree"]) for frame in frames})
        return found

    def filtered(self, capture, filters):
        """-> for each display filter the frames that it lets through."""
        calls = [("load", {"file": self.readable(capture)})]
        calls += [("frames", {"filter": text}) for text in filters]
        return [[row["num"] for row in rows] for rows in self._window(calls)[1:]]


def values(element, name):
    return [field.get("show") for field in element.findall("field") if field.get("name") == name]


def number(texts):
    return int(texts[0]) if texts else None


def _propstat(element):
    return [number(values(element, "multistatus.status")),
            values(element, "multistatus.propstat.class")[0]]


def _resources(document):
    rows = []
    for node in document.findall("field"):
        if node.get("name") != "multistatus.resource":
            continue
        propstats = [_propstat(below) for below in node.findall("field")
                     if below.get("name") == "multistatus.propstat"]
        rows.append([values(node, "multistatus.href"), values(node, "multistatus.class")[0],
                     number(values(node, "multistatus.status")), propstats])
    return rows


def plugin_documents(host, capture, *options):
    """-> [(frame, verdict, operation, missing hrefs, resources)], as the plugin has them."""
    text = host.tshark(capture, *options, "-Y", "multistatus", "-T", "pdml", "-J",
                       "frame multistatus")
    found = []
    for packet in ElementTree.fromstring(text):
        frame = next(int(field.get("show")) for field in packet.iter("field")
                     if field.get("name") in ("frame.number", "num"))
        for document in packet.findall("proto"):
            if document.get("name") == "multistatus":
                found.append((frame, values(document, "multistatus.verdict")[0],
                              values(document, "multistatus.operation")[0],
                              values(document, "multistatus.missing.href"), _resources(document)))
    return found


def davscope_records(davscope, capture):
    """-> (records of documents, the summary)."""
    run = subprocess.run([davscope, "-q", "-o", "json", "--resources", "all", capture],
                         stdout=subprocess.PIPE, check=False)
    if run.returncode not in (0, 1):
        raise SystemExit(f"davscope's exit status is {run.returncode}")
    records = [json.loads(line) for line in run.stdout.decode("utf-8").splitlines()]
    documents = [record for record in records
                 if record["event"]["dataset"] == "davscope.multistatus"]
    return documents, records[-1]


def davscope_documents(records):
    """The same of davscope."""
    found = []
    for record in records:
        said = record["multistatus"]
        rows = []
        for resource in said.get("resources", []):
            propstats = [[propstat.get("status"), propstat["class"]]
                         for propstat in resource.get("propstats", [])]
            rows.append([resource.get("hrefs") or [resource["href"]], resource["class"],
                         resource.get("status"), propstats])
        found.append((record["davscope"]["frames"]["response"][1], said["verdict"],
                      said.get("operation"), said.get("missing", []), rows))
    return found
