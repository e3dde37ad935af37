"""core.py DAVSCOPE FOLDER

Whoever holds a secret leaves no core file: neither a program that crashes nor another one of the
same user gets at it. FOLDER has a capture that brings its secrets, and a private key.
"""

import gzip
import os
import resource
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
PATIENCE_S = 60
NOBODY = 65534


def allow_core():
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def core_limits(process):
    with open(f"/proc/{process.pid}/limits", encoding="ascii") as file:
        return next(line.split()[4:6] for line in file if line.startswith("Max core file size"))


def is_dumpable(process):
    """Of what is not, the system gives the files in /proc to root."""
    return os.stat(f"/proc/{process.pid}/limits").st_uid != 0


def is_sealed(process):
    return core_limits(process) == ["0", "0"] and not is_dumpable(process)


def hold(program, arguments, stdin):
    """A run that has read what it was given, and waits for more."""
    try:
        process = subprocess.Popen([program, "-q", "-o", "json", *arguments, "-"],
                                   preexec_fn=allow_core, stdin=subprocess.PIPE,
                                   user=NOBODY if os.geteuid() == 0 else None,
                                   stdout=subprocess.DEVNULL)
    except PermissionError:
        print("the program is in a folder that is closed to other users")
        sys.exit(SKIPPED)
    process.stdin.write(stdin)
    process.stdin.flush()
    return process


def finish(process, name):
    process.stdin.close()
    if process.wait() == 2:
        sys.exit(f"{name}: was not read")


def check(program, name, arguments, stdin=b""):
    process = hold(program, arguments, stdin)
    end = time.monotonic() + PATIENCE_S
    while not is_sealed(process):
        if time.monotonic() > end:
            sys.exit(f"{name}: core limits {core_limits(process)}, dumpable {is_dumpable(process)}")
        time.sleep(0.01)
    finish(process, name)


def main():
    program, folder = sys.argv[1:]
    if resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        print("no program may leave a core file here")
        return SKIPPED
    with gzip.open(os.path.join(folder, "tls-versions.pcapng.gz")) as file:
        capture = file.read()
    plain = hold(program, [], b"")
    if core_limits(plain) == ["0", "0"] or not is_dumpable(plain):
        sys.exit("a run without secrets is no proof")
    finish(plain, "no secrets")
    with tempfile.NamedTemporaryFile() as keys:
        os.chmod(keys.name, 0o644)
        check(program, "key log", ["-K", keys.name])
    check(program, "private key", ["--tls-private-key", os.path.join(folder, "tls-rsa-key.pem")])
    check(program, "secrets in the capture", [], capture)
    return 0


sys.exit(main())
