"""What -o pcapng and --record write is what davscope and others read again.

usage: packets.py DAVSCOPE CASE
"""

import gzip
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile

CAPTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../pcaps")

# What numbers frames, connections and exchanges of a capture.
OWN = {"exchange", "connection", "frames", "frame", "capture", "file"}


def require(condition, *told):
    if not condition:
        print(*told, sep="\n")
        sys.exit(1)


def run(*command, **options):
    return subprocess.run(command, capture_output=True, check=False, **options)


def without_own(value):
    if isinstance(value, dict):
        return {key: without_own(member) for key, member in value.items() if key not in OWN}
    if isinstance(value, list):
        return [without_own(member) for member in value]
    return value


def records(davscope, *arguments):
    said = run(davscope, "-q", "-o", "json", *arguments)
    require(said.returncode == 0, arguments, said.stderr.decode())
    found = [json.loads(line) for line in said.stdout.splitlines()]
    return sorted(json.dumps(without_own(record), sort_keys=True) for record in found
                  if record["event"]["dataset"] == "davscope.multistatus")


def require_readable(path):
    """By Wireshark's own tools, where they are."""
    if shutil.which("tshark"):
        said = run("tshark", "-r", path)
        require(said.returncode == 0, path, said.stderr.decode())
    if shutil.which("capinfos"):
        said = run("capinfos", "-T", "-r", "-M", "-c", path)
        require(said.returncode == 0 and int(said.stdout.split()[-1]) > 0, path, said)


def capture(name):
    return os.path.join(CAPTURES, name)


# Keep-alive, TLS with its secrets, HTTP/2, cut frames, two interfaces, holes.
EXTRACTED = (
    ("apache-svn.pcap",),
    ("litmus-lighttpd.pcapng.gz", "--only", "mixed,all-failed"),
    ("tls-h2.pcapng.gz", "--only", "mixed,all-failed"),
    ("apache-h2c-upgrade.pcap",),
    ("apache-snaplen-200.pcap",),
    ("two-interfaces.pcapng",),
    ("capture-loss.pcap.gz",),
)


def extract_says_what_the_capture_says(davscope, folder):
    path = os.path.join(folder, "extract.pcapng")
    for name, *choice in EXTRACTED:
        made = run(davscope, "-q", "-o", f"pcapng={path}", *choice, capture(name))
        require(made.returncode == 0 and not made.stderr, name, made)
        said, again = (records(davscope, *choice, file) for file in (capture(name), path))
        require(said and said == again, f"{name} {choice}", *set(said) ^ set(again))
    require_readable(path)


def extract_of_several_files_keeps_their_interfaces(davscope, folder):
    path = os.path.join(folder, "extract.pcapng")
    files = [capture(name) for name in ("two-interfaces.pcapng", "cooked-v1.pcap")]
    require(run(davscope, "-q", "-o", f"pcapng={path}", *files).returncode == 0)
    require(records(davscope, *files) == records(davscope, path))
    require_readable(path)
    if shutil.which("capinfos"):
        told = run("capinfos", path).stdout.decode()
        require("Number of interfaces in file: 3" in told, told)


def extract_goes_through_pipes(davscope, folder):
    with open(capture("apache-svn.pcap"), "rb") as file:
        made = run(davscope, "-o", "pcapng", "-", stdin=file)
    require(made.returncode == 0, made.stderr)
    path = os.path.join(folder, "extract.pcapng")
    with open(path, "wb") as file:
        file.write(made.stdout)
    require(records(davscope, path) == records(davscope, capture("apache-svn.pcap")))
    require(b"packets of 33 exchanges" in made.stderr, made.stderr)


def secrets_of_keylog_stay_out(davscope, folder):
    """Those of the capture go along, those of -K never."""
    path, keylog = os.path.join(folder, "extract.pcapng"), os.path.join(folder, "keys")
    secret = "CLIENT_RANDOM " + "0b" * 32 + " " + "5a" * 48
    with open(keylog, "w", encoding="ascii") as file:
        file.write(secret + "\n")
    made = run(davscope, "-q", "-K", keylog, "-o", f"pcapng={path}", capture("tls-h2.pcapng.gz"))
    require(made.returncode == 0, made)
    with open(path, "rb") as file:
        content = file.read()
    require(b"5a5a5a5a" not in content and struct.pack("<I", 0x544C534B) in content)


SECRETS, PACKET = 10, 6  # types of blocks


def blocks(content):
    """Each of a little-endian pcapng, with its type."""
    while content:
        kind, length = struct.unpack_from("<II", content)
        yield kind, content[:length]
        content = content[length:]


def secrets_behind_their_packets_go_in_front(davscope, folder):
    """Each once: a reader like tshark opens only what comes behind them."""
    late, path = (os.path.join(folder, name) for name in ("late.pcapng", "extract.pcapng"))
    recorded = os.path.join(folder, "recorded")
    os.mkdir(recorded)
    with gzip.open(capture("tls-h2.pcapng.gz")) as file:
        found = sorted(blocks(file.read()), key=lambda block: block[0] == SECRETS)
    n_secrets = sum(kind == SECRETS for kind, _ in found)
    require(n_secrets > 0 and found[-1][0] == SECRETS)
    with open(late, "wb") as file:
        file.write(b"".join(block for _, block in found))
    made = run(davscope, "-q", "-o", f"pcapng={path}", "--record", recorded, late)
    require(made.returncode == 0 and not made.stderr, made)
    paths = [path] + recordings(recorded)
    require(len(paths) > 1)
    for name in paths:
        with open(name, "rb") as file:
            kinds = [kind for kind, _ in blocks(file.read())]
        require(kinds.count(SECRETS) == n_secrets, name, kinds)
        require(SECRETS not in kinds[kinds.index(PACKET):], name, kinds)
    require(records(davscope, late) == records(davscope, path))


def what_left_memory_is_told(davscope, folder):
    path = os.path.join(folder, "extract.pcapng")
    large = run("mergecap", "-w", "-", capture("general-mix.pcapng.gz"),
                capture("apache-h2c-interleaved.pcap.gz"))
    if large.returncode != 0:
        sys.exit(77)
    made = run(davscope, "-q", "--record-size", "1M", "-o", f"pcapng={path}", "-",
               input=large.stdout)
    require(b"were no longer in memory" in made.stderr, made.stderr)
    require_readable(path)


NAME = re.compile(r"davscope-\d{8}T\d{6}-c\d+-(mixed|all-failed|undecodable|D\d\d)(-\d+)?\.pcapng")


def recordings(folder):
    names = sorted(os.listdir(folder))
    require(all(NAME.fullmatch(name) for name in names), names)
    return [os.path.join(folder, name) for name in names]


def each_bad_verdict_is_recorded(davscope, folder):
    name = capture("apache-lock-conflict.pcap")
    bad = records(davscope, "--only", "mixed,all-failed,undecodable", name)
    for _ in range(2):  # what is there stays
        made = run(davscope, "-o", "json", "--record", folder, name)
        require(made.returncode == 0 and f"{len(bad)} recordings".encode() in made.stderr, made)
    paths = recordings(folder)
    require(bad and len(paths) == 2 * len(bad), paths)
    for path in paths:
        require(os.stat(path).st_mode & 0o777 == 0o600, path)
        require_readable(path)
        verdict = NAME.fullmatch(os.path.basename(path))[1]
        require(records(davscope, "--only", verdict, path), path)


def findings_are_recorded_by_id_and_name(davscope, folder):
    name = capture("apache-lock-conflict.pcap")
    for which in ("D36", "locked", "empty,D36"):
        with tempfile.TemporaryDirectory(dir=folder) as inner:
            made = run(davscope, "-o", "json", "--record", inner, "--record-on", which, name)
            require(made.returncode == 0, made)
            paths = recordings(inner)
            require(paths and all("-D36" in path for path in paths), paths)


def recordings_end_at_their_number(davscope, folder):
    made = run(davscope, "-o", "json", "--record", folder, "--record-files", "2",
               capture("litmus-lighttpd.pcapng.gz"))
    require(made.returncode == 0 and len(recordings(folder)) == 2, made)
    require(made.stderr.count(b"--record-files allows no more") == 1, made.stderr)
    require(re.search(rb"2 recordings .* 0 lost, \d+ beyond", made.stderr), made.stderr)


def a_folder_that_is_none_is_refused(davscope, folder):
    made = run(davscope, "--record", os.path.join(folder, "none"), capture("apache-svn.pcap"))
    require(made.returncode == 1 and b"No such file" in made.stderr and not made.stdout, made)
    made = run(davscope, "--record-on", "mixed,D99", capture("apache-svn.pcap"))
    require(made.returncode == 2 and b"no such verdict or finding" in made.stderr, made)
    made = run(davscope, "--record-on", "mixed", capture("apache-svn.pcap"))
    require(made.returncode == 2 and b"--record-on needs a folder" in made.stderr, made)
    for which in ("D59", "mixed,records-lost"):
        made = run(davscope, "--record-on", which, capture("apache-svn.pcap"))
        require(made.returncode == 2 and b"it has no packets" in made.stderr, made)


def a_page_that_nobody_went_on_from_is_recorded_at_the_end(davscope, folder):
    """The capture breaks off behind the first page."""
    with open(capture("played-sync-pages.pcapng"), "rb") as whole:
        start = whole.read(2396)
    with tempfile.NamedTemporaryFile() as cut:
        cut.write(start)
        cut.flush()
        made = run(davscope, "-o", "json", "--record", folder, "--record-on", "D27", cut.name)
    require(made.stdout.count(b'"id":"D27"') == 1, made)
    paths = recordings(folder)
    require(len(paths) == 1 and "-D27" in paths[0], paths)
    require(b"1 recordings" in made.stderr, made.stderr)
    require(records(davscope, paths[0]), paths)


CASES = (extract_says_what_the_capture_says, extract_of_several_files_keeps_their_interfaces,
         extract_goes_through_pipes, secrets_of_keylog_stay_out,
         secrets_behind_their_packets_go_in_front, what_left_memory_is_told,
         each_bad_verdict_is_recorded, findings_are_recorded_by_id_and_name,
         recordings_end_at_their_number, a_folder_that_is_none_is_refused,
         a_page_that_nobody_went_on_from_is_recorded_at_the_end)


def main():
    case = next(case for case in CASES if case.__name__ == sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        case(os.path.abspath(sys.argv[1]), folder)


main()
