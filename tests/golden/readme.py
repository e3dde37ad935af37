"""readme.py DAVSCOPE ROOT

What README.md shows is what the program says: each command behind a "$" is run in ROOT, and its
output has to begin with the lines below it, up to "...".
"""

import os
import shlex
import subprocess
import sys

# What `./dev run` runs when it is told nothing else.
STORY = ["davscope", "pcaps/story-calendar-batch.pcap"]
INDENT = "    "


def examples(text):
    """Commands, and the lines that are shown of what each says."""
    command, shown = None, []
    for line in text.splitlines() + ["end"]:
        is_inside = line.startswith(INDENT) or not line
        if command and (not is_inside or line == INDENT + "..."):
            yield command, shown
            command = None
        elif line.startswith(INDENT + "$ "):
            command, shown = shlex.split(line[len(INDENT) + 2:]), []
        elif command:
            shown.append(line[len(INDENT):])


def main():
    program, root = sys.argv[1:]
    with open(os.path.join(root, "README.md"), encoding="utf-8") as file:
        found = list(examples(file.read()))
    for command, shown in found:
        words = STORY if command == ["./dev", "run"] else command
        said = subprocess.run([program, *words[1:]], cwd=root, capture_output=True, text=True,
                              check=False).stdout.splitlines()
        while shown and not shown[-1]:
            shown.pop()
        for here, there in zip(shown, said + [""] * len(shown)):
            if here != there:
                sys.exit(f"{shlex.join(command)}\nREADME.md: {here}\ndavscope:  {there}")
    print(f"{len(found)} examples")
    return not found


sys.exit(main())
