"""What every check shares: the files of the tree, findings, and the exit status.

A check is `<name>.py ROOT [...]`: it prints one line a finding, `path:line: text`, and exits with
1 when there was one, with 0 when there was none, with 77 (ctest: skipped) when it cannot look.
"""

import os
import re
import sys

SKIPPED = 77
NOT_OURS = {".git", "build", "__pycache__"}
ROOMS = ("app", "capture", "dissector", "output")


def files(root, folders=("",), suffixes=("",)):
    """Paths relative to root, sorted, of all files below the folders with one of the suffixes."""
    found = []
    for folder in folders:
        for where, folder_names, names in os.walk(os.path.join(root, folder)):
            folder_names[:] = [name for name in folder_names if name not in NOT_OURS]
            found += [os.path.relpath(os.path.join(where, name), root)
                      for name in names
                      if name.endswith(tuple(suffixes)) and name not in NOT_OURS]
    return sorted(set(found))


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


# A comment, a string or a character literal: whichever begins first wins.
_COMMENT_OR_LITERAL = re.compile(
    r"""/\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""", re.S | re.X)


def code_only(text):
    """C text with comments and the inside of literals blanked out; line numbers stay."""
    def blank(match):
        piece = match.group()
        if piece[0] in "\"'":
            return piece[0] * 2
        return "\n" * piece.count("\n")
    return _COMMENT_OR_LITERAL.sub(blank, text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def report(findings):
    """findings: (path, line, text). Print them and leave with the status they mean."""
    for path, line, text in findings:
        print(f"{path}:{line}: {text}")
    print(f"{len(findings)} findings")
    sys.exit(1 if findings else 0)
