#!/usr/bin/env python3
"""A proxy answers over HTTP/3 what a server behind it answers in the clear: of the first leg the
plugin says what davscope says of the second. And when more streams are open than are wanted, the
oldest is given up, which is said, and costs its document alone.

usage: http3.py DAVSCOPE PLUGIN PRELOAD RELEASE CAPTURE      exit 0 equal, 1 different, 77 no tshark
"""

import shutil
import sys

import host

FIELDS = ("multistatus.method", "multistatus.target", "multistatus.http_status", "multistatus.resources")


def frames_of_quic(tshark, capture):
    return {int(number) for number in
            tshark.tshark(capture, "-Y", "quic", "-T", "fields", "-e", "frame.number").split()}


def heads_over_quic(tshark, capture):
    """-> what the answers' heads and those of their requests say."""
    options = [option for name in FIELDS for option in ("-e", name)]
    text = tshark.tshark(capture, "-Y", "multistatus and quic", "-T", "fields", "-E", "aggregator=|",
                         *options)
    # A frame may end several documents.
    return sorted(row for line in text.splitlines()
                  for row in zip(*(value.split("|") for value in line.split("\t"))))


def heads_in_the_clear(records):
    return sorted((record["http"]["request"]["method"], record["url"]["path"],
                   str(record["http"]["response"]["status_code"]),
                   str(record["multistatus"]["counts"]["resources"])) for record in records)


def wrong_bounds(tshark, capture, shown):
    """shown: the documents, without a bound that is met."""
    bound = ("-o", "multistatus.max_streams:1")
    notes = tshark.tshark(capture, *bound, "-2", "-Y", "multistatus.expert.stream", "-T", "fields", "-e",
                          "_ws.expert.message").splitlines()
    bounded = host.plugin_documents(tshark, capture, *bound)
    changed = [document for document in bounded if document not in shown]
    if not notes or not all("given up: too many streams are open" in note for note in notes):
        yield f"of the streams that are given up is said: {notes}"
    if len(bounded) != len(shown) or len(changed) != len(notes) or \
            any(document[1] != "incomplete" for document in changed):
        yield f"{len(notes)} streams given up, and other documents: {changed}"
    if tshark.tshark(capture, "-2", "-Y", "multistatus.expert.stream"):
        yield "a stream is given up without need"


def main():
    davscope, plugin, preload, release, capture = sys.argv[1:]
    if not shutil.which("tshark"):
        sys.exit(host.SKIPPED)
    tshark = host.Host(plugin, preload, release)
    records, _ = host.davscope_records(davscope, capture)
    quic = frames_of_quic(tshark, capture)
    documents = host.plugin_documents(tshark, capture)
    shown = sorted((document[1:] for document in documents if document[0] in quic), key=repr)
    wanted = sorted((document[1:] for document in host.davscope_documents(records)), key=repr)
    wrong = [f"davscope {one}, plugin {other}" for one, other in zip(wanted, shown) if one != other]
    if len(shown) != len(wanted) or not shown:
        wrong.append(f"{len(wanted)} documents in the clear, {len(shown)} over HTTP/3")
    if heads_over_quic(tshark, capture) != heads_in_the_clear(records):
        wrong.append("other methods, targets or statuses over HTTP/3 than in the clear")
    wrong += wrong_bounds(tshark, capture, documents)
    print(*wrong, f"{len(shown)} documents", sep="\n")
    sys.exit(1 if wrong else 0)


main()
