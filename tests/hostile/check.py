"""A hostile exchange and two normal ones: each is told what it is, and memory stays small.

EXPECTED says what must come out of the hostile exchange. Of the normal ones davscope must see every
resource, without an anomaly. A flood meets a small memory limit.

usage: check.py MAKE_HOSTILE DAVSCOPE NAME [MAX_PEAK_MIB]
       check.py MAKE_HOSTILE --names        every case has its line in EXPECTED and no other has one
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

FLOOD_LIMIT = "32M"
EXPECTED = pathlib.Path(__file__).with_name("EXPECTED")


def expected():
    """-> {name: (document, anomalies, normal)}, the columns of EXPECTED."""
    lines = EXPECTED.read_text(encoding="ascii").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {row[0]: tuple(row[1:]) for row in rows}


def run(maker, davscope, name):
    """-> (records of documents, peak of the memory in MiB)."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        capture, output = os.path.join(folder, "pcap"), os.path.join(folder, "json")
        subprocess.run([maker, name, "100", capture], check=True)
        with open(output, "wb") as file:
            command = [davscope, "-q", "-o", "json", "--resources", "none", capture]
            if name.startswith("flood-"):
                command += ["--memory-limit", FLOOD_LIMIT]
            process = subprocess.Popen(command, stdout=file)
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"davscope: exit status {process.returncode}")
        with open(output, encoding="utf-8") as file:
            records = [json.loads(line) for line in file]
    documents = [record for record in records
                 if record["event"]["dataset"] == "davscope.multistatus"]
    return documents, usage.ru_maxrss / 1024


def is_normal(document):
    return document.get("url", {}).get("path", "").startswith("/normal/")


def judged(documents):
    """What EXPECTED has in its second and third column, for the first hostile document."""
    if not documents:
        return "-", "-"
    multistatus = documents[0]["multistatus"]
    verdict = multistatus["verdict"]
    reason = multistatus.get("reason")
    anomalies = [anomaly["kind"] + (":" + anomaly["text"].split()[0] if anomaly["kind"] == "limit"
                                    else "")
                 for anomaly in documents[0]["davscope"].get("anomalies", [])]
    return verdict + (f"/{reason}" if reason else ""), ",".join(anomalies) or "-"


def is_whole(document):
    multistatus = document["multistatus"]
    return (multistatus["verdict"] == "all-ok" and multistatus["counts"]["resources"] == 1 and
            not document["davscope"].get("anomalies"))


def check(maker, davscope, name, max_peak_mib):
    documents, peak_mib = run(maker, davscope, name)
    normal = [document["url"]["path"].removeprefix("/normal/")
              for document in documents if is_normal(document) and is_whole(document)]
    found = (*judged([document for document in documents if not is_normal(document)]),
             ",".join(normal) or "-")
    print(f"{name}: {' '.join(found)}; at most {peak_mib:.0f} MiB")
    is_right = found == expected()[name]
    if not is_right:
        print(f"expected: {' '.join(expected()[name])}")
    if peak_mib > max_peak_mib:
        print(f"more than {max_peak_mib} MiB")
    return is_right and peak_mib <= max_peak_mib


def check_names(maker):
    run_names = subprocess.run([maker], stdout=subprocess.PIPE, text=True, check=True)
    difference = set(run_names.stdout.split()) ^ set(expected())
    print("\n".join(sorted(difference)) or "every case has its line")
    return not difference


def main():
    maker, *rest = sys.argv[1:]
    if rest == ["--names"]:
        sys.exit(0 if check_names(maker) else 1)
    davscope, name = rest[:2]
    max_peak_mib = float(rest[2]) if len(rest) > 2 else float("inf")
    sys.exit(0 if check(maker, davscope, name, max_peak_mib) else 1)


main()
