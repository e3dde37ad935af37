"""Every bound of struct limits is named by a test: a limit that nothing meets may not hold."""

import re
import sys

import tree

HEADER = "dissector/base/limit.h"
STRUCT = re.compile(r"^struct limits \{\n(.*?)^\};", re.M | re.S)
MEMBER = re.compile(r"\b(\w+);")


def members(text):
    """Names of the members, and where they stand."""
    code = tree.code_only(text)
    body = STRUCT.search(code)
    if not body:
        return
    for match in MEMBER.finditer(body.group(1)):
        yield match.group(1), tree.line_of(code, body.start(1) + match.start())


def main():
    root = sys.argv[1]
    if HEADER not in tree.files(root, ("dissector/base",), (".h",)):
        tree.report([])
    tests = " ".join(tree.code_only(tree.read(root, path))
                     for path in tree.files(root, ("tests/unit", "tests/hostile"), (".c",)))
    named = set(re.findall(r"\w+", tests))
    tree.report([(HEADER, line, f"{name} : no test meets it")
                 for name, line in members(tree.read(root, HEADER)) if name not in named])


main()
