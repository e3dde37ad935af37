"""Nothing that --redact hides is in any output, and everything else is as without it.

usage: redact.py DAVSCOPE CAPTURE...
"""

import functools
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.parse

FORMATS = ("summary", "lines", "json", "csv")
# Segments that are the same everywhere, and words that outputs say themselves.
KNOWN = {"", ".well-known", "caldav", "carddav", "dav.php", "remote.php", "public.php", "index.php",
         "dav", "webdav", "caldav.php", "calendars", "calendar", "principals", "principal",
         "addressbooks", "addressbook", "contacts", "files", "uploads", "users", "groups", "inbox",
         "outbox", "bulk", "svn", "!svn", "ocs", "freebusy"}
SEPARATORS = re.compile(r"[/\s\",;:()<>?=&#\[\]]+")
TOO_SHORT = 4  # such a name can stand in any word


def run(davscope, *arguments):
    said = subprocess.run([davscope, "-q", *arguments], capture_output=True, check=False)
    if said.returncode != 0:
        sys.exit(f"{arguments}: {said.returncode} {said.stderr.decode()}")
    return said.stdout.decode()


def json_of(davscope, *arguments):
    return [json.loads(line) for line in run(davscope, "-o", "json", *arguments).splitlines()]


def members(value, key=""):
    """(key, text) of every text in a record."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from members(member, name)
    elif isinstance(value, list):
        for member in value:
            yield from members(member, key)
    elif isinstance(value, str):
        yield key, value


URLS = {"href", "hrefs", "path", "full", "missing", "location", "destination", "collection"}
TEXTS = {"ip", "domain", "description", "uid", "sync_token", "clients", "servers"}


def names_in(records):
    """What must not be seen again: addresses, hosts, segments as sent and decoded, texts."""
    found = set()
    for record in records:
        record.pop("rule", None)
        for key, text in members(record):
            if key in URLS:
                url = urllib.parse.urlsplit(text)
                found |= set(url.path.split("/")) | {url.netloc.rsplit(":", 1)[0], url.query}
            elif key in TEXTS:
                found.add(re.sub(r":\d+$", "", text) if key == "servers" else text)
    found |= {urllib.parse.unquote(name) for name in found}
    return {name for name in found - KNOWN - own_words() if len(name) >= TOO_SHORT}


@functools.lru_cache
def own_words():
    """What the program can say by itself."""
    root = pathlib.Path(__file__).parents[2]
    sources = [*root.glob("output/*.c"), *root.glob("output/*.json"), *root.glob("dissector/*/*.c")]
    return {word for path in sources
            for word in re.split(r"[^\w.-]+", path.read_text(encoding="utf-8"))}


def shape(records):
    """What stays: verdicts, counts, classes, and how many segments each path has."""
    said = []
    for record in records:
        if record["event"]["dataset"] == "davscope.multistatus":
            found = record["multistatus"]
            said.append([found["verdict"], found.get("reason"), found["counts"],
                         [r["href"].count("/") for r in found.get("resources", [])],
                         record.get("url", {}).get("path", "").count("/")])
    return said


def check(davscope, capture):
    original = json_of(davscope, capture)
    hidden = json_of(davscope, "--redact", capture)
    if shape(original) != shape(hidden):
        return [f"{capture}: says something else when redacted"]
    outputs = {form: run(davscope, "--redact", "-o", form, capture) for form in FORMATS}
    # The capture's own name may be said.
    words = {form: text.replace(os.path.basename(capture), "") for form, text in outputs.items()}
    again = run(davscope, "--redact", "-o", "json", capture)
    names = names_in(original)
    complaints = [f"{capture}: {name!r} is in {form}" for form, text in words.items()
                  for name in sorted(names & set(SEPARATORS.split(text)) |
                                     {name for name in names if " " in name and name in text})]
    if names and again == outputs["json"]:
        complaints.append(f"{capture}: two runs have the same pseudonyms")
    return complaints


def refusals(davscope, capture):
    for options in (["-o", "pcapng=x"], ["--record", "."], ["--host", "a"], ["--client", "10.0.0.0/8"],
                    ["--href", "*"]):
        said = subprocess.run([davscope, "--redact", *options, capture], capture_output=True, check=False)
        if said.returncode != 2 or b"--redact" not in said.stderr or said.stderr.count(b"\n") > 2:
            yield f"--redact {options}: {said}"


def main():
    davscope, captures = os.path.abspath(sys.argv[1]), sys.argv[2:]
    complaints = [each for capture in captures for each in check(davscope, capture)]
    complaints += refusals(davscope, captures[0])
    print(*complaints, f"{len(complaints)} complaints", sep="\n")
    sys.exit(1 if complaints else 0)


main()
