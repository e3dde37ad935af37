"""What was sent in TLS says what the same conversation says in the clear, in the same capture.
What is removed has a name of its own each time; the number in it is left out of account.
usage: twins.py DAVSCOPE CAPTURE...    exit 0 or 1"""

import json
import re
import subprocess
import sys


def documents(davscope, capture):
    """-> those in the clear, those in TLS: {text: version}"""
    run = subprocess.run([davscope, "-q", "-o", "json", capture], stdout=subprocess.PIPE, check=True)
    clear, secret = {}, {}
    for line in run.stdout.splitlines():
        record = json.loads(line)
        if record["event"]["dataset"] != "davscope.multistatus":
            continue
        said = [record["http"]["request"]["method"], record["url"]["path"],
                record["http"]["response"]["status_code"], record["multistatus"]]  # fmt: skip
        text = re.sub(r"/guarded\d", "/guarded", json.dumps(said, sort_keys=True))
        version = record.get("tls", {}).get("version")
        (secret if version else clear)[text] = version
    return clear, secret


def main():
    n_wrong = 0
    for capture in sys.argv[2:]:
        clear, secret = documents(sys.argv[1], capture)
        for text in clear.keys() ^ secret.keys():
            where = f"in TLS {secret[text]}" if text in secret else "in the clear"
            print(f"{capture}: only {where}: {text[:300]}")
            n_wrong += 1
        n_wrong += not clear
    sys.exit(1 if n_wrong else 0)


if __name__ == "__main__":
    main()
