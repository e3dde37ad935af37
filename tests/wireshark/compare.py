#!/usr/bin/env python3
"""Holds the plugin in tshark against davscope.

Document by document: the frame, the verdict, the operation, what is missing, and href, class and
status of each resource and its propstats. A difference is an error unless
differences.txt explains it (capture, frame, reason); so is an explanation of nothing.
usage: compare.py DAVSCOPE PLUGIN PRELOAD RELEASE CAPTURE      exit 0 equal, 1 different, 77 no tshark
"""

import pathlib
import shutil
import sys

import host

EXPLANATIONS = pathlib.Path(__file__).with_name("differences.txt")
NAMES = ("frame", "verdict", "operation", "missing", "resources")


def explanations(capture):
    """-> {frame: reason}."""
    table = {}
    for line in EXPLANATIONS.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, frame, reason = line.split(None, 2)
            if name == pathlib.Path(capture).name:
                table[int(frame)] = reason
    return table


def short(value):
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + " ..."


def document_differences(ours, theirs):
    for name, one, other in zip(NAMES, ours, theirs):
        if one == other:
            continue
        if name == "resources" and len(one) == len(other):
            row = next(i for i in range(len(one)) if one[i] != other[i])
            name, one, other = f"resource {row + 1}", one[row], other[row]
        elif name == "resources":
            name, one, other = "resources", len(one), len(other)
        yield f"{name}: davscope {short(one)}, plugin {short(other)}"


def by_frame(documents):
    table = {}
    for document in documents:
        table.setdefault(document[0], []).append(document)
    return table


def differences(ours, theirs):
    """Yields (frame, [line, ..])."""
    ours, theirs = by_frame(ours), by_frame(theirs)
    for frame in sorted(set(ours) | set(theirs)):
        some, others = ours.get(frame, []), theirs.get(frame, [])
        lines = []
        if len(some) != len(others):
            lines.append(f"documents: davscope {len(some)}, plugin {len(others)}")
        for one, other in zip(some, others):
            lines += document_differences(one, other)
        if lines:
            yield frame, lines


def main():
    davscope, plugin, preload, release, capture = sys.argv[1:]
    if not shutil.which("tshark"):
        sys.exit(host.SKIPPED)
    tshark = host.Host(plugin, preload, release)
    shown = host.plugin_documents(tshark, capture)
    failed = False
    known = explanations(capture)
    found = dict(differences(host.davscope_documents(host.davscope_records(davscope, capture)[0]),
                             shown))
    for frame in sorted(set(found) - set(known)):
        failed = True
        print(f"frame {frame}:", *found[frame], sep="\n    ")
    for frame in sorted(set(known) - set(found)):
        failed = True
        print(f"frame {frame}: explained, but there is no difference")
    print(f"{len(shown)} documents")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
