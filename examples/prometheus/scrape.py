#!/usr/bin/env python3
"""Lets a real Prometheus scrape what kontak-metrics writes, and asks it.

    python3 examples/prometheus/scrape.py

Prometheus comes from Debian: where there is none, its package is unpacked into target/prometheus, and
nothing is installed. It runs on a free port of the loopback interface, over a temporary folder, scrapes
the OpenMetrics text and the native histograms of `cargo run --example prometheus`, and is asked over its
HTTP API for counts, sums, quantiles and labelled numbers, each of which must be ours. It is stopped then.
Where it cannot be had that is said, and nothing is tried.
"""

import http.server
import json
import math
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "target" / "prometheus"
PROTOBUF = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
TEXT = "application/openmetrics-text; version=1.0.0; charset=utf-8"

CONFIG = """
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: text
    metrics_path: /metrics.txt
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
  - job_name: native
    metrics_path: /metrics.pb
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


def prometheus():
    """Where it is, or None."""
    found = shutil.which("prometheus") or CACHE / "usr/bin/prometheus"
    if Path(found).exists():
        return str(found)
    CACHE.mkdir(parents=True, exist_ok=True)
    try:
        quiet = {"check": True, "cwd": CACHE, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        if subprocess.run(["apt-get", "download", "prometheus"], **{**quiet, "check": False}).returncode:
            subprocess.run(["apt-get", "update"], **quiet)
            subprocess.run(["apt-get", "download", "prometheus"], **quiet)
        subprocess.run(["dpkg", "-x", str(next(CACHE.glob("*.deb"))), str(CACHE)], **quiet)
    except (OSError, subprocess.CalledProcessError, StopIteration) as error:
        print(f"prometheus: skipped, Debian's package cannot be had here: {error}")
        return None
    return str(found)


def serve(folder):
    """Serves the folder; what was asked for, and of which content type, is written down."""
    asked = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked[self.path] = self.headers.get("Accept", "")
            body = (Path(folder) / Path(self.path).name).read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", PROTOBUF if self.path.endswith(".pb") else TEXT)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, asked


def get(base, path, **query):
    url = f"{base}{path}?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(url, timeout=10) as response:
        return json.load(response)["data"]


def wait_for(what, ready, process, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit(f"prometheus ended with {process.returncode}")
        try:
            if ready():
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.2)
    sys.exit(f"prometheus: {what} did not come within {seconds} s")


def scraped(base):
    """Whether both were scraped; stops where one was refused."""
    targets = get(base, "/api/v1/targets")["activeTargets"]
    for target in targets:
        if target["health"] == "down":
            sys.exit(f"prometheus refuses {target['scrapeUrl']}: {target['lastError']}")
    return len(targets) == 2 and all(target["health"] == "up" for target in targets)


def compare(base, questions):
    missed = 0
    for question in questions:
        result = get(base, "/api/v1/query", query=question["query"])["result"]
        found = [float(sample["value"][1]) for sample in result]
        expected, within = question["value"], question["within"]
        is_right = len(found) == 1 and (
            found[0] == expected or math.isclose(found[0], expected, rel_tol=within, abs_tol=1e-12)
        )
        if not is_right:
            missed += 1
            print(f"MISSED {question['query']}: {found}, expected {expected} within {within}")
    return missed


def main():
    binary = prometheus()
    if binary is None:
        return
    with tempfile.TemporaryDirectory(prefix="kontak-prometheus-") as folder:
        folder = Path(folder)
        command = ["cargo", "run", "-q", "--locked", "--example", "prometheus", "--", str(folder)]
        subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        server, asked = serve(folder)
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            address = "127.0.0.1:{}".format(listener.getsockname()[1])
        config = folder / "prometheus.yml"
        config.write_text(CONFIG.format(port=server.server_address[1]))
        log = (folder / "log").open("w+")
        process = subprocess.Popen(
            [
                binary,
                f"--config.file={config}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address={address}",
                "--web.console.templates=",
                "--web.console.libraries=",
                "--enable-feature=native-histograms",
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "GOMAXPROCS": "1"},
        )
        base = f"http://{address}"
        try:
            wait_for("its start", lambda: get(base, "/api/v1/status/buildinfo"), process)
            version = get(base, "/api/v1/status/buildinfo")["version"]
            wait_for("a scrape", lambda: scraped(base), process)
            if "protobuf" not in asked["/metrics.pb"]:
                sys.exit("prometheus did not ask for protobuf")
            questions = json.loads((folder / "expected.json").read_text())
            missed = compare(base, questions)
            log.flush()
            complaints = [line for line in (folder / "log").read_text().splitlines() if "level=warn" in line or "level=error" in line]
            for line in complaints:
                print(line)
            print(f"prometheus {version}: {len(questions) - missed} of {len(questions)} answers are ours")
        finally:
            process.terminate()
            process.wait()
            server.shutdown()
            log.close()
    sys.exit(1 if missed or complaints else 0)


if __name__ == "__main__":
    main()
