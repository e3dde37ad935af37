"""What no C file here may say, and why."""

import re
import sys

import tree

ALL = r""
DISSECTOR = r"dissector/(?!wireshark/)"
# But where a program with threads, which is the host, asks for it.
WITHOUT_HOST = r"dissector/(?!wireshark/|dav/xml_prepare\.c$)"
# Live traffic and what waits for it need a clock; everything else has the time of the frames.
CLOCKLESS = r"(?!app/|capture/now\.h$)"


def call(names):
    return r"\b(" + names + r")\s*\("


# what, in which files (a pattern of the path), why. Comments and literals are not looked at.
RULES = (
    (call("strcpy|strcat|sprintf|vsprintf|gets"), ALL, "writes without a bound"),
    (call("strtok"), ALL, "keeps hidden state"),
    (call("atoi|atol|atoll|atof"), ALL, "cannot say that it failed"),
    (call("alloca"), ALL, "takes stack that nobody bounded"),
    (r"\bstrto(l|ll|ul|ull|imax|umax|d)\s*\([^;]*,\s*(NULL|0)\s*,", ALL,
     "a number whose end nobody checked"),
    (call("time|gettimeofday|clock_gettime"), CLOCKLESS, "time is the frame's time"),
    (r"\btypedef\s+(struct|union|enum)\b", ALL, "a typedef hides what a thing is"),
    (r"\btypedef\b[^;(]*\*\s*\w+\s*;", ALL, "a typedef hides a pointer"),
    (r"\btypedef\b[^;]*\w+_t\s*;", ALL, "names in _t belong to the system"),
    (call(r"\w*printf|puts|putchar|fopen|open|read|write|getenv|setlocale|exit|system|socket"),
     DISSECTOR, "the dissector is pure"),
    (call(r"pthread_\w+|thrd_\w+|mtx_\w+"), DISSECTOR, "the dissector has no threads"),
    (call("xmlInitParser|xmlCleanupParser|xmlMemSetup|xmlSetGenericErrorFunc"), WITHOUT_HOST,
     "process-wide state of libxml2 belongs to the host"),
    (r"^[ \t]*static\s+(?!.*\bconst\b)(?!inline\b)[^()\n]*[;=]", DISSECTOR,
     "the dissector has no mutable global"),
)

# The same for comments.
COMMENT_RULES = (
    (r"\b(TODO|FIXME|XXX|HACK)\b", ALL, "belongs to an issue, not to a comment"),
)


def check_file(root, path):
    text = tree.read(root, path)
    code = tree.code_only(text)
    for rules, where in ((RULES, code), (COMMENT_RULES, text)):
        for pattern, place, why in rules:
            if not re.match(place, path):
                continue
            for match in re.finditer(pattern, where, re.M):
                what = match.group().strip().splitlines()[0]
                yield path, tree.line_of(where, match.start()), f"{what} : {why}"


def main():
    root = sys.argv[1]
    paths = tree.files(root, tree.ROOMS + ("tests",), (".c", ".h"))
    tree.report([finding for path in paths for finding in check_file(root, path)])


main()
