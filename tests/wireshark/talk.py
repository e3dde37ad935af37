"""Conversations made here, as a capture without handshakes, and what davscope and the plugin say of them."""

import os
import shutil
import sys
import tempfile

import compare
import hostile
import host


def frames(port, sent, lost=()):
    """What is sent in turn, the client's first; nothing of what is empty or lost is captured."""
    client, numbers = (hostile.CLIENT[0], port), [1, 1]
    for number, data in enumerate(sent):
        side = number % 2
        ends = (client, hostile.SERVER)[::-1 if side else 1]
        if data and number not in lost:
            yield hostile.frame(*ends, (numbers[side], numbers[1 - side]), data)
        numbers[side] += len(data)


def check(talks):
    """Exits with 0 when the two say the same of each talk, a list of frames, and at least one document
    of each; with 1 when not, 77 without tshark. The command line: DAVSCOPE PLUGIN PRELOAD RELEASE."""
    davscope, plugin, preload, release = sys.argv[1:]
    if not shutil.which("tshark"):
        sys.exit(host.SKIPPED)
    with tempfile.TemporaryDirectory(prefix="davscope-talk-") as folder:
        os.chmod(folder, 0o755)
        capture = os.path.join(folder, "talk.pcap")
        hostile.write_frames(capture, (data for talk in talks for data in talk))
        shown = host.plugin_documents(host.Host(plugin, preload, release), capture)
        records, _ = host.davscope_records(davscope, capture)
        wrong = [f"frame {number}: {line}" for number, lines in
                 compare.differences(host.davscope_documents(records), shown) for line in lines]
    print(*wrong, f"{len(talks)} conversations, {len(shown)} documents", sep="\n")
    sys.exit(1 if wrong or len(shown) < len(talks) else 0)
