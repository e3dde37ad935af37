"""Clang has nothing to say either: clang.py ROOT COMPILE_COMMANDS. Every C file of the rooms is read
with the flags that it is built with, and no code is made: warnings that gcc does not know stop a
change here and not at whoever builds with the other compiler. clang-check reads many files in one
process, whose start takes longer than most of them. Tests are left to ./dev lint."""

import collections
import concurrent.futures
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

import tree

CHUNK = 60  # files for one process
KEPT = ("-D", "-U", "-I", "-isystem", "-std=", "-W", "-pthread")
FINDING = re.compile(r"^(.+?):(\d+):\d+: (?:error|warning|fatal error): (.*)$", re.M)


def flags_of(command):
    """What the preprocessor and warnings hang on: of gcc's other flags clang knows not all."""
    words = shlex.split(command)
    for word, value in zip(words, words[1:] + [""]):
        if word.startswith(KEPT) and not word.startswith("-Wl,"):
            yield word
            if word in KEPT[:4]:
                yield value


def chunks(root, path):
    """Flags and files that are built with them, a handful at a time."""
    with open(path, encoding="utf-8") as file:
        commands = json.load(file)
    by_flags = collections.defaultdict(set)
    for command in commands:
        source = os.path.relpath(command["file"], root)
        if source.startswith(tree.ROOMS):
            by_flags[tuple(flags_of(command["command"]))].add(source)
    for flags, sources in by_flags.items():
        sources = sorted(sources)
        for at in range(0, len(sources), CHUNK):
            yield flags, sources[at:at + CHUNK]


def check(root, clang, flags, sources):
    done = subprocess.run([clang, *sources, "--", *flags, "-Werror", "-fno-caret-diagnostics"],
                          cwd=root, capture_output=True, text=True, check=False)
    found = [(os.path.relpath(path, os.path.realpath(root)), int(line), text)
             for path, line, text in FINDING.findall(done.stderr)]
    return found or [(sources[0], 0, done.stderr)] * (done.returncode != 0)


def main():
    root, commands = sys.argv[1:]
    clang = shutil.which("clang-check")
    if not clang:
        print("no clang-check here")
        sys.exit(tree.SKIPPED)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda chunk: check(root, clang, *chunk), chunks(root, commands))
    tree.report(sorted({finding for findings in results for finding in findings}))


main()
