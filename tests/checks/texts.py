"""Every text of an event is in the one list of them: one that is forgotten would be read after it
is gone, on its way between threads, or shown to strangers by --redact."""

import re
import sys

import tree

STRUCTS = (
    ("dissector/event.h", ("event",)),
    ("dissector/http/exchange.h", ("exchange", "exchange_message")),
    ("dissector/dav/request.h", ("request",)),
    ("dissector/dav/document.h", ("document_end",)),
    ("dissector/dav/property_check.h", ("left_out",)),
    ("dissector/dav/resource.h",
     ("resource", "propstat", "conditions", "status_line", "active_lock")),
)

# What has to name each of them.
LIST = ("dissector/event_copy.c", "dissector/dav/resource_copy.c")

DECLARED = re.compile(r"^\s*(?:const\s+)?(?:struct\s+(\w+)|(\w+))\s*(.*)$", re.S)


def holds_text(kind, declarators):
    return kind in ("span", "name") or "*" in declarators


def texts(code, name):
    """Names of the members of the struct that are or point to texts, and where they stand."""
    body = re.search(r"^struct " + name + r" \{\n(.*?)^\};", code, re.M | re.S)
    if not body:
        return
    position = body.start(1)
    for declaration in body.group(1).split(";"):
        match = DECLARED.match(declaration)
        if match and holds_text(match.group(1), match.group(3)):
            line = tree.line_of(code, position + len(declaration))
            for declarator in match.group(3).split(","):
                member = re.search(r"\w+", re.sub(r"\bconst\b", "", declarator))
                if member:
                    yield member.group(), line
        position += len(declaration) + 1


def main():
    root = sys.argv[1]
    present = set(tree.files(root, ("app", "dissector", "output"), (".c", ".h")))
    findings = []
    named = set(re.findall(r"\w+", " ".join(
        tree.code_only(tree.read(root, path)) for path in LIST if path in present)))
    for header, structs in STRUCTS:
        code = tree.code_only(tree.read(root, header)) if header in present else ""
        findings += [(header, line, f"{member} : {LIST[0]} does not name it")
                     for name in structs for member, line in texts(code, name)
                     if member not in named]
    tree.report(findings)


main()
