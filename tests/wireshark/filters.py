#!/usr/bin/env python3
"""Display filters, fields, columns, the bytes highlighted, the statistics and the preferences of the plugin.

usage: filters.py DAVSCOPE PLUGIN PRELOAD RELEASE CAPTURE...      exit 0 right, 1 wrong, 77 no tshark
What is right comes from davscope; captures that differences.txt speaks of are not for this test.
"""

import json
import re
import shutil
import sys
import xml.etree.ElementTree as ElementTree

import host


def frames_where(records, matches):
    """Frames with a document of which this holds."""
    return sorted({record["davscope"]["frames"]["response"][1] for record in records
                   if matches(record)})


def resources(record):
    return record["multistatus"].get("resources", [])


def has_status(status):
    return lambda record: any(
        item.get("status") == status
        for resource in resources(record)
        for item in [resource, *resource.get("propstats", [])])


def has_class(name):
    return lambda record: any(resource["class"] == name for resource in resources(record))


def has_condition(name):
    return lambda record: any(
        name in item.get("conditions", [])
        for resource in resources(record)
        for item in [resource, *resource.get("propstats", [])])


FILTERS = (
    ('multistatus.class == "failed"', has_class("failed")),
    ("multistatus.status == 423", has_status(423)),
    ('multistatus.condition contains "lock-token-submitted"',
     has_condition("{DAV:}lock-token-submitted")),
    ('multistatus.verdict == "mixed"', lambda record: record["multistatus"]["verdict"] == "mixed"),
    ('multistatus.operation == "PROPFIND" and multistatus.resources >= 2',
     lambda record: record["multistatus"].get("operation") == "PROPFIND" and
     record["multistatus"]["counts"]["resources"] >= 2),
    ('_ws.expert.severity == "Warning" and multistatus.expert.failed', has_class("failed")),
    ('multistatus.property == "{DAV:}getetag"', lambda record: any(
        "{DAV:}getetag" in propstat.get("properties", [])
        for resource in resources(record) for propstat in resource.get("propstats", []))),
)


def wrong_filters(tshark, capture, records):
    all_shown = tshark.filtered(capture, [text for text, _ in FILTERS])
    for (text, matches), shown in zip(FILTERS, all_shown):
        wanted = frames_where(records, matches)
        if shown != wanted:
            yield f"{capture}: {text}: frames {wanted} wanted, {shown} shown"


STATISTICS = {
    "Documents by verdict": "by_verdict",
    "Resources by class": "by_class",
    "Resources by status": "by_status",
}


def statistics(text):
    """-> {title: {name: count}} of the two upper levels of a statistics tree."""
    table, title = {}, None
    for line in text.splitlines():
        found = re.match(r"( ?)(\S.*?)  +(\d+) ", line)
        if found and not found[1]:
            title = found[2]
            table[title] = {}
        elif found:
            table[title][found[2]] = int(found[3])
    return table


def wrong_statistics(tshark, capture, summary):
    shown = statistics(tshark.tshark(capture, "-q", "-z", "multistatus,tree"))
    said = summary["multistatus"]
    for title, name in STATISTICS.items():
        wanted = {key: n for key, n in said[name].items() if n}
        got = {key.split()[0] if name == "by_status" else key: n
               for key, n in shown.get(title, {}).items()}
        if got != wanted:
            yield f"{capture}: {title}: {wanted} wanted, {got} shown"
    wanted = {key: row["documents"] for key, row in said["by_operation"].items()}
    if shown.get("Documents by operation") != wanted:
        yield f"{capture}: operations: {wanted} wanted, {shown.get('Documents by operation')} shown"


def wrong_output(tshark, capture, records):
    """The list of frames, JSON, and what the preferences change."""
    n_documents = len(records)
    info = tshark.tshark(capture, "-Y", "multistatus")
    verdicts = [record["multistatus"]["verdict"] for record in records]
    if not all(f"Multi-Status: {verdict}" in info for verdict in verdicts):
        yield f"{capture}: the list of frames does not have every verdict:\n{info}"
    packets = json.loads(tshark.tshark(capture, "-Y", "multistatus", "-T", "json"))
    if len(packets) != len({frame for frame in frames_where(records, lambda _: True)}):
        yield f"{capture}: {len(packets)} packets in JSON, {n_documents} documents"
    names = tshark.tshark(capture, "-o", "multistatus.show_properties:FALSE", "-T", "fields", "-e",
                          "multistatus.property").split()
    if names:
        yield f"{capture}: properties although they are switched off"
    cut = tshark.tshark(capture, "-o", "multistatus.max_document_mib:0", "-T", "fields", "-e",
                        "multistatus.reason").split()
    if set(",".join(cut).split(",")) != {"limit"}:
        yield f"{capture}: documents are decoded that are larger than the preference allows: {cut}"


def wrong_tree(tshark, capture):
    """What is highlighted of an href is where it stands, and the host's own XML tree is still there."""
    for line in tshark.tshark(capture, "-Y", 'multistatus.format == "xml"', "-T", "fields", "-e",
                              "frame.protocols").splitlines():
        if "xml" not in line.split(":"):
            yield f"{capture}: no XML beside the Multi-Status: {line}"
    tree = ElementTree.fromstring(tshark.tshark(capture, "-Y", "multistatus", "-T", "pdml"))
    hrefs = [field for field in tree.iter("field") if field.get("name") == "multistatus.href"]
    for field in hrefs:
        if field.get("show").encode() not in bytes.fromhex(field.get("value")):
            yield f"{capture}: {field.get('show')} is not where it is highlighted, at {field.get('pos')}"
    if not hrefs:
        yield f"{capture}: no href in the tree"


def main():
    davscope, plugin, preload, release, *captures = sys.argv[1:]
    if not shutil.which("tshark"):
        sys.exit(host.SKIPPED)
    tshark = host.Host(plugin, preload, release)
    wrong = []
    for number, capture in enumerate(captures):
        records, summary = host.davscope_records(davscope, capture)
        wrong += wrong_statistics(tshark, capture, summary)
        wrong += wrong_filters(tshark, capture, records) if number == 0 else ()
        wrong += wrong_output(tshark, capture, records) if number == 0 else ()
        wrong += wrong_tree(tshark, capture) if number > 0 else ()
    print(*wrong, sep="\n")
    sys.exit(1 if wrong else 0)


main()
