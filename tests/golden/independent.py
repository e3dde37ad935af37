#!/usr/bin/env python3
"""Reads multistatus documents from a capture by a way that shares nothing with davscope.

tshark puts TCP and HTTP together and undoes the content codings, expat reads the XML, Python's json
and email modules the rest. Prints one JSON object a document (a body with one of ROOTS, or any body of a 207), in the order of the frames
that completed them:
  {"frame": last frame of the response, "http_status": N, "method": .., "uri": .., "root": ..,
   "resources": [[href or null, response-level status or null, [status of each propstat]], ..],
   "flaw": what is wrong with the body}                            only when something is
Of a 207 in JSON or multipart/mixed the resources are the results that have an id and a number for
status, in lists of any name; its root is "batch".
A response with several hrefs is one resource for each; a mkcol-response is one resource without
href; an error or schedule-response has resources null. What tshark cannot put together (a response
cut short) is not printed, a method it does not know (MKCALENDAR) is null.
usage: independent.py CAPTURE
"""

import email
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zlib
from xml.parsers import expat

import independent_http2

# Each start of tshark takes a second: one shows all that is asked of it.
LOSS = "tcp.analysis.lost_segment or tcp.analysis.ack_lost_segment"
TSHARK = [
    "tshark", "-n", "-T", "pdml", "-J", "tcp http http2",
    "-Y", f"http.request or http.response or http2 or {LOSS}",
    "-o", "tcp.desegment_tcp_streams:TRUE",
    "-o", "http.decompress_body:TRUE", "-o", "http.dechunk_body:TRUE",
    "--enable-heuristic", "http_tcp",
]  # fmt: skip

# A password is asked for: the same request follows, nothing failed.
CHALLENGES = {401, 407}
ROOTS = {"multistatus", "mkcol-response", "mkcalendar-response", "error", "schedule-response"}


class Message:
    """An HTTP message as tshark saw it."""

    def __init__(self, proto, frame, stream):
        fields = {}
        for field in proto.iter("field"):
            fields.setdefault(field.get("name"), field)
        self.frame, self.stream = frame, stream
        self.method = show(fields, "http.request.method")
        self.uri = show(fields, "http.request.uri")
        status = show(fields, "http.response.code")
        self.status = int(status) if status else None
        request = show(fields, "http.request_in")
        self.request_frame = int(request) if request else None
        body = fields.get("http.file_data")
        self.body = bytes.fromhex(body.get("value", "")) if body is not None else b""
        self.content_type = show(fields, "http.content_type") or ""


def show(fields, name):
    field = fields.get(name)
    return field.get("show") if field is not None else None


def packets(capture, wait_for_late):
    """Yields (frame, element) of each packet with an HTTP message, or behind a loss. Only with
    wait_for_late are segments put in order; but then one that never comes is waited for till the
    end."""
    command = TSHARK + ["-o", f"tcp.reassemble_out_of_order:{wait_for_late}", "-r", capture]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as tshark:
        try:
            for _, element in ET.iterparse(tshark.stdout, ["end"]):
                if element.tag == "packet":
                    number = element.find("proto[@name='geninfo']/field[@name='num']")
                    yield int(number.get("show")), element
                    element.clear()
        except ET.ParseError:
            sys.exit("tshark: " + tshark.stderr.read().decode())


def request_of(response, requests):
    """Takes the response's request from those open in its stream: the one tshark names, or the
    first, for tshark loses count when requests come together."""
    if response.request_frame:
        while requests and requests[0].frame < response.request_frame:
            requests.pop(0)
    if not requests:
        return None
    return requests[0] if response.status < 200 else requests.pop(0)


class Responses:
    """Collects the responses in HTTP/1; each has the method and URI of its request."""

    def __init__(self):
        self.requests, self.found, self.has_loss = {}, [], False

    def take(self, frame, packet):
        tcp = packet.find("proto[@name='tcp']")
        stream = tcp.find("field[@name='tcp.stream']").get("show")
        # A reassembled message belongs to the frame of its last segment with data; tshark shows
        # one that lasts until the connection ends at the FIN.
        fields = list(packet.iter("field"))
        segments = [int(f.get("show")) for f in fields if f.get("name") == "tcp.segment"]
        self.has_loss |= any("lost_segment" in f.get("name") for f in fields)
        protos = packet.findall("proto[@name='http']")
        for proto in protos:
            last = max(segments) if len(protos) == 1 and segments else frame
            self.take_message(Message(proto, last, stream))

    def take_message(self, message):
        if message.status is None:
            self.requests.setdefault(message.stream, []).append(message)
            return
        request = request_of(message, self.requests.get(message.stream, []))
        if request:
            message.method, message.uri = request.method, request.uri
        self.found.append(message)


def all_responses(capture):
    """The responses of the capture. In a stream where segments never came, those after the loss
    are found by the second way."""
    first, second, http2 = Responses(), Responses(), independent_http2.Responses()
    for frame, packet in packets(capture, "TRUE"):
        first.take(frame, packet)
        http2.take(frame, packet)
    last = {response.stream: response.frame for response in first.found}
    for frame, packet in packets(capture, "FALSE") if first.has_loss else ():
        second.take(frame, packet)
    late = [one for one in second.found if one.frame > last.get(one.stream, 0)]
    return first.found + late + http2.found


def status_number(text):
    """The three digits of a DAV status line, however loosely written; None when there are none."""
    found = re.match(r"\s*(?:HTTP/\S*)?\s*(\d{3})(?:\s|$)", text)
    return int(found.group(1)) if found else None


def local(name):
    return re.sub(r"^.*[ :]", "", name)


def is_ours(name):
    """In the namespaces of WebDAV and CalDAV, or in none, or read without namespaces."""
    return re.match(r"DAV: |urn:ietf:params:xml:ns:caldav |[^ ]*$", name)


class Document:
    """Collects the resources of a body from expat's events. Names are "namespace local"."""

    def __init__(self):
        self.path, self.text, self.root, self.resources = [], "", None, []
        self.hrefs, self.status, self.propstats, self.propstat = [], None, [], None

    def below_root(self):
        """The path below the root in local names; None in elements of other namespaces. A
        multistatus may stand in one foreign element."""
        at = 1
        if len(self.path) > 1 and local(self.path[1]) == "multistatus":
            at = 2
        names = self.path[at:]
        return [local(name) for name in names] if all(map(is_ours, names)) else None

    def start(self, name, _attributes):
        self.path.append(name)
        self.text = ""
        if len(self.path) == 1 or (len(self.path) == 2 and local(name) == "multistatus"):
            self.root = local(name) if is_ours(name) else None
        at = self.below_root()
        if at == ["response"]:
            self.hrefs, self.status, self.propstats = [], None, []
        elif at in (["response", "propstat"], ["propstat"]):
            self.propstat = None

    def end(self, _name):
        at = self.below_root()
        if at == ["response", "href"]:
            self.hrefs.append(self.text.strip(" \t\r\n"))
        elif at == ["response", "status"]:
            self.status = status_number(self.text)
        elif at in (["response", "propstat", "status"], ["propstat", "status"]):
            self.propstat = status_number(self.text)
        elif at in (["response", "propstat"], ["propstat"]):
            self.propstats.append(self.propstat)
        elif at == ["response"]:
            for href in self.hrefs or [None]:
                self.resources.append([href, self.status, self.propstats])
        self.path.pop()
        self.text = ""

    def characters(self, text):
        self.text += text

    def all_resources(self):
        if self.root in ("mkcol-response", "mkcalendar-response"):
            return [[None, None, self.propstats]]
        return None if self.root in ("error", "schedule-response") else self.resources


def parse(body, charset, separator):
    """-> (Document, what is wrong or None)"""
    document = Document()
    parser = expat.ParserCreate(charset, separator)
    parser.StartElementHandler = document.start
    parser.EndElementHandler = document.end
    parser.CharacterDataHandler = document.characters
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        return document, str(error)
    return document, None


def decode(message):
    """-> (Document, flaw). A body with undeclared prefixes is read again without namespaces."""
    body = message.body
    if body[:2] == b"\x1f\x8b":
        body = zlib.decompress(body, 31)
    charset = re.search(r"charset=\"?([\w-]+)", message.content_type, re.I)
    charset = charset.group(1) if charset and not body[:2] in (b"\xff\xfe", b"\xfe\xff") else None
    document, flaw = parse(body, charset, " ")
    if flaw and "unbound prefix" in flaw:
        document, worse = parse(body, charset, None)
        flaw = worse or flaw
    return document, flaw


IDS = ("href", "uri", "url", "path", "location", "self", "id", "_id", "eid", "bulkid", "recordid", "name")


def code_of(value):
    """100..599 of 404, "404 Not Found" or {"code": "404"}; None when it says otherwise."""
    if isinstance(value, dict):
        value = value.get("code", value.get("status"))
    found = re.match(r"(\d{3})(\s|$)", str(value))
    return int(found.group(1)) if found and 100 <= int(found.group(1)) < 600 else None


def batch_item(item):
    """A result as a resource."""
    if len(item) == 1:
        (inner,) = item.values()
        item = inner if isinstance(inner, dict) and "status" in inner else item
    item = {name.lower(): value for name, value in item.items()}
    names = [name for name in IDS if isinstance(item.get(name), (str, int))]
    code = next((code_of(item[n]) for n in ("status", "statuscode", "response") if n in item), None)
    href = str(item[names[0]]) if names else None
    return [href, None, [code]] if "prop" in item else [href, code, []]


def json_lists(value):
    """Every list of objects in the outermost two levels."""
    if isinstance(value, list):
        if value and all(isinstance(item, dict) for item in value):
            yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from json_lists(inner) if isinstance(inner, (list, dict)) else ()


def json_batch(body):
    """-> resources of the only list of results; None: there are several, or none, or it is cut"""
    try:
        values = [json.loads(body)]
    except ValueError:
        try:
            values = [[json.loads(line) for line in body.splitlines() if line.strip()]]
        except ValueError:
            return None
    found = list(json_lists(values[0]))
    return [batch_item(item) for item in found[0]] if len(found) == 1 else None


def multipart_batch(message):
    """-> a resource for each part that is an HTTP response"""
    head = f"Content-Type: {message.content_type}\r\n\r\n".encode()
    resources = []
    for part in email.message_from_bytes(head + message.body).walk():
        if part.get_content_type() != "application/http":
            continue
        inner = part.get_payload().lstrip()
        fields = email.message_from_string(inner.partition("\n")[2])
        name = part.get("Content-ID") or fields.get("Content-ID")
        name = re.sub(r"^<?(response-)?|>$", "", name) if name else None
        resources.append([name, status_number(inner.splitlines()[0]), []])
    return resources


def batch(message):
    """-> the document of a 207 in JSON or multipart, or None"""
    if "multipart/mixed" in message.content_type:
        return multipart_batch(message)
    if message.body.lstrip()[:1] in (b"{", b"["):
        return json_batch(message.body)
    return None


def is_batch(message):
    return "multipart/mixed" in message.content_type or message.body.lstrip()[:1] in (b"{", b"[")


def documents(capture):
    found = []
    for message in all_responses(capture):
        if message.status != 207 and not message.body.lstrip()[:1] in (b"<", b"\xff", b"\xfe", b"\xef"):
            continue
        resources = batch(message) if message.status == 207 else None
        if message.status == 207 and (resources or is_batch(message)):
            found.append(
                {
                    "frame": message.frame,
                    "http_status": message.status,
                    "method": message.method,
                    "uri": message.uri,
                    "root": "batch",
                    "resources": resources,
                }
            )
            continue
        document, flaw = decode(message)
        if message.status != 207 and document.root not in ROOTS:
            continue
        if message.status in CHALLENGES and document.root == "error":
            continue
        line = {
            "frame": message.frame,
            "http_status": message.status,
            "method": message.method,
            "uri": message.uri,
            "root": document.root if document.root in ROOTS else None,
            "resources": document.all_resources(),
        }
        if flaw:
            line["flaw"] = flaw
        found.append(line)
    return sorted(found, key=lambda line: line["frame"])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: independent.py CAPTURE")
    for line in documents(sys.argv[1]):
        print(json.dumps(line, ensure_ascii=False))
