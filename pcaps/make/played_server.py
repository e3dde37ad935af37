"""Plays a server whose answers are written down beforehand, for what no packaged server says.

The n-th request (over all connections, they come one after the other) gets the n-th file of
DIRECTORY in name order: a status line and header fields as they go out, an empty line, the body.
A pretended field `X-Framing` is taken out and says how the body is framed: `length` (the default),
`chunked N` (chunks of N bytes), `close` (until the connection ends), `cut N` (the length is
promised, the connection ends after N bytes), or `cut-chunked N M` (chunks of N bytes, the connection
ends after M bytes).
usage: played_server.py PORT DIRECTORY
"""

import pathlib
import socketserver
import sys

answers = iter(sorted(pathlib.Path(sys.argv[2]).iterdir()))


def read_request(stream):
    """Reads one request with its body; False at the end of the connection."""
    line = stream.readline()
    if not line:
        return False
    length = 0
    for field in iter(stream.readline, b"\r\n"):
        name, _, value = field.decode("latin-1").partition(":")
        if name.lower() == "content-length":
            length = int(value)
    stream.read(length)
    return True


def framed(answer):
    """The bytes to send, and whether the connection ends after them."""
    head, _, body = answer.partition(b"\n\n")
    lines, framing = [], ["length"]
    for line in head.split(b"\n"):
        if line.startswith(b"X-Framing:"):
            framing = line.decode().split(":")[1].split()
        else:
            lines.append(line)
    cut = int(framing[-1]) if framing[0].startswith("cut") else None
    if "chunked" in framing[0]:
        lines.append(b"Transfer-Encoding: chunked")
        size = int(framing[1])
        chunks = [body[i : i + size] for i in range(0, len(body), size)] + [b""]
        body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    elif framing[0] == "close":
        lines.append(b"Connection: close")
    elif body or not head.startswith(b"HTTP/1.1 204"):
        lines.append(b"Content-Length: %d" % len(body))
    ends = framing[0] == "close" or cut is not None
    return b"\r\n".join(lines) + b"\r\n\r\n" + body[:cut], ends


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while read_request(self.rfile):
            data, ends = framed(next(answers).read_bytes())
            self.wfile.write(data)
            if ends:
                return


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("0.0.0.0", int(sys.argv[1])), Handler).serve_forever()
