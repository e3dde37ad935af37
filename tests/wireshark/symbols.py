#!/usr/bin/env python3
"""The plugin exports what Wireshark asks for, and nothing else. usage: symbols.py PLUGIN"""

import shutil
import subprocess
import sys

ASKED_FOR = {"plugin_register", "plugin_version", "plugin_want_major", "plugin_want_minor"}
# Asked for from 4.2 on.
MAY_BE = {"plugin_describe"}


def main():
    if not shutil.which("nm"):
        sys.exit(77)
    run = subprocess.run(["nm", "-D", "--defined-only", "--format=posix", sys.argv[1]],
                         capture_output=True, text=True, check=True)
    exported = {line.split()[0] for line in run.stdout.splitlines()}
    # What a sanitizer or coverage adds is not of ours.
    exported = {name for name in exported if not name.startswith(("__asan", "__odr_asan", "__ubsan", "__gcov"))}
    missing, extra = ASKED_FOR - exported, exported - ASKED_FOR - MAY_BE
    print(*(f"missing: {name}" for name in sorted(missing)),
          *(f"exported for nobody: {name}" for name in sorted(extra)), sep="\n")
    sys.exit(1 if missing or extra else 0)


main()
