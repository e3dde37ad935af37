"""The checks can fail: each is given bad trees and must find exactly what is wrong with them.

selftest.py COMPILER [FLAG...]
"""

import json
import os
import shlex
import subprocess
import sys
import tempfile

import tree

HERE = os.path.dirname(os.path.abspath(__file__))
HEADER = "#pragma once\n"
MAIN = "app/main.c"

# What every sample tree holds, and against which no check has anything to say.
CLEAN = {
    "dissector/base/span.h": HEADER + "#include <stddef.h>\n",
    "dissector/net/tcp.h": HEADER + '#include "dissector/base/span.h"\n',
    "dissector/event.h": HEADER + '#include "dissector/base/span.h"\n',
    "dissector/dav/xml.c": "#include <libxml/parser.h>\n/* strcpy( is named here, not called */\n",
    "capture/file.c": "#include <pcap/pcap.h>\n",
    "output/tally.c": '#include "dissector/event.h"\n',
    MAIN: "int main(void) { return 0; }\n",
    "README.md": "See https://www.rfc-editor.org and http://dav.example/a.\n",
    ".clang-format": "BasedOnStyle: LLVM\nIndentWidth: 4\n",
}

LONG = "int f(void)\n{\n" + "    f();\n" * 60 + "}\n"
DEEP = ("int f(int a)\n{\n    if (a)\n        if (a)\n            if (a)\n                if (a)\n"
        "                    return 1;\n    return 0;\n}\n")

# check, path of the bad file, its content, a part of the line that must be found
BAD = (
    ("layers", "dissector/base/x.c", '#include "dissector/net/tcp.h"\n', "against the arrows"),
    ("layers", "dissector/net/x.c", '#include "dissector/dav/x.h"\n', "does not exist"),
    ("layers", "dissector/dav/x.c", '#include "dissector/net/tcp.h"\n', "against the arrows"),
    ("layers", "dissector/x.c", '#include "output/tally.c"\n', "against the arrows"),
    ("layers", "capture/x.c", '#include "dissector/event.h"\n', "against the arrows"),
    ("layers", "output/x.c", '#include "dissector/net/tcp.h"\n', "against the arrows"),
    ("layers", "output/y.c", '#include "capture/file.c"\n', "against the arrows"),
    ("layers", "app/x.c", '#include "dissector/net/tcp.h"\n', "against the arrows"),
    ("layers", "dissector/net/y.c", '#include "tcp.h"\n', "not folder-qualified"),
    ("layers", "dissector/net/z.c", '#  include "../base/span.h"\n', "not folder-qualified"),
    ("layers", "app/y.c", "#include <pcap.h>\n", "belongs to capture/ alone"),
    ("layers", "dissector/http/x.c", "#include <zlib.h>\n", "belongs to"),
    ("layers", "dissector/http/y.c", "#include <stdio.h>\n", "which is pure"),
    ("layers", "dissector/http/z.c", "#include <ctype.h>\n", "which is pure"),
    ("layers", "output/z.c", "#include <unheard/of.h>\n", "no library of the table"),
    ("limits", "dissector/base/limit.h",
     "struct limits {\n    size_t max_a; /* max_b; */\n};\n", "max_a : no test meets it"),
    ("texts", "dissector/event.h",
     HEADER + "struct event {\n    int a;\n    const char *note;\n};\n", "note : dissector/event_copy.c"),
    ("headers", "dissector/net/x.h", HEADER + "size_t f(void);\n", "does not compile"),
    ("headers", "dissector/net/y.h", "struct s {\n    int a;\n};\n", "no #pragma once"),
    ("clang", "app/x.c", "void f(int a);\nvoid f(int a)\n{\n    a = a;\n}\n", "itself"),
    ("banned", "app/x.c", "void f(char *a)\n{\n    strcpy(a, a);\n}\n", "without a bound"),
    ("banned", "tests/unit/test_x.c", "int a = atoi(x);\n", "cannot say that it failed"),
    ("banned", "app/y.c", "long a = strtol(x, NULL, 10);\n", "nobody checked"),
    ("banned", "output/x.c", "long a = time(0);\n", "the frame's time"),
    ("banned", "output/y.c", "typedef struct x x;\n", "hides what a thing is"),
    ("banned", "output/z.c", "typedef char *text;\n", "hides a pointer"),
    ("banned", "output/w.c", "typedef int my_t;\n", "belong to the system"),
    ("banned", "dissector/x.c", 'int a = printf("a");\n', "pure"),
    ("banned", "dissector/y.c", "static int n_calls;\n", "no mutable global"),
    ("banned", "dissector/dav/x.c", "int f(void)\n{\n    static int n = 0;\n}\n", "no mutable global"),
    ("banned", "dissector/dav/y.c", "xmlInitParser();\n", "libxml2"),
    ("banned", "app/z.c", "/* TODO: more */\n", "belongs to an issue"),
    ("format", "app/x.c", "int  f( void ){return 0;}\n", "not formatted"),
    ("secrets", "notes.md", "-----BEGIN RSA PRIVATE KEY-----\n", "a private key"),
    ("secrets", "tests/conv/a.conv", "http://me:word@dav.example/\n", "with a password"),
    ("secrets", "notes.txt", "see /home/somebody/x\n", "a path of one machine"),
    ("secrets", "notes.txt", "https://files.somewhere.net/x\n", "not in tests/checks/allowed"),
    ("sizes", "app/x.c", LONG, "f has 63 lines"),
    ("sizes", "app/x.c", "int f(int a, int b, int c, int d, int e)\n{\n}\n", "5 parameters"),
    ("sizes", "app/x.c", DEEP, "nests 4 deep"),
    ("sizes", "app/x.h", "\n" * 121, "121 lines"),
)
CHECKS = ("layers", "headers", "clang", "banned", "format", "secrets", "sizes", "texts")
WARN_ONLY = ("sizes",)


def write_commands(path, sources, compile_command):
    with open(path, "w", encoding="utf-8") as file:
        json.dump([{"file": source, "command": shlex.join(compile_command)} for source in sources],
                  file)


def run(check, files, compile_command):
    """The status and the output of a check on a tree of these files."""
    with tempfile.TemporaryDirectory() as root:
        for path, content in files.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(content)
        commands = os.path.join(root, "compile_commands.json")
        if check == "clang":
            write_commands(commands, [os.path.join(root, path) for path in files
                                      if path in (MAIN, "app/x.c")], compile_command)
        arguments = {"headers": compile_command, "clang": [commands]}.get(check, [])
        done = subprocess.run([sys.executable, os.path.join(HERE, check + ".py"), root] + arguments,
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


def main():
    compile_command = sys.argv[1:]
    findings = []
    for check in CHECKS:
        status, output = run(check, CLEAN, compile_command)
        if status not in (0, tree.SKIPPED) or "warning" in output:
            findings.append((check, 0, "complains about the clean tree: " + output))
    for check, path, content, expected in BAD:
        status, output = run(check, CLEAN | {path: content}, compile_command)
        wanted = 0 if check in WARN_ONLY else 1
        seen = [line for line in output.splitlines() if line.startswith(path) and expected in line]
        if status != tree.SKIPPED and (status != wanted or len(seen) != 1):
            findings.append((check, status, f"overlooks {content!r} in {path}: {output}"))
    tree.report(findings)


main()
