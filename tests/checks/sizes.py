"""Things grown too big. A smell, not a law: it warns and never fails."""

import re
import sys

import tree

MAX_FILE_LINES = 500
MAX_HEADER_LINES = 120
MAX_FUNCTION_LINES = 50
MAX_PARAMETERS = 4
MAX_NESTING = 3

# A definition as clang-format leaves it: from a line at the margin to "{" and "}" at the margin.
FUNCTION = re.compile(r"^(\w[^;{}=#]*?)\(([^;{}]*)\)\n\{\n(.*?)^\}", re.M | re.S)


def nesting(body):
    """Levels of blocks inside a function; a case is no level of its own."""
    indents = [len(line) - len(line.lstrip()) for line in body.splitlines()
               if re.match(r"\s+(if|for|while|do|switch|else)\b", line)]
    return max(indents, default=0) // 4


def check_function(path, line, match):
    head, parameters, body = match.groups()
    name = head.split()[-1].lstrip("*")
    n_lines = body.count("\n") + 3
    n_parameters = parameters.count(",") + 1
    one_switch = len(re.findall(r"^    switch ", body, re.M)) == 1
    if n_lines > MAX_FUNCTION_LINES and not one_switch:
        yield path, line, f"{name} has {n_lines} lines"
    if n_parameters > MAX_PARAMETERS:
        yield path, line, f"{name} has {n_parameters} parameters"
    if nesting(body) > MAX_NESTING + (1 if one_switch else 0):
        yield path, line, f"{name} nests {nesting(body)} deep"


def check_file(root, path):
    text = tree.read(root, path)
    n_lines = text.count("\n")
    limit = MAX_HEADER_LINES if path.endswith(".h") else MAX_FILE_LINES
    if n_lines > limit:
        yield path, n_lines, f"{n_lines} lines, more than {limit}"
    code = re.sub(r"^__attribute__\(\(.*\)\) ", "", tree.code_only(text), flags=re.M)
    for match in FUNCTION.finditer(code):
        yield from check_function(path, tree.line_of(code, match.start()), match)


def main():
    root = sys.argv[1]
    for path in tree.files(root, tree.ROOMS + ("tests/support", "tests/conv"), (".c", ".h")):
        for where, line, text in check_file(root, path):
            print(f"{where}:{line}: warning: {text}")


main()
