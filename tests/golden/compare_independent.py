#!/usr/bin/env python3
"""Compares what davscope says of captures with the independent route (independent.py).

Document by document: the frame that completed it, its HTTP status, the request, and the hrefs,
levels and status codes of its resources in order. A difference is an error unless
independent_differences.txt explains it (capture, frame, reason); so is an explanation of nothing.
usage: compare_independent.py DAVSCOPE CAPTURE...      exit 0 equal, 1 different, 2 wrong usage
"""

import json
import pathlib
import re
import subprocess
import sys

import independent

EXPLANATIONS = pathlib.Path(__file__).with_name("independent_differences.txt")


class Unusable(Exception):
    """davscope did not do its work."""


def explanations():
    """-> {(capture, frame): reason}; the file has one a line, parted by white space."""
    table = {}
    for line in EXPLANATIONS.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            capture, frame, reason = line.split(None, 2)
            table[capture, int(frame)] = reason
    return table


def resources(record):
    """The resources of a davscope record as the independent route writes them."""
    rows = []
    for resource in record["multistatus"].get("resources", []):
        statuses = [propstat.get("status") for propstat in resource.get("propstats", [])]
        for href in resource.get("hrefs") or [resource.get("href")]:
            # A response without href is shown by its ordinal.
            href = None if href and re.fullmatch(r"#\d+", href) else href
            rows.append([href, resource.get("status"), statuses])
    return rows


def davscope_documents(davscope, capture):
    run = subprocess.run(
        [davscope, "-o", "json", "--resources", "all", "-q", capture],
        stdout=subprocess.PIPE, check=False,
    )  # fmt: skip
    # 1 is a damaged capture, of which all that could be read is there.
    if run.returncode not in (0, 1):
        raise Unusable(f"davscope's exit status is {run.returncode}")
    records = [json.loads(line) for line in run.stdout.decode("utf-8").splitlines()]
    if not records or records[-1]["event"]["dataset"] != "davscope.summary":
        raise Unusable("davscope printed no summary at the end")
    found = []
    for record in records:
        if record["event"]["dataset"] != "davscope.multistatus":
            continue
        request = record["http"].get("request", {})
        url = record.get("url", {})
        uri = url.get("path")
        if uri is not None and "query" in url:
            uri += "?" + url["query"]
        found.append(
            {
                "frame": record["davscope"]["frames"]["response"][1],
                "http_status": record["http"]["response"].get("status_code"),
                "method": request.get("method"),
                "uri": uri,
                "resources": resources(record),
            }
        )
    return found


def short(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else text[:300] + " ..."


def resource_differences(ours, theirs):
    """Lines that say where two lists of resources part."""
    lines = []
    if len(ours) != len(theirs):
        lines.append(f"resources: davscope {len(ours)}, independent {len(theirs)}")
    for number, (one, other) in enumerate(zip(ours, theirs), 1):
        if one != other:
            lines.append(f"resource {number}: davscope {short(one)}")
            lines.append(f"resource {number}: independent {short(other)}")
    return lines[:12]


def document_differences(ours, theirs):
    lines = []
    for name in ("http_status", "method", "uri"):
        # tshark knows neither MKCALENDAR nor what such a request asked for.
        if ours[name] != theirs[name] and theirs[name] is not None:
            lines.append(f"{name}: davscope {ours[name]}, independent {theirs[name]}")
    if theirs["resources"] is None:
        return lines
    if theirs["root"] in ("mkcol-response", "mkcalendar-response"):
        # It names no resource: the request did.
        ours["resources"] = [[None] + row[1:] for row in ours["resources"]]
    return lines + resource_differences(ours["resources"], theirs["resources"])


def by_frame(documents):
    table = {}
    for document in documents:
        table.setdefault(document["frame"], []).append(document)
    return table


def differences(davscope, capture):
    """Yields (frame, [line, ..]) for each document that differs."""
    ours = by_frame(davscope_documents(davscope, capture))
    theirs = by_frame(independent.documents(capture))
    for frame in sorted(set(ours) | set(theirs)):
        pairs = list(zip(ours.get(frame, []), theirs.get(frame, [])))
        lines = []
        if len(ours.get(frame, [])) != len(theirs.get(frame, [])):
            counts = len(ours.get(frame, [])), len(theirs.get(frame, []))
            lines.append("documents: davscope %d, independent %d" % counts)
        for one, other in pairs:
            lines += document_differences(one, other)
        if lines:
            yield frame, lines


def main(davscope, captures):
    known = explanations()
    used, failed = set(), False
    for capture in captures:
        name = pathlib.Path(capture).name
        try:
            found = list(differences(davscope, capture))
        except Unusable as error:
            found = [(0, [str(error)])]
        for frame, lines in found:
            if (name, frame) in known:
                used.add((name, frame))
                continue
            failed = True
            print(f"{name}, frame {frame}:")
            print("".join(f"    {line}\n" for line in lines), end="")
    names = {pathlib.Path(capture).name for capture in captures}
    for name, frame in sorted(set(known) - used):
        if name in names:
            failed = True
            print(f"{name}, frame {frame}: explained, but there is no difference")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        print(__doc__.rsplit("\n", 2)[-2], file=sys.stderr)
        sys.exit(2)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
