"""A Prometheus server scrapes a watching davscope; what it stores is what the final report says, and
every expression of the Grafana dashboard has an answer there.

usage: prometheus.py DAVSCOPE

Skipped (77) where there is no namespace or no prometheus.
"""

import json
import math
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
DASHBOARD = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                         "../../packaging/grafana/davscope.json")
METRICS = "http://127.0.0.1:9207/metrics"
SERVER = "http://127.0.0.1:9090/api/v1/query?query="


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def answer(query):
    try:
        return json.loads(get(SERVER + urllib.parse.quote(query)))
    except OSError as error:
        require(getattr(error, "code", 503) == 503, query, error)
        return {"data": {"result": []}}  # not listening, or not ready yet


def stored(query):
    """The values that the server has for a query, by their labels without job and instance."""
    said = answer(query)
    return {tuple(sorted((k, v) for k, v in r["metric"].items() if k not in ("job", "instance"))):
            float(r["value"][1]) for r in said["data"]["result"]}


def expressions(node):
    """Those of all panels, as Grafana sends them when everything is chosen."""
    if isinstance(node, list):
        for each in node:
            yield from expressions(each)
    elif isinstance(node, dict):
        if "expr" in node:
            yield re.sub(r"\$__rate_interval", "1m", re.sub(r"\$(instance|operation)", ".*", node["expr"]))
        yield from expressions(list(node.values()))


def fills_the_dashboard(talk):
    """Rates need a growing counter; a quantile of no requests is no number. The questions it took."""
    n, left = 0, list(expressions(json.loads(rig.read_text(DASHBOARD))))
    require(len(left) > 10, left)

    def is_full():
        nonlocal n
        n += 1
        talk.ask()
        left[:] = [query for query in left if not has_number(query)]
        return not left

    rig.wait_until(is_full, left)
    return n


def has_number(query):
    return any(not math.isnan(float(r["value"][1])) for r in answer(query)["data"]["result"])


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
            n = 5 + fills_the_dashboard(talk)
            rig.wait_until(lambda: f'verdict="mixed"}} {n}\n' in get(METRICS), f"{n} documents in the metrics")
            text = get(METRICS)
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
