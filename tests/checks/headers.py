"""Every header compiles alone and twice: headers.py ROOT COMPILER [FLAG...]."""

import concurrent.futures
import subprocess
import sys

import tree


def check_header(root, path, compile_command):
    if "#pragma once" not in tree.read(root, path):
        return [(path, 1, "no #pragma once")]
    twice = f'#include "{path}"\n' * 2 + "typedef int not_empty;\n"
    compiler = subprocess.run(compile_command + ["-I", root, "-x", "c", "-fsyntax-only", "-"],
                              input=twice, capture_output=True, text=True, check=False)
    if compiler.returncode == 0:
        return []
    first = compiler.stderr.strip().splitlines()[0]
    return [(path, 1, "does not compile alone and twice: " + first)]


def main():
    root, *compile_command = sys.argv[1:]
    # The plugin's headers need the host's own, which its build alone knows.
    paths = [path for path in tree.files(root, tree.ROOMS + ("tests",), (".h",))
             if not path.startswith("dissector/wireshark/")]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda path: check_header(root, path, compile_command), paths)
    tree.report([finding for findings in results for finding in findings])


main()
