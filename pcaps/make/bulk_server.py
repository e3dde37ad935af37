"""Plays a calendar server that takes batches (calendarserver's bulk-change draft, CRUD form).

No packaged server answers it. Events live in a dictionary; every item of a batch is judged on its
own, and the answer is a 207 with one response an item, as Calendar and Contacts Server sent it:
the URL for what was stored, an empty href, the condition and the UID for what was refused.
usage: bulk_server.py PORT
"""

import hashlib
import http.server
import re
import sys
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

DAV, MM = "{DAV:}", "{http://me.com/_namespace/}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"
COLLECTION = "/calendars/demo/work/"
MAX_RESOURCE_BYTES = 2000

HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" '
    'xmlns:CS="http://calendarserver.org/ns/">\n'
)
events = {}


def etag(text):
    return '"%s"' % hashlib.md5(text.encode()).hexdigest()[:16]


def uid_of(text):
    found = re.search(r"^UID:(.*?)\r?$", text, re.M)
    return found.group(1) if found else ""


def stored(href):
    text = events[href]
    return (
        f"  <response><href>{escape(href)}</href><propstat><prop>"
        f"<getetag>{escape(etag(text))}</getetag><CS:uid>{escape(uid_of(text))}</CS:uid>"
        "</prop><status>HTTP/1.1 200 OK</status></propstat></response>\n"
    )


def refused(uid, status, condition):
    return (
        f"  <response><href></href><status>HTTP/1.1 {status}</status>"
        f"<error>{condition}<CS:uid>{escape(uid)}</CS:uid></error></response>\n"
    )


def judge(href, if_match, text):
    """The condition an event breaks, as (status, element), or None."""
    if if_match is not None and (href not in events or etag(events[href]) != if_match):
        return "412 Precondition Failed", "<getetag/>"
    if not text.startswith("BEGIN:VCALENDAR") or "END:VCALENDAR" not in text:
        return "403 Forbidden", "<C:valid-calendar-data/>"
    if len(text) > MAX_RESOURCE_BYTES:
        return "403 Forbidden", "<C:max-resource-size/>"
    for other, other_text in events.items():
        if other != href and uid_of(other_text) == uid_of(text):
            return "403 Forbidden", f"<C:no-uid-conflict><href>{other}</href></C:no-uid-conflict>"
    return None


def change(resource):
    """One MM:resource of the batch -> its response element."""
    href = (resource.findtext(DAV + "href") or resource.findtext(MM + "href") or "").strip()
    if_match = resource.findtext(MM + "if-match")
    if_match = if_match.strip() if if_match else None
    if resource.find(MM + "delete") is not None:
        old = events.get(href)
        if old is None or (if_match and etag(old) != if_match):
            return refused(uid_of(old or ""), "412 Precondition Failed", "<getetag/>")
        del events[href]
        return f"  <response><href>{escape(href)}</href><status>HTTP/1.1 200 OK</status></response>\n"
    text = (resource.findtext(f"{MM}set/{DAV}prop/{CALDAV}calendar-data") or "").strip()
    if not href:
        href = f"{COLLECTION}{hashlib.md5(uid_of(text).encode()).hexdigest()[:12]}.ics"
    broken = judge(href, if_match, text)
    if broken:
        return refused(uid_of(text), *broken)
    events[href] = text
    return stored(href)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "PlayedCalendarServer/1"

    def answer(self, status, body=b"", content_type="application/xml; charset=utf-8"):
        self.send_response(status)
        self.send_header("DAV", "1, calendar-access")
        if body:
            self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def do_PUT(self):
        text = self.body().decode()
        created = self.path not in events
        events[self.path] = text.strip()
        self.answer(201 if created else 204)

    def do_PROPFIND(self):
        self.body()
        listing = "".join(stored(href) for href in sorted(events))
        self.answer(207, (HEAD + listing + "</multistatus>\n").encode())

    def do_POST(self):
        root = ET.fromstring(self.body())
        changed = "".join(change(item) for item in root.findall(MM + "resource"))
        self.answer(207, (HEAD + changed + "</multistatus>\n").encode())

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("0.0.0.0", int(sys.argv[1])), Handler).serve_forever()
