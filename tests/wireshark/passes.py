#!/usr/bin/env python3
"""A second pass (tshark -2) shows what the first one showed, and so does a window in which frames are
clicked in any order.

usage: passes.py PLUGIN PRELOAD RELEASE CAPTURE...      exit 0 equal, 1 different, 77 no tshark
"""

import shutil
import sys

import host


def is_same_backwards(tshark, capture, frames):
    """Asks as the window does: the last one alone, then first to last and last to first."""
    alone, forwards, backwards = tshark.trees(capture, frames[-1:], frames, frames[::-1])
    return (all("Multi-Status" in text for text in forwards.values()) and
            backwards == forwards and alone[frames[-1]] == forwards[frames[-1]])


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
        frames = sorted({document[0] for document in once})
        if not is_same_backwards(tshark, capture, frames):
            print(f"{capture}: what is shown depends on the order in which frames are looked at")
            n_different += 1
    sys.exit(1 if n_different else 0)


main()
