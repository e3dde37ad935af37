#!/usr/bin/env python3
"""What went well must not be called a problem.

In these captures real clients did what they wanted with real servers, and compliance suites ran to their
end: davscope may tell what is worth knowing, never more than "info".
usage: healthy.py DAVSCOPE CAPTURE...      exit 0 silent, 1 not
"""

import json
import subprocess
import sys

INFO = 1


def findings(davscope, capture):
    run = subprocess.run([davscope, "-o", "json", "--resources", "none", "-q", capture],
                         check=True, capture_output=True, encoding="utf-8")
    records = [json.loads(line) for line in run.stdout.splitlines()]
    n_documents = records[-1]["multistatus"]["documents"]
    if n_documents == 0:
        sys.exit(f"{capture}: no Multi-Status in it, so silence tells nothing")
    return [record for record in records if record["event"]["dataset"] == "davscope.finding"]


def main():
    is_silent = True
    for capture in sys.argv[2:]:
        for record in findings(sys.argv[1], capture):
            if record["event"]["severity"] <= INFO:
                continue
            is_silent = False
            print(f"{capture}: {record['rule']['id']} {record['finding']['title']}",
                  "    " + record["finding"].get("detail", ""), sep="\n")
    sys.exit(0 if is_silent else 1)


main()
