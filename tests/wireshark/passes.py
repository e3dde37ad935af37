#!/usr/bin/env python3
"""A second pass (tshark -2) shows what the first one showed.

usage: passes.py PLUGIN PRELOAD RELEASE CAPTURE...      exit 0 equal, 1 different, 77 no tshark
"""

import shutil
import sys

import host


def main():
    plugin, preload, release, *captures = sys.argv[1:]
    if not shutil.which("tshark"):
        sys.exit(host.SKIPPED)
    tshark = host.Host(plugin, preload, release)
    n_different = 0
    for capture in captures:
        once = host.plugin_documents(tshark, capture)
        if not once or once != host.plugin_documents(tshark, capture, "-2"):
            print(f"{capture}: two passes show something else than one, or nothing")
            n_different += 1
    sys.exit(1 if n_different else 0)


main()
