#!/usr/bin/python3
"""Requests over one HTTP/2 connection in cleartext, with prior knowledge, one after the other.

usage: h2_client.py HOST PORT < REQUESTS
A request is a line METHOD PATH, field lines NAME: VALUE, and an empty line; "@FILE" as a line sends
that file as body. Prints the statuses.
"""

import socket
import sys

import h2.connection
import h2.events


def requests(text):
    for block in filter(None, text.split("\n\n")):
        first, *lines = block.strip().split("\n")
        body = b""
        fields = []
        for line in lines:
            if line.startswith("@"):
                with open(line[1:], "rb") as file:
                    body = file.read()
            else:
                name, value = line.split(": ", 1)
                fields.append((name.lower(), value))
        yield (*first.split(" ", 1), fields, body)


class Client:
    def __init__(self, host, port):
        self.host = host
        self.wire = socket.create_connection((host, port))
        self.h2 = h2.connection.H2Connection()
        self.h2.initiate_connection()
        self.flush()

    def flush(self):
        self.wire.sendall(self.h2.data_to_send())

    def events(self):
        events = self.h2.receive_data(self.wire.recv(65536))
        for event in events:
            if isinstance(event, h2.events.DataReceived):
                self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        self.flush()
        return events

    def send(self, stream, body):
        """As the server's window allows."""
        while body:
            size = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
            self.h2.send_data(stream, body[:size], end_stream=size >= len(body))
            body = body[size:]
            self.flush()
            if body and not self.h2.local_flow_control_window(stream):
                self.events()

    def ask(self, method, path, fields, body):
        stream = self.h2.get_next_available_stream_id()
        head = [(":method", method), (":scheme", "http"), (":authority", self.host), (":path", path)]
        self.h2.send_headers(stream, head + fields, end_stream=not body)
        self.flush()
        self.send(stream, body)
        status = None
        while True:
            for event in self.events():
                if isinstance(event, h2.events.ResponseReceived):
                    status = dict(event.headers)[b":status"].decode()
                if isinstance(event, (h2.events.StreamEnded, h2.events.StreamReset)):
                    return status


def main():
    client = Client(sys.argv[1], int(sys.argv[2]))
    for method, path, fields, body in requests(sys.stdin.read()):
        print(client.ask(method, path, fields, body), method, path)
    client.h2.close_connection()
    client.flush()


main()
