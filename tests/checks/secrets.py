"""Nothing in the tree that belongs to a machine or to somebody: keys, tokens, hosts, paths."""

import os
import re
import sys

import tree

SECRETS = (
    (r"-----BEGIN [A-Z ]*PRIVATE KEY-----", "a private key"),
    (r"\b(ghp|gho|ghs|glpat|xox[abp])[-_][0-9A-Za-z_-]{16,}", "an access token"),
    (r"\bAKIA[0-9A-Z]{16}\b", "an access key"),
    (r"://[^/\s:@\"'<>]+:[^/\s:@\"'<>]+@[\w.-]+\.\w", "a URL with a password"),
    (r"(?<![\w.])/(work|home/\w+|root|Users/\w+)/[\w.]+", "a path of one machine"),
)
URL_HOST = re.compile(r"https?://([A-Za-z0-9.-]+\.[A-Za-z]{2,})")

# Names that can be no real host (RFC 2606, RFC 6761).
RESERVED = re.compile(r"(^|\.)(example(\.(com|net|org))?|test|invalid|localhost)$")

# Test data says what captures say, so its hosts are not looked at.
TEST_DATA = re.compile(r"(tests/(unit|conv|golden|fuzz|live)|pcaps)/")
# The key of a server that was there for a capture.
TEST_KEY = re.compile(r"pcaps/[\w-]+\.pem$")
# The checks themselves and their bad samples.
CHECKS = re.compile(r"tests/checks/")


def allowed_hosts():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "allowed_hosts")
    with open(path, encoding="utf-8") as file:
        return {line.split("#")[0].strip() for line in file}


def check_file(root, path, hosts):
    text = tree.read(root, path)
    if "\0" in text or CHECKS.match(path) or TEST_KEY.match(path):
        return
    for pattern, what in SECRETS:
        for match in re.finditer(pattern, text):
            yield path, tree.line_of(text, match.start()), f"{what}: {match.group()[:24]}"
    if TEST_DATA.match(path):
        return
    for match in URL_HOST.finditer(text):
        host = match.group(1).lower()
        if host not in hosts and not RESERVED.search(host):
            line = tree.line_of(text, match.start())
            yield path, line, f"host {host} is not in tests/checks/allowed_hosts"


def main():
    root = sys.argv[1]
    hosts = allowed_hosts()
    tree.report([finding for path in tree.files(root) for finding in check_file(root, path, hosts)])


main()
