"""The responses of HTTP/2 connections as tshark takes them apart, for independent.py: frames and header
fields are tshark's, the streams are put together here."""

DATA, HEADERS, PUSH_PROMISE, CONTINUATION = "0", "1", "5", "9"


class Response:
    """What independent.Message holds."""

    def __init__(self, stream):
        self.stream, self.frame, self.status = stream, None, None
        self.method = self.uri = None
        self.content_type, self.body = "", b""


def shows(element, name):
    return [f.get("show") for f in element.iter("field") if f.get("name") == name]


def take_fields(response, frame):
    names, values = shows(frame, "http2.header.name"), shows(frame, "http2.header.value")
    for name, value in zip(names, values):
        if name == ":method":
            response.method = value
        elif name == ":path":
            response.uri = value
        elif name == ":status" and int(value) >= 200:
            response.status = int(value)
        elif name == "content-type" and response.status:
            response.content_type = value


def take_data(response, frame):
    """With the last frame of several tshark shows them together."""
    if response.status is None:
        return
    for name in ("http2.body.reassembled.data", "http2.data.data"):
        fields = [f for f in frame.iter("field") if f.get("name") == name]
        if fields:
            is_whole = name == "http2.body.reassembled.data"
            body = bytes.fromhex(fields[0].get("value", ""))
            response.body = body if is_whole else response.body + body
            return


def take_frame(streams, connection, frame):
    """-> the response that the frame completes, or None"""
    kind = shows(frame, "http2.type")[0]
    stream = (shows(frame, "http2.push_promise.promised_stream_id") if kind == PUSH_PROMISE else
              shows(frame, "http2.streamid"))[0]  # fmt: skip
    response = streams.setdefault((connection, stream), Response(stream))
    if kind in (HEADERS, PUSH_PROMISE, CONTINUATION):
        take_fields(response, frame)
    elif kind == DATA:
        take_data(response, frame)
    is_last = shows(frame, "http2.flags.end_stream")[:1] in (["1"], ["True"])
    return response if is_last and response.status is not None else None


def take_upgrade(streams, connection, packet):
    """What a request in HTTP/1.1 asked is answered on stream 1, if in HTTP/2 at all."""
    methods, uris = shows(packet, "http.request.method"), shows(packet, "http.request.uri")
    if methods and uris:
        first = streams[connection, "1"] = Response("1")
        first.method, first.uri = methods[0], uris[0]


class Responses:
    """Collects them from packets in order."""

    def __init__(self):
        self.streams, self.found = {}, []

    def take(self, number, packet):
        connection = shows(packet, "tcp.stream")[0]
        take_upgrade(self.streams, connection, packet)
        for proto in packet.findall("proto[@name='http2']"):
            for frame in proto.findall("field[@name='http2.stream']"):
                if not shows(frame, "http2.type"):
                    continue  # the preface
                response = take_frame(self.streams, connection, frame)
                if response:
                    response.frame = number
                    self.found.append(response)
