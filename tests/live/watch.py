"""Live capture, case by case: what a person or a service manager does to a running davscope.

usage: watch.py DAVSCOPE CASE

Every case makes its own traffic in a network namespace of its own and waits for what davscope says or
writes, never for time. Exits with 77 (skipped) where namespaces cannot be made.
"""

import ctypes
import glob
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request

import rig
from rig import require

CAPTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../pcaps")


def ends_with_its_report(davscope):
    for number in (signal.SIGINT, signal.SIGTERM):
        with tempfile.NamedTemporaryFile() as out:
            talk = rig.Talk()
            watch = rig.Watch(davscope, "-i", "lo", stdout=out)
            talk.ask(3)
            rig.wait_until(lambda: rig.read_text(out.name).count("423 Locked") == 3, "three lines")
            require(watch.stop(number) == 0, watch.said())
            require("3 failed of 3 resources" in watch.said(), watch.said())


def reports_when_asked(davscope, *options):
    with tempfile.NamedTemporaryFile() as out:
        talk = rig.Talk()
        watch = rig.Watch(davscope, "-i", "lo", "-o", "json", *options, stdout=out)

        def summaries():
            records = map(json.loads, rig.read_text(out.name).splitlines())
            return [r for r in records if r["event"]["dataset"] == "davscope.summary"]

        for n in (1, 2):
            talk.ask()
            rig.wait_until(lambda: rig.read_text(out.name).count('"mixed"') >= 1, "a record")
            rig.wait_until(lambda: rig.read_text(out.name).count("davscope.multistatus") == n, n)
            watch.send(signal.SIGUSR1)
            rig.wait_until(lambda: len(summaries()) == n, f"report {n}")
            require(summaries()[-1]["multistatus"]["documents"] == n, summaries()[-1])
        require(watch.stop() == 0 and len(summaries()) == 3, watch.said())
        require(summaries()[-1]["davscope"]["capture"]["dropped"] == 0, summaries()[-1])


def reports_when_asked_on_several_threads(davscope):
    reports_when_asked(davscope, "-T", "3")


def reports_at_intervals(davscope):
    watch = rig.Watch(davscope, "-i", "lo", "--interval", "1", stdout=subprocess.DEVNULL)
    rig.wait_until(lambda: watch.said().count("davscope: lo\n") >= 2, "two reports")
    require(watch.stop() == 0, watch.said())


def ends_by_itself(davscope):
    talk = rig.Talk()
    by_count = rig.Watch(davscope, "-i", "lo", "-c", "4", stdout=subprocess.DEVNULL)
    by_time = rig.Watch(davscope, "-i", "lo", "--duration", "1", stdout=subprocess.DEVNULL)
    talk.ask(4)
    require(by_count.process.wait(rig.PATIENCE_S) == 0, by_count.said())
    require(by_time.process.wait(rig.PATIENCE_S) == 0, by_time.said())
    require("Read     4 frames" in by_count.said(), by_count.said())


def outlives_an_interface(davscope):
    with tempfile.NamedTemporaryFile() as out:
        talk = rig.Talk()
        rig.make_pair("a0", "b0")
        watch = rig.Watch(davscope, "-i", "a0", "-i", "lo", stdout=out)
        subprocess.run(["ip", "link", "del", "a0"], check=True)
        watch.wait_said("waiting for it to come back")
        talk.ask()
        rig.wait_until(lambda: "423 Locked" in rig.read_text(out.name), "traffic of the other")
        rig.make_pair("a0", "b0")
        watch.wait_said("a0: capturing again")
        require(watch.stop() == 1, "an interface was away: exit status 1", watch.said())
        require(watch.said().count("a0: ") == 2, watch.said())


def outlives_a_pause(davscope):
    """Down and up again, and renamed: the same interface."""
    frames = rig.read_pcap(os.path.join(CAPTURES, "apache-lock-conflict.pcap"))
    with tempfile.NamedTemporaryFile() as out:
        rig.make_pair("a0", "b0")
        watch = rig.Watch(davscope, "-i", "b0", stdout=out)
        for command in (["b0", "down"], ["b0", "name", "c0"], ["c0", "name", "b0"], ["b0", "up"]):
            subprocess.run(["ip", "link", "set", *command], check=True)
        if "waiting" in watch.said():
            watch.wait_said("b0: capturing again")
        sender = rig.raw_socket("a0")
        for frame in frames:
            sender.send(frame)
        rig.wait_until(lambda: "423 Locked" in rig.read_text(out.name), "a Multi-Status")
        watch.stop()


def merges_the_legs_of_a_tap(davscope):
    """Each direction arrives on an interface of its own; the file has both."""
    path = os.path.join(CAPTURES, "apache-propfind-depths.pcap")
    frames = rig.read_pcap(path)
    rig.make_pair("a0", "b0")
    rig.make_pair("c0", "d0")
    senders = {frames[0][6:12]: rig.raw_socket("a0"), frames[0][0:6]: rig.raw_socket("c0")}
    with tempfile.NamedTemporaryFile() as out:
        watch = rig.Watch(davscope, "-i", "b0", "-i", "d0", "-o", f"lines={out.name}")
        for frame in frames:
            senders[frame[6:12]].send(frame)
        said = subprocess.run([davscope, "-o", "lines", path], check=True, capture_output=True)
        expected = said.stdout.decode().count("PROPFIND")
        rig.wait_until(lambda: rig.read_text(out.name).count("PROPFIND") >= expected, "all lines")
        require(watch.stop() == 0, watch.said())
        lines = rig.read_text(out.name)
        require("incomplete" not in lines and lines.count("PROPFIND") == expected, lines)


def counts_once_what_any_shows_twice(davscope):
    """On "any" each frame comes going out of one interface and coming in at the other."""
    path = os.path.join(CAPTURES, "apache-lock-conflict.pcap")
    frames = rig.read_pcap(path)
    said = subprocess.run([davscope, "-o", "json", path], check=True, capture_output=True)
    expected = json.loads(said.stdout.splitlines()[-1])
    rig.make_pair("a0", "b0")
    sender = rig.raw_socket("a0")
    with tempfile.NamedTemporaryFile() as out:
        watch = rig.Watch(davscope, "-i", "any", "-f", "tcp", "-o", "json", stdout=out)
        for frame in frames:
            sender.send(frame)
        rig.wait_until(lambda: n_documents(map(json.loads, rig.read_text(out.name).splitlines()))
                       >= expected["multistatus"]["documents"], "all documents")
        require(watch.stop() == 0, watch.said())
        records = [json.loads(line) for line in rig.read_text(out.name).splitlines()]
        require(records[-1]["davscope"]["frames"] == 2 * len(frames), records[-1])
        for key in ("documents", "by_verdict", "resources", "by_class", "by_status"):
            require(records[-1]["multistatus"][key] == expected["multistatus"][key], key, records[-1])
        require(records[-1]["davscope"]["tcp"]["gaps"] == 0, records[-1])
        require(records[0]["davscope"]["capture"]["interface"] == "any", records[0])


def opens_its_files_anew(davscope):
    with tempfile.TemporaryDirectory() as folder:
        path, old = os.path.join(folder, "log"), os.path.join(folder, "log.1")
        os.chmod(folder, 0o777)  # it is no longer root who opens the file
        talk = rig.Talk()
        watch = rig.Watch(davscope, "-v", "-i", "lo", "-o", f"csv={path}")
        talk.ask()
        rig.wait_until(lambda: rig.read_text(path).count("Locked") == 1, "the first row")
        os.rename(path, old)
        watch.send(signal.SIGHUP)
        watch.wait_said("output files opened anew")
        talk.ask(2)
        rig.wait_until(lambda: rig.read_text(path).count("Locked") == 2, "rows in the new file")
        require(watch.stop() == 0, watch.said())
        require(rig.read_text(path).startswith("time,"), "a header in the new file")
        require(rig.read_text(old).count("Locked") == 1, "the old file as it was")


def n_documents(records):
    return sum(record["event"]["dataset"] == "davscope.multistatus" for record in records)


def never_waits_for_a_slow_reader(davscope):
    """The reader of one output reads nothing until the queue is full; the other output has all."""
    with tempfile.NamedTemporaryFile() as out:
        reader, writer = os.pipe()
        talk = rig.Talk(n_resources=5000)
        watch = rig.Watch(davscope, "-i", "lo", "-o", "json", "-o", f"lines={out.name}",
                          stdout=writer)
        os.close(writer)
        n, seen = 0, rig.Tail(out.name, "DELETE")
        while "its reader is too slow" not in watch.said():
            talk.ask()
            n += 1
            rig.wait_until(lambda: seen.count() == n, f"document {n}")
        # Now it reads: whole records only.
        records = []
        thread = threading.Thread(
            target=lambda: records.extend(json.loads(line) for line in os.fdopen(reader)))
        thread.start()
        watch.wait_said("standard output: going on; ")
        watch.send(signal.SIGTERM)
        thread.join()
        require(watch.process.wait(rig.PATIENCE_S) == 1, "something was lost", watch.said())
        lost = records[-1]["davscope"]["output"]["lost"]
        require(n_documents(records) + lost == n, f"{n_documents(records)}, {lost} lost of {n}")
        require(records[-1]["multistatus"]["documents"] == n, records[-1])


def ends_although_nobody_reads(davscope):
    with tempfile.NamedTemporaryFile() as out:
        reader, writer = os.pipe()
        talk = rig.Talk(n_resources=5000)
        watch = rig.Watch(davscope, "-i", "lo", "-o", "json", "-o", f"lines={out.name}",
                          stdout=writer)
        talk.ask(2)
        seen = rig.Tail(out.name, "DELETE")
        rig.wait_until(lambda: seen.count() == 2, "both documents")
        require(watch.stop(signal.SIGTERM) == 1, watch.said())
        require("records were lost in all" in watch.said(), watch.said())
        os.close(reader)


def outlives_a_full_disk(davscope):
    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile() as out:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "disk", folder], check=True)
        path, ballast = os.path.join(folder, "log"), os.path.join(folder, "ballast")
        with open(ballast, "wb") as file:
            file.write(bytes(48 << 10))
        talk = rig.Talk()
        watch = rig.Watch(davscope, "-i", "lo", "-o", f"json={path}", "-o", f"lines={out.name}")
        n = 0
        while "No space left on device; records are being lost" not in watch.said():
            talk.ask()
            n += 1
            rig.wait_until(lambda: rig.read_text(out.name).count("DELETE") == n, f"line {n}")
        os.unlink(ballast)
        talk.ask()
        watch.wait_said(f"{path}: going on; ")
        require(watch.stop() == 1, watch.said())
        records = [json.loads(line) for line in rig.read_text(path).splitlines()]
        lost = records[-1]["davscope"]["output"]["lost"]
        require(lost > 0 and n_documents(records) + lost == n + 1, records[-1], n)
        require(watch.said().count("No space left") <= 2, watch.said())
        subprocess.run(["umount", folder], check=True)


def records_and_outlives_a_full_disk_there(davscope):
    """In its sandbox, as nobody; the disk of the recordings is full for a while."""
    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile() as out:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k,mode=777", "disk", folder],
                       check=True)
        ballast = os.path.join(folder, "ballast")
        talk = rig.Talk(n_resources=100)
        watch = rig.Watch(davscope, "-i", "lo", "-o", f"lines={out.name}", "--record", folder,
                          "--record-on", "D36,empty")
        seen = rig.Tail(out.name, "DELETE")

        def ask(n):
            talk.ask()
            rig.wait_until(lambda: seen.count() == n, f"line {n}")

        ask(1)
        with open(ballast, "wb") as file:
            while file.write(bytes(4096)) and os.statvfs(folder).f_bavail > 1:
                file.flush()
        ask(2)
        watch.wait_said("No space left on device; recordings are being lost")
        os.unlink(ballast)
        ask(3)
        watch.wait_said("going on; 1 recordings were lost")
        require(watch.stop() == 1, watch.said())
        require("2 recordings (0 without their first packets), 1 lost" in watch.said(), watch.said())
        names = os.listdir(folder)
        require(len(names) == 2 and all("-D36" in name for name in names), names)
        said = subprocess.run([davscope, "-q", "-o", "json", os.path.join(folder, max(names))],
                              check=True, capture_output=True, text=True).stdout
        require(n_documents(map(json.loads, said.splitlines())) > 0, said)
        subprocess.run(["umount", folder], check=True)


class HangingFolder:
    """A folder in which every file that is opened waits until we are gone. fanotify(7)."""

    CLASS_CONTENT, MARK_ADD, OPEN_PERM, ON_CHILD = 0x04, 0x01, 0x00010000, 0x08000000

    def __init__(self, path):
        c = ctypes.CDLL(None, use_errno=True)
        self.watcher = c.fanotify_init(self.CLASS_CONTENT, os.O_RDONLY)
        if self.watcher < 0 or c.fanotify_mark(
                self.watcher, self.MARK_ADD, ctypes.c_uint64(self.OPEN_PERM | self.ON_CHILD), -100,
                path.encode()) != 0:
            print("files cannot be made to wait here")
            sys.exit(rig.SKIPPED)

    def wait_opened(self):
        os.read(self.watcher, 24)

    def let_go(self):
        os.close(self.watcher)


def goes_on_while_the_disk_of_recordings_hangs(davscope):
    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile() as out:
        os.chmod(folder, 0o777)
        disk, talk = HangingFolder(folder), rig.Talk()
        watch = rig.Watch(davscope, "-i", "lo", "-o", f"lines={out.name}", "--record", folder,
                          "--record-on", "mixed")
        talk.ask()
        disk.wait_opened()
        talk.ask(3)
        rig.wait_until(lambda: rig.read_text(out.name).count("DELETE") == 4, "four lines")
        watch.send(signal.SIGTERM)
        watch.wait_said("its disk is too slow; recordings are being lost")
        watch.wait_said("0 recordings (0 without their first packets), 4 lost")
        disk.let_go()
        require(watch.process.wait(rig.PATIENCE_S) == 1, watch.said())


def does_not_wait_for_who_reads_no_metrics(davscope):
    """A client that asks again and again and reads nothing: others are answered, and the end comes."""
    with tempfile.NamedTemporaryFile() as out:
        talk = rig.Talk()
        watch = rig.Watch(davscope, "-i", "lo", "-f", f"port {talk.port}", "-o", f"lines={out.name}",
                          "--metrics", "9207")
        deaf = socket.socket()
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(("127.0.0.1", 9207))
        deaf.setblocking(False)
        try:
            while deaf.send(b"GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n" * 100):
                pass
        except (BlockingIOError, ConnectionError):
            pass  # nothing more goes in, or the exporter gave this client up
        talk.ask(3)
        rig.wait_until(lambda: rig.read_text(out.name).count("DELETE") == 3, "three lines")
        rig.wait_until(lambda: b'verdict="mixed"} 3' in fetch("http://127.0.0.1:9207/metrics"),
                       "metrics for who reads them")
        require(watch.stop(signal.SIGTERM) == 0, watch.said())
        require("3 failed of 3 resources" in watch.said(), watch.said())
        deaf.close()


def extracts_while_watching(davscope):
    """The file is whole after each exchange, and goes on in another after SIGHUP."""
    with tempfile.TemporaryDirectory() as folder:
        path, old = os.path.join(folder, "log"), os.path.join(folder, "log.1")
        os.chmod(folder, 0o777)
        talk = rig.Talk()
        watch = rig.Watch(davscope, "-v", "-i", "lo", "-o", f"pcapng={path}")

        def documents(name):
            said = subprocess.run([davscope, "-q", "-o", "json", name], check=True,
                                  capture_output=True, text=True).stdout
            return n_documents(map(json.loads, said.splitlines()))

        for n in (1, 2):
            talk.ask()
            rig.wait_until(lambda: documents(path) == n, f"document {n}")
        os.rename(path, old)
        watch.send(signal.SIGHUP)
        watch.wait_said("output files opened anew")
        talk.ask()
        rig.wait_until(lambda: documents(path) == 1, "a document in the new file")
        require(watch.stop() == 0 and documents(old) == 2, watch.said())


def ends_when_the_pipe_is_closed(davscope):
    reader, writer = os.pipe()
    talk = rig.Talk()
    watch = rig.Watch(davscope, "-i", "lo", stdout=writer)
    os.close(writer)
    os.close(reader)
    talk.ask()
    require(watch.process.wait(rig.PATIENCE_S) == 0, watch.said())
    require("pipe" not in watch.said(), "not quietly:", watch.said())


def goes_on_when_one_of_two_pipes_is_closed(davscope):
    with tempfile.NamedTemporaryFile() as out:
        reader, writer = os.pipe()
        talk = rig.Talk()
        watch = rig.Watch(davscope, "-i", "lo", "-o", "json", "-o", f"lines={out.name}",
                          stdout=writer)
        os.close(writer)
        os.close(reader)
        talk.ask()
        watch.wait_said("standard output: Broken pipe")
        talk.ask()
        rig.wait_until(lambda: rig.read_text(out.name).count("DELETE") == 2, "both lines")
        watch.stop()
        require(watch.said().count("Broken pipe") == 1, watch.said())


def reads_what_waits_when_it_is_stopped(davscope):
    """Stopped it reads nothing; told to end meanwhile, it still reads all that came."""
    frame = rig.read_pcap(os.path.join(CAPTURES, "apache-lock-conflict.pcap"))[0]
    rig.make_pair("a0", "b0")
    sender, n_sent = rig.raw_socket("a0"), 500
    with tempfile.NamedTemporaryFile() as out:
        watch = rig.Watch(davscope, "-i", "b0", "-f", "tcp", "-o", "json", stdout=out)
        watch.send(signal.SIGSTOP)
        for _ in range(n_sent):
            sender.send(frame)
        watch.send(signal.SIGINT)
        watch.send(signal.SIGCONT)
        require(watch.process.wait(rig.PATIENCE_S) == 0, watch.said())
        counts = json.loads(rig.read_text(out.name).splitlines()[-1])["davscope"]
        require(counts["frames"] == counts["capture"]["received"] == n_sent, counts)


def counts_what_the_system_dropped(davscope):
    """Stopped it reads nothing, and its small buffer overflows: sent = read + dropped."""
    frame = rig.read_pcap(os.path.join(CAPTURES, "apache-lock-conflict.pcap"))[0]
    rig.make_pair("a0", "b0")
    sender, n_sent = rig.raw_socket("a0"), 20000
    with tempfile.NamedTemporaryFile() as out:
        watch = rig.Watch(davscope, "-i", "b0", "-f", "tcp", "--buffer-size", "64K",
                          "-o", "json", stdout=out)
        watch.send(signal.SIGSTOP)
        for _ in range(n_sent):
            sender.send(frame)
        watch.send(signal.SIGCONT)

        def counted():
            watch.send(signal.SIGUSR1)
            lines = [line for line in rig.read_text(out.name).splitlines() if "summary" in line]
            counts = json.loads(lines[-1])["davscope"] if lines else None
            return counts and counts["capture"]["received"] == n_sent == (
                counts["frames"] + counts["capture"]["dropped"])

        rig.wait_until(counted, "sent = read + dropped")
        require(watch.stop() == 0, watch.said())
        said = [json.loads(line) for line in rig.read_text(out.name).splitlines()]
        losses = said[-1]["davscope"]["capture"]
        found = [record for record in said if record.get("rule", {}).get("id") == "D59"]
        require(losses["dropped"] > 0 and found, losses, found)
        require(found[-1]["finding"]["count"] == losses["dropped"], found[-1], losses)


def fetch(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read()


def read_status(path):
    with open(path, encoding="ascii") as status:
        return dict(line.rstrip("\n").split(":\t", 1) for line in status)


def status_of(watch):
    """That of its main thread, after every other thread was found to have the same rights."""
    statuses = [read_status(path) for path in glob.glob(f"/proc/{watch.process.pid}/task/*/status")]
    for key in ("Uid", "CapPrm", "CapEff", "Seccomp"):
        require(len({status[key] for status in statuses}) == 1, f"{key} differs", statuses)
    return read_status(f"/proc/{watch.process.pid}/status")


NET_RAW = f"{1 << 13:016x}"


def gives_up_privileges(davscope):
    version = subprocess.run([davscope, "--version"], check=True, capture_output=True, text=True)
    has_filter = "seccomp: " in version.stdout and "seccomp: not" not in version.stdout
    has_endpoint = "microhttpd: " in version.stdout and "microhttpd: not" not in version.stdout
    options = ["--metrics", "9207"] if has_endpoint else []
    watch = rig.Watch(davscope, "-v", "-i", "lo", *options, stdout=subprocess.DEVNULL)
    if has_endpoint:
        rig.wait_until(lambda: b"davscope_build_info" in fetch("http://127.0.0.1:9207/metrics"),
                       "metrics from inside the sandbox")
    status = status_of(watch)
    require(status["CapPrm"] == status["CapEff"] == NET_RAW, status)
    require(int(status["CapBnd"], 16) == int(status["CapAmb"], 16) == 0, status)
    require(status["NoNewPrivs"] == "1", status)
    require(status["Seccomp"] == ("2" if has_filter else "0"), status)
    require("capability net_raw alone, no new privileges" in watch.said(), watch.said())
    require(watch.stop() == 0, watch.said())
    nobody = str(pwd.getpwnam("nobody").pw_uid)
    require(os.geteuid() != 0 or status["Uid"].split() == [nobody] * 4, status)
    wrong = subprocess.run([davscope, "-i", "lo", "--user", "no-such-user"], check=False,
                           capture_output=True, text=True)
    require(wrong.returncode == 1 and "no such user" in wrong.stderr, wrong)


def works_with_the_capability_alone(davscope):
    """setcap cap_net_raw+ep, and a user who is not root."""
    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile() as out:
        os.chmod(folder, 0o755)
        copy = shutil.copy(davscope, folder)
        if subprocess.run(["setcap", "cap_net_raw+ep", copy], check=False).returncode != 0:
            sys.exit(rig.SKIPPED)
        talk = rig.Talk()
        watch = rig.Watch(copy, "-i", "lo", stdout=out, user="nobody", group="nogroup",
                          extra_groups=[])
        require(status_of(watch)["CapEff"] == NET_RAW, status_of(watch))
        talk.ask()
        rig.wait_until(lambda: "423 Locked" in rig.read_text(out.name), "a line")
        require(watch.stop() == 0, watch.said())


CASES = (ends_with_its_report, reports_when_asked, reports_when_asked_on_several_threads,
         reports_at_intervals, ends_by_itself,
         outlives_an_interface, outlives_a_pause, merges_the_legs_of_a_tap,
         counts_once_what_any_shows_twice,
         opens_its_files_anew, never_waits_for_a_slow_reader, ends_although_nobody_reads,
         outlives_a_full_disk, records_and_outlives_a_full_disk_there,
         goes_on_while_the_disk_of_recordings_hangs, does_not_wait_for_who_reads_no_metrics,
         extracts_while_watching,
         ends_when_the_pipe_is_closed,
         goes_on_when_one_of_two_pipes_is_closed, gives_up_privileges,
         counts_what_the_system_dropped, reads_what_waits_when_it_is_stopped, works_with_the_capability_alone)


def main():
    case = next(case for case in CASES if case.__name__ == sys.argv[2])
    rig.enter_own_network()
    case(os.path.abspath(sys.argv[1]))


main()
