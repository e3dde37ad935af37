"""An ordinary web service for the general traffic: JSON in and out, a stream in chunks, an event
stream, an upgrade to another protocol.
usage: web_api.py PORT
"""

import http.server
import json
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "orders/2.3"

    def send(self, status, body=b"", content_type="application/json", **fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        if body:
            self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def chunks(self, content_type, parts):
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in parts:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")

    def do_GET(self):
        if self.path == "/orders":
            orders = [{"id": n, "status": "shipped", "total": n * 9.5} for n in range(40)]
            self.send(200, json.dumps(orders).encode(), Cache_Control="no-store")
        elif self.path == "/export.csv":
            self.chunks("text/csv", [b"id,total\r\n"] + [b"%d,%d\r\n" % (n, n) for n in range(50)])
        elif self.path == "/events":
            self.chunks("text/event-stream", [b"data: tick %d\n\n" % n for n in range(5)])
        elif self.path == "/socket":
            self.send_response(101)
            self.send_header("Upgrade", "chatter")
            self.send_header("Connection", "Upgrade")
            self.end_headers()
            self.wfile.write(b"\x81\x05hello\x88\x00" + b"HTTP/1.1 207 this is not HTTP any more\r\n")
            self.close_connection = True
        elif self.path == "/old":
            self.send(301, Location="/orders")
        else:
            self.send(404, b'{"error":"no such thing"}')

    do_HEAD = do_GET

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            order = json.loads(body)
            self.send(201, json.dumps({"id": 41, **order}).encode(), Location="/orders/41")
        except ValueError:
            self.send(422, b'{"error":"not JSON"}', "application/problem+json")

    def do_DELETE(self):
        self.send(204)

    def do_OPTIONS(self):
        self.send(204, Allow="GET, HEAD, POST, DELETE, OPTIONS", Access_Control_Allow_Origin="*")

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("0.0.0.0", int(sys.argv[1])), Handler).serve_forever()
