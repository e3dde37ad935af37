"""What the tests of live capture share: a network of their own, traffic, and davscope at work."""

import atexit
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

SKIPPED = 77
PATIENCE_S = 60

REQUEST = b"DELETE /d/ HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"


def multistatus(n_resources):
    body = b"<?xml version='1.0'?><D:multistatus xmlns:D='DAV:'>" + b"".join(
        b"<D:response><D:href>/d/%d</D:href><D:status>HTTP/1.1 423 Locked</D:status></D:response>"
        % i for i in range(n_resources)) + b"</D:multistatus>"
    return (b"HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\n"
            b"Content-Length: %d\r\n\r\n" % len(body)) + body


def enter_own_network():
    """Runs this script again in namespaces of its own, once; skips where that is not permitted."""
    if os.environ.get("DAVSCOPE_OWN_NETWORK"):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    command = ["unshare", "--net", "--mount"]
    if os.geteuid() != 0:
        command.append("--map-root-user")
    if subprocess.run(command + ["true"], stderr=subprocess.DEVNULL, check=False).returncode:
        print("namespaces cannot be made here")
        sys.exit(SKIPPED)
    os.environ["DAVSCOPE_OWN_NETWORK"] = "1"
    os.execvp(command[0], command + [sys.executable] + sys.argv)


def wait_until(condition, what):
    """Polls until condition() is true; a failure after PATIENCE_S."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"waited {PATIENCE_S} s in vain for {what}")
        time.sleep(0.01)


class Talk:
    """A server on loopback whose every answer is the same Multi-Status, and its client."""

    def __init__(self, n_resources=1):
        self.answer = multistatus(n_resources)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()
        self.client = socket.create_connection(self.listener.getsockname())

    def serve(self):
        peer, _ = self.listener.accept()
        while peer.recv(65536):
            peer.sendall(self.answer)

    def ask(self, times=1):
        for _ in range(times):
            self.client.sendall(REQUEST)
            left = len(self.answer)
            while left > 0:
                left -= len(self.client.recv(left))


class Watch:
    """davscope at work; what it says on standard error is in a file that can be waited on."""

    def __init__(self, davscope, *options, **popen):
        self.log = tempfile.NamedTemporaryFile("r+", encoding="utf-8")
        self.process = subprocess.Popen([davscope, *options], stderr=self.log, **popen)
        atexit.register(self.process.kill)  # also of a case that failed
        self.wait_said("capturing on")

    def said(self):
        with open(self.log.name, encoding="utf-8") as log:
            return log.read()

    def wait_said(self, text):
        wait_until(lambda: text in self.said() or self.process.poll() is not None, f"'{text}'")
        if text not in self.said():
            sys.exit(f"davscope ended ({self.process.returncode}) without '{text}':\n{self.said()}")

    def send(self, number):
        self.process.send_signal(number)

    def stop(self, number=signal.SIGINT):
        """Its exit status."""
        self.send(number)
        return self.process.wait(PATIENCE_S)


class Tail:
    """Counts a word, which stands in no two lines, in a file that grows."""

    def __init__(self, path, word):
        self.file, self.word, self.n = open(path, encoding="utf-8"), word, 0

    def count(self):
        self.n += self.file.read().count(self.word)
        return self.n


def read_text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def read_pcap(path):
    """[frame] of a classic little-endian pcap."""
    with open(path, "rb") as file:
        file.read(24)
        frames = []
        while header := file.read(16):
            frames.append(file.read(struct.unpack("<IIII", header)[2]))
        return frames


def make_pair(one, other):
    subprocess.run(["ip", "link", "add", one, "type", "veth", "peer", "name", other], check=True)
    for name in (one, other):
        subprocess.run(["ip", "link", "set", name, "up"], check=True)


def raw_socket(interface):
    sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sender.bind((interface, 0))
    return sender


def require(condition, *told):
    if not condition:
        print(*told, sep="\n")
        sys.exit(1)
