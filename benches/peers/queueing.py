"""Repeats cells of `examples/queueing_theory` with ciw (simulation) and pyworkforce (Erlang C).

    python benches/peers/queueing.py --customers 100000

kontak's column is what the example prints; `--table FILE` takes it from a file instead of running
it. Intervals of ciw are of 99 % each, over independent runs; kontak's hold together.
"""

import argparse
import math
import subprocess
import sys

import ciw
from pyworkforce.queuing import ErlangC
from scipy import stats

RUNS = 10
EXAMPLE = "cargo run --release --quiet -p kontak-examples --example queueing_theory".split()

# Name in the example, agents, arrivals a second, mean service, mean patience or room to wait.
SINGLE = [
    ("Erlang B, 5 agents, 3 Erlangs", 5, 3.0, 1.0, "none"),
    ("Erlang B, 20 agents, 15 Erlangs", 20, 15.0, 1.0, "none"),
    ("Erlang C, 14 agents, 10 Erlangs", 14, 200 / 3600, 180.0, None),
    ("Erlang C, 24 agents, 20 Erlangs", 24, 240 / 3600, 300.0, None),
    ("Erlang C, 12 agents, 10 Erlangs", 12, 200 / 3600, 180.0, None),
    ("Erlang A, 10 agents, patience 1 service", 10, 10 / 60, 60.0, 60.0),
    ("Erlang A, 50 agents, patience 2 services", 50, 50 / 60, 60.0, 120.0),
    ("Erlang A, 50 agents, patience 1 service", 50, 50 / 60, 60.0, 60.0),
]
MEASURES = {
    "turned away": lambda all_, waited: share(all_, lambda r: r.record_type == "rejection"),
    "have to wait": lambda all_, waited: share(all_, lambda r: r.record_type == "renege" or r.waiting_time > 0),
    "within 20 s": lambda all_, waited: share(all_, lambda r: r.record_type == "service" and r.waiting_time <= 20),
    "mean wait": lambda all_, waited: sum(waited) / len(waited),
    "give up": lambda all_, waited: share(all_, lambda r: r.record_type == "renege"),
}


def share(records, holds):
    return sum(map(holds, records)) / len(records)


def network(agents, arrivals, service, patience):
    more = {}
    if patience == "none":
        more["queue_capacities"] = [0]
    elif patience is not None:
        more["reneging_time_distributions"] = [ciw.dists.Exponential(1 / patience)]
    return ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(arrivals)],
        service_distributions=[ciw.dists.Exponential(1 / service)],
        number_of_servers=[agents],
        **more,
    )


def two_classes():
    """14 agents, 10 Erlangs, half of the contacts before all others."""
    exponential = ciw.dists.Exponential
    return ciw.create_network(
        arrival_distributions={"Class 0": [exponential(100 / 3600)], "Class 1": [exponential(100 / 3600)]},
        service_distributions={"Class 0": [exponential(1 / 180)], "Class 1": [exponential(1 / 180)]},
        priority_classes={"Class 0": 0, "Class 1": 1},
        number_of_servers=[14],
    )


def runs(of, arrivals, customers, seed):
    """Records of each run, without those who arrive in its first tenth."""
    length = customers / RUNS / arrivals
    for run in range(RUNS):
        ciw.seed(seed + run)
        simulation = ciw.Simulation(of)
        simulation.simulate_until_max_time(length * 1.1)
        yield [r for r in simulation.get_all_records() if r.arrival_date >= length * 0.1]


def interval(values):
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    return mean, stats.t.ppf(0.995, len(values) - 1) * math.sqrt(variance / len(values))


def pyworkforce(name, what, agents, arrivals, service):
    if not name.startswith("Erlang C"):
        return None
    # In minutes; nobody is absent.
    queue = ErlangC(transactions=arrivals * 3600, aht=service / 60, asa=20 / 60, interval=60, shrinkage=0)
    if what == "have to wait":
        return queue.waiting_probability(positions=agents)
    return queue.service_level(positions=agents) if what == "within 20 s" else None


def table(path):
    """Rows of the example: name -> exact, measured, half width."""
    if path:
        text = open(path, encoding="utf-8").read()
    else:
        text = subprocess.run(EXAMPLE, check=True, capture_output=True, text=True).stdout
    rows = {}
    for line in text.splitlines():
        words = line.split()
        if ": " in line and len(words) > 4:
            rows[" ".join(words[:-4])] = tuple(map(float, words[-4:-1]))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--customers", type=int, default=100_000, help="for each model")
    parser.add_argument("--table", help="what the example printed")
    arguments = parser.parse_args()
    ours = table(arguments.table)
    print("| | exact | kontak | ciw | pyworkforce |\n|---|---|---|---|---|")
    outside = 0

    def row(name, values, other):
        nonlocal outside
        exact, measured, width = ours[name]
        mean, half = interval(values)
        outside += abs(mean - exact) > half
        theirs = "" if other is None else f"{other:.6f}"
        print(f"| {name} | {exact:.6f} | {measured:.6f} ± {width:.6f} | {mean:.4f} ± {half:.4f} | {theirs} |")
        sys.stdout.flush()

    for number, (name, agents, arrivals, service, patience) in enumerate(SINGLE):
        whats = [key.removeprefix(name + ": ") for key in ours if key.startswith(name + ": ")]
        values = {what: [] for what in whats}
        of = network(agents, arrivals, service, patience)
        for records in runs(of, arrivals, arguments.customers, 1_000 * number):
            waited = [r.waiting_time for r in records if r.record_type != "rejection"]
            for what in whats:
                values[what].append(MEASURES[what](records, waited))
        for what in whats:
            row(f"{name}: {what}", values[what], pyworkforce(name, what, agents, arrivals, service))

    first, second = [], []
    for records in runs(two_classes(), 200 / 3600, arguments.customers, 99_000):
        waits = [[r.waiting_time for r in records if r.customer_class == f"Class {of}"] for of in (0, 1)]
        means = [sum(of) / len(of) for of in waits]
        all_ = sum(map(sum, waits)) / sum(map(len, waits))
        first.append(means[0] / all_)
        second.append(means[1] / all_)
    row("strict priority: the first's wait, of all", first, None)
    row("strict priority: the second's wait, of all", second, None)
    print(f"\nciw, {arguments.customers} customers a model: {outside} of its intervals do not cover the exact value")


if __name__ == "__main__":
    main()
