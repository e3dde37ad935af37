"""Every C file is as clang-format 14 leaves it (`./dev format` makes it so)."""

import os
import shutil
import subprocess
import sys

import tree


def main():
    root = os.path.abspath(sys.argv[1])
    program = shutil.which("clang-format-14")
    if not program:
        print("skipped: clang-format-14 is not installed (./dev test installs it)")
        sys.exit(tree.SKIPPED)
    paths = tree.files(root, tree.ROOMS + ("tests",), (".c", ".h"))
    if not paths:
        tree.report([])
    run = subprocess.run([program, "--dry-run", "-Werror", "--style=file"] + paths,
                         cwd=root, capture_output=True, text=True, check=False)
    places = {tuple(line.split(":")[:2]) for line in run.stderr.splitlines()
              if "clang-format-violations" in line}
    tree.report([(path, line, "not formatted") for path, line in sorted(places)])


main()
