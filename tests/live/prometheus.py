"""A Prometheus server scrapes a watching davscope; what it stores is what the final report says.

usage: prometheus.py DAVSCOPE

Skipped (77) where there is no namespace or no prometheus.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request

import rig
from rig import require

CONFIG = """
global: {scrape_interval: 1s}
scrape_configs:
  - job_name: davscope
    static_configs: [{targets: ["127.0.0.1:9207"]}]
"""
SERVER = "http://127.0.0.1:9090/api/v1/query?query="


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def stored(query):
    """The values that the server has for a query, by their labels without job and instance."""
    try:
        said = json.loads(get(SERVER + urllib.parse.quote(query)))
    except OSError:
        return {}  # not listening yet
    return {tuple(sorted((k, v) for k, v in r["metric"].items() if k not in ("job", "instance"))):
            float(r["value"][1]) for r in said["data"]["result"]}


def sums(text, metric, label):
    """{value of label: sum} of a metric in the text of /metrics."""
    found = {}
    for labels, value in re.findall(rf"^{metric}{{(.*)}} (\d+)$", text, re.M):
        key = dict(re.findall(r'(\w+)="([^"]*)"', labels))[label]
        found[key] = found.get(key, 0) + int(value)
    return found


def checked_by_promtool(text):
    check = subprocess.run(["promtool", "check", "metrics"], input=text.encode(),
                           capture_output=True, check=False)
    require(check.returncode == 0 and not check.stderr, check.stderr.decode(), text)


def scraped(davscope, folder):
    config = os.path.join(folder, "prometheus.yml")
    with open(config, "w", encoding="utf-8") as file:
        file.write(CONFIG)
    talk = rig.Talk()
    with open(os.path.join(folder, "out"), "w", encoding="utf-8") as out:
        watch = rig.Watch(davscope, "-i", "lo", "-o", "json", "--metrics", "9207", stdout=out)
        server = subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder}/data",
             "--web.listen-address=127.0.0.1:9090", "--log.level=error"])
        try:
            talk.ask(5)
            verdicts = (("operation", "DELETE"), ("verdict", "mixed"))
            rig.wait_until(
                lambda: stored("sum by (operation, verdict) (davscope_multistatus_total)")
                .get(verdicts) == 5, "five documents in Prometheus")
            text = get("http://127.0.0.1:9207/metrics")
            require(get("http://127.0.0.1:9207/healthz") == "ok\n")
        finally:
            server.send_signal(signal.SIGKILL)
            server.wait()
        require(watch.stop() == 0, watch.said())
    checked_by_promtool(text)
    return text, json.loads(rig.read_text(os.path.join(folder, "out")).splitlines()[-1])


def main():
    if not shutil.which("prometheus") or not shutil.which("promtool"):
        print("no prometheus here")
        sys.exit(rig.SKIPPED)
    rig.enter_own_network()
    with tempfile.TemporaryDirectory() as folder:
        text, report = scraped(os.path.abspath(sys.argv[1]), folder)
    said = report["multistatus"]
    require(sums(text, "davscope_multistatus_total", "verdict") == said["by_verdict"], text, said)
    require(sums(text, "davscope_resources_total", "class") == said["by_class"], text, said)
    require('davscope_findings_total{rule="D36"' in text, text)


main()
