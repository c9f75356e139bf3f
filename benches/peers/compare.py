"""Kontak and its peers on one generated table, each in a process of its own, in one table.

    python benches/peers/compare.py --touchpoints 100000
"""

import argparse
import csv
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
GENERATE = "cargo run --quiet --release -p kontak-benches --bin generate --"
BUILD = "cargo build --quiet --release --example merge"
MERGE = (
    "target/release/examples/merge {table} --id id --phone phone,phone2 --email email,email2 "
    "--name name --channel channel --seen-at seen_at --verified verified --region {region} "
    "--out {out}"
)
TITLES = {
    "splink": "Splink 5 deterministic link + cluster (DuckDB)",
    "splink-values": "Splink 5 clustering over values (DuckDB)",
    "duckdb-scipy": "DuckDB + scipy connected_components",
    "networkx": "networkx connected_components",
    "phonenumbers": "Python phonenumbers + dict union-find",
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--touchpoints", type=int, default=100_000, help="rows, about")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--home", default="ID", help="region in which national numbers are read")
    parser.add_argument("--peers", default=",".join(TITLES), help="which, of: %(default)s")
    parser.add_argument("--python-rows", type=int, default=100_000, help="rows for phonenumbers")
    parser.add_argument("--merge", default=MERGE, help="command; {table}, {region}, {out}")
    parser.add_argument("--build", default=BUILD, help="command that builds it")
    parser.add_argument("--skip-merge", action="store_true", help="only the peers")
    return parser.parse_args()


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="kontak-peers-") as folder:
        folder = Path(folder)
        table = folder / "table.csv"
        command = [*shlex.split(GENERATE), "--touchpoints", str(options.touchpoints)]
        command += ["--seed", str(options.seed), "--home", options.home, "--keys", "--summary"]
        subprocess.run([*command, "--out", str(table)], cwd=ROOT, check=True)
        truth = people(table)
        print(f"\n{len(truth)} rows, {table.stat().st_size / 1e6:.0f} MB, {os.cpu_count()} cores\n")
        print_row("", "rows", "seconds", "CPU s", "peak MiB", "customers", "precision", "recall")
        for name in options.peers.split(","):
            report(TITLES[name], truth, *run_peer(name, table, folder, options))
        if not options.skip_merge:
            report_kontak(truth, table, folder, options)


def people(table):
    """The true person of each row."""
    with open(table, newline="", encoding="utf-8") as file:
        return np.array([int(record["person"]) for record in csv.DictReader(file)])


def run_peer(name, table, folder, options):
    labels = folder / f"{name}.npy"
    command = [sys.executable, str(HERE / "peers.py"), name, str(table), str(labels)]
    if name == "phonenumbers":
        command.append(str(options.python_rows))
    output, used, _ = measured(command)
    took = json.loads(output)
    return np.load(labels), took["seconds"], took["cpu_seconds"], used.ru_maxrss


def report_kontak(truth, table, folder, options):
    """The whole process, from the text that people typed to the written file."""
    title = "kontak: examples/merge, from raw text"
    build = subprocess.run(shlex.split(options.build), cwd=ROOT, capture_output=True, text=True)
    if build.returncode != 0:
        print(f"{title}: SKIPPED, `{options.build}` failed: {build.stderr.strip()[:200]}")
        return
    out = folder / "customers.csv"
    command = options.merge.format(table=table, region=options.home, out=out)
    _, used, seconds = measured(shlex.split(command))
    with open(out, newline="", encoding="utf-8") as file:
        records = csv.DictReader(file)
        customers = {int(record["record_id"]): record["customer_id"] for record in records}
    labels = np.unique([customers[row] for row in range(len(truth))], return_inverse=True)[1]
    report(title, truth, labels, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss)


def measured(command):
    """Runs a command; its output, what it used and its wall time."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"failed with {process.returncode}: {shlex.join(command)}")
    return output, used, time.perf_counter() - started


def report(title, truth, labels, seconds, cpu_seconds, peak_kib):
    truth = truth[: len(labels)]
    labels = np.unique(labels, return_inverse=True)[1]
    both = pairs(truth * (labels.max() + 1) + labels)
    print_row(
        title,
        len(labels),
        f"{seconds:.2f}",
        f"{cpu_seconds:.2f}",
        f"{peak_kib / 1024:.0f}",
        labels.max() + 1,
        f"{both / max(1, pairs(labels)):.4f}",
        f"{both / max(1, pairs(truth)):.4f}",
    )


def pairs(labels):
    sizes = np.unique(labels, return_counts=True)[1].astype(object)
    return (sizes * (sizes - 1) // 2).sum()


def print_row(title, *cells):
    print(f"{title:<48}" + "".join(f"{cell:>11}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
