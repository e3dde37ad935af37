"""Who may include whom: the arrows of the house, and one place a library."""

import os
import re
import sys

import tree

# A file belongs to the first place whose pattern matches its path. It may include the headers of
# ours whose path matches one of the patterns beside it, and nothing else of ours.
BASE = r"dissector/base/"
DISSECTOR = r"dissector/[^/]+\.h$"
PLACES = (
    (r"dissector/base/", (BASE,)),
    (r"dissector/net/", (BASE, r"dissector/net/")),
    (r"dissector/tls/", (BASE, r"dissector/tls/")),
    (r"dissector/http/", (BASE, r"dissector/http/")),
    (r"dissector/dav/", (BASE, r"dissector/dav/")),
    (r"dissector/wireshark/", (BASE, r"dissector/dav/",
                               r"dissector/http/(content|http3_stream|qpack|quic_join)\.h$",
                               r"dissector/wireshark/")),
    (r"dissector/[^/]+$", (BASE, r"dissector/(net|tls|http|dav)/", DISSECTOR)),
    (r"capture/", (BASE, r"capture/")),
    (r"output/", (BASE, r"dissector/(event|event_copy|stats)\.h$", r"output/")),
    (r"app/", (BASE, DISSECTOR, r"capture/", r"output/", r"app/")),
    (r"tests/", (r"(?!dissector/wireshark/)",)),
)

# A library's headers, and the only files that may include them (tests always may).
LIBRARIES = (
    (r"pcap(\.h|/)", r"capture/"),
    (r"zlib\.h", r"capture/|dissector/http/coding_"),
    (r"zstd(_errors)?\.h", r"capture/|dissector/http/coding_"),
    (r"lz4(frame)?\.h|lzma\.h", r"capture/"),
    (r"brotli/", r"dissector/http/coding_"),
    (r"libxml/", r"dissector/dav/"),
    (r"utf8proc\.h", r"dissector/dav/nfc"),
    (r"openssl/", r"dissector/tls/crypt"),
    (r"jansson\.h", r"dissector/dav/json_tree"),
    (r"microhttpd\.h", r"output/exporter"),
    (r"seccomp\.h|linux/landlock\.h", r"app/"),
    (r"(epan|wsutil|ws_\w+\.h|wiretap|glib)", r"dissector/wireshark/"),
    (r"cmocka\.h|nghttp2/", r"tests/"),
)

# The dissector is pure: no I/O, clock, locale, environment or thread, so no header that has them.
PURE = re.compile(r"(assert|errno|float|inttypes|limits|math|stdalign|stdarg|stdbool|stddef|stdint"
                  r"|stdlib|stdnoreturn|string)\.h$")
SYSTEM = re.compile(
    PURE.pattern + r"|(ctype|dirent|fcntl|fnmatch|getopt|grp|ifaddrs|langinfo|locale|netdb|poll|pthread|pwd"
    r"|regex|sched|semaphore|setjmp|signal|spawn|stdatomic|stdio|stdio_ext|strings|termios|time|unistd"
    r"|wchar)\.h$"
    r"|(arpa|linux|net|netinet|sys)/\w+\.h$")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)
GENERATED = {"app/build_info.h"}


def own_header(root, path, header, allowed):
    if "/" not in header or header.startswith("."):
        return f'"{header}" is not folder-qualified from the root'
    if header not in GENERATED and not os.path.exists(os.path.join(root, header)):
        return f'"{header}" does not exist'
    if not any(re.match(pattern, header) for pattern in allowed):
        return f'"{header}" is against the arrows'
    return None


def foreign_header(path, header):
    in_tests = path.startswith("tests/")
    for pattern, place in LIBRARIES:
        if re.match(pattern, header):
            good = in_tests or re.match(place, path)
            return None if good else f"<{header}> belongs to {place} alone"
    pure = path.startswith("dissector/") and not path.startswith("dissector/wireshark/")
    if pure and not PURE.match(header):
        return f"<{header}> in the dissector, which is pure"
    if not SYSTEM.match(header):
        return f"<{header}> is no library of the table in layers.py"
    return None


def check_file(root, path):
    allowed = next(headers for pattern, headers in PLACES if re.match(pattern, path))
    text = tree.read(root, path)
    for match in INCLUDE.finditer(text):
        quote, header = match.groups()
        problem = (own_header(root, path, header, allowed) if quote == '"'
                   else foreign_header(path, header))
        if problem:
            yield path, tree.line_of(text, match.start()), problem


def main():
    root = sys.argv[1]
    paths = tree.files(root, tree.ROOMS + ("tests",), (".c", ".h"))
    tree.report([finding for path in paths for finding in check_file(root, path)])


main()
