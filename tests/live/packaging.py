"""What goes into a package agrees with the program.

usage: packaging.py DAVSCOPE

The manual page names the options that there are, and formats without complaints; completion finds
options and formats; systemd accepts the unit, and thinks it is well confined.
"""

import os
import re
import shutil
import subprocess
import sys

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../packaging")
MAX_EXPOSURE = 2.0


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def check_manual(davscope):
    options = set(re.findall(r"--[a-z0-9-]+", run(davscope, "--help").stdout)) | {"--help"}
    path = os.path.join(HERE, "davscope.1")
    with open(path, encoding="utf-8") as page:
        text = re.sub(r'"[^"]*setcap[^"]*"|systemctl.*', "", page.read().replace("\\-", "-"))
    named = set(re.findall(r"--[a-z0-9-]+", text))
    for option in sorted(named - options):
        yield f"davscope.1 names {option}, which the program does not know"
    for option in sorted(options - named):
        yield f"davscope.1 does not name {option}"
    if shutil.which("groff"):
        complaints = run("groff", "-man", "-Tutf8", "-ww", "-z", path).stderr
        if complaints:
            yield "davscope.1: " + complaints


def check_completion(davscope):
    folder = os.path.dirname(davscope)
    script = """. "$1"; COMP_WORDS=(davscope "${@:2}"); COMP_CWORD=$(($# - 1)); _davscope
                echo "${COMPREPLY[*]}" """
    environment = dict(os.environ, PATH=folder + os.pathsep + os.environ["PATH"])
    for words, expected in ((["--durat"], "--duration"), (["-o", "js"], "json"),
                            (["--only", "mi"], "mixed")):
        done = run("bash", "-c", script, "bash", os.path.join(HERE, "davscope.bash"), *words,
                   env=environment)
        if done.stdout.split() != [expected]:
            yield f"completion of {words} is {done.stdout!r} {done.stderr!r}, not {expected}"


def check_unit():
    if not shutil.which("systemd-analyze"):
        return
    done = run("systemd-analyze", "security", "--offline=true",
               os.path.join(HERE, "davscope@.service"))
    said = re.search(r"exposure level.*: ([0-9.]+)", done.stdout)
    if not said or float(said.group(1)) > MAX_EXPOSURE or done.stderr:
        yield "davscope@.service: " + (said.group(0) if said else "") + done.stderr


def main():
    davscope = os.path.abspath(sys.argv[1])
    findings = [*check_manual(davscope), *check_completion(davscope), *check_unit()]
    print(*findings, f"{len(findings)} findings", sep="\n")
    sys.exit(1 if findings else 0)


main()
