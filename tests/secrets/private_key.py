"""private_key.py DAVSCOPE FOLDER

A key that opens nothing is refused in one line, before anything is read; one that fits opens what
RSA key exchange hides, as if it had been sent in the clear (FOLDER has the capture and its key).
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

REFUSALS = (
    ("an elliptic key", ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
     "not an RSA key"),
    ("an encrypted key", ["genrsa", "-aes128", "-passout", "pass:secret", "1024"], "is encrypted"),
    ("an encrypted key of the old kind",
     ["genrsa", "-aes128", "-traditional", "-passout", "pass:secret", "1024"], "is encrypted"),
    ("a certificate request", None, "no private key"),
)


def run(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True)


def answers(text, server_port):
    """What was said of each request to a port, without where and when."""
    told = []
    for line in text.splitlines():
        record = json.loads(line)
        if record["event"]["dataset"] != "davscope.multistatus":
            continue
        if (record["destination"]["port"] == 80) == (server_port == 80):
            told.append((record["http"]["request"]["method"], record["url"]["path"],
                         json.dumps(record["multistatus"], sort_keys=True)))
    return set(told)


def refusals(program, capture):
    with tempfile.TemporaryDirectory() as folder:
        for name, command, reason in REFUSALS:
            path = os.path.join(folder, "key")
            if command:
                subprocess.run(["openssl", command[0], "-out", path, *command[1:]], check=True, capture_output=True)
            else:
                shutil.copy(__file__, path)
            done = run(program, "--tls-private-key", path, capture)
            if done.returncode != 1 or reason not in done.stderr or done.stderr.count("\n") != 1:
                yield f"{name}: exit {done.returncode}, {done.stderr!r}"
        done = run(program, "--tls-private-key", os.path.join(folder, "none"), capture)
        if done.returncode != 1 or "No such file" not in done.stderr:
            yield f"no file: exit {done.returncode}, {done.stderr!r}"


def main():
    program, folder = sys.argv[1:]
    capture, key = (os.path.join(folder, name) for name in ("tls-rsa-key.pcap.gz", "tls-rsa-key.pem"))
    problems = list(refusals(program, capture)) if shutil.which("openssl") else []
    opened = run(program, "-o", "json", "--tls-private-key", key, capture).stdout
    if not answers(opened, 80) or answers(opened, 443) != answers(opened, 80):
        problems.append("TLS opened by the key says something else than the clear")
    if answers(run(program, "-o", "json", capture).stdout, 443):
        problems.append("TLS opens without the key")
    print("\n".join(problems))
    sys.exit(len(problems) > 0)


main()
