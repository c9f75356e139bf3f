#!/usr/bin/env python3
"""Holds the walls between the crates.

Checks the manifests against the table below, and the resolved dependencies of leaves and engines
against what they must not reach: async, a clock, randomness. One line per violation; exit code 1.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

TYPES = "kontak-types"
LEAVES = {TYPES, "kontak-address", "kontak-calendar", "kontak-content"}
ENGINES = {"kontak-identity", "kontak-conversation", "kontak-routing", "kontak-metrics"}
# What composes the rest, and so may use all of it.
NEVER_PUBLISHED = {"kontak-examples", "kontak-channel-examples", "kontak-desk-examples", "kontak-benches"}
COMPOSE = {"kontak", "kontak-desk"} | NEVER_PUBLISHED

# Crate -> the workspace crates it may use, dev-dependencies included. Every crate may use
# kontak-types. A crate that is not here does not pass: its place is decided before its code.
EDGES = {
    TYPES: set(),
    "kontak-address": {TYPES},
    "kontak-calendar": {TYPES},
    "kontak-content": {TYPES},
    "kontak-identity": {TYPES, "kontak-address"},
    "kontak-conversation": {TYPES, "kontak-calendar", "kontak-content"},
    "kontak-routing": {TYPES, "kontak-calendar"},
    "kontak-metrics": {TYPES, "kontak-calendar"},
    "kontak-channel": {TYPES, "kontak-address", "kontak-content"},
    "kontak-channels": {TYPES, "kontak-channel"},
    "kontak-storage": {TYPES},
    # No engine: Arrow's crates bring a clock and randomness with them.
    "kontak-report": {TYPES, "kontak-metrics"},
}

FORBIDDEN_CRATES = {
    "tokio": "no async runtime",
    "getrandom": "no randomness",
    "rand": "no randomness",
}
FORBIDDEN_MACROS = {"async-trait": "no async"}
FORBIDDEN_FEATURES = {
    "chrono": ({"clock", "now"}, "no clock"),
    "uuid": ({"v1", "v4", "v6", "v7", "rng", "rng-getrandom", "rng-rand", "fast-rng"}, "no clock and no randomness"),
}


def cargo(*arguments):
    """The output of a cargo command; cargo's own complaint is the better one, so it passes through."""
    done = subprocess.run(["cargo", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"layers: `cargo {' '.join(arguments)}` failed")
    return done.stdout


def workspace_packages():
    metadata = json.loads(cargo("metadata", "--format-version", "1", "--locked", "--no-deps"))
    return sorted(metadata["packages"], key=lambda package: package["name"])


def edge_violations(packages):
    members = {package["name"] for package in packages}
    for package in packages:
        name = package["name"]
        if name in COMPOSE:
            continue
        if name not in EDGES:
            yield f"{name}: is not in the table of allowed edges (.ci/layers.py)"
            continue
        used = {dependency["name"] for dependency in package["dependencies"]} & members
        for target in sorted(used - EDGES[name] - {name}):
            yield f"{name}: must not depend on {target}; allowed: {', '.join(sorted(EDGES[name])) or 'nothing'}"


def manifest_violations(packages):
    for package in packages:
        name = package["name"]
        manifest = Path(package["manifest_path"]).read_text(encoding="utf-8")
        has_lib = any({"lib", "rlib"} & set(target["kind"]) for target in package["targets"])
        if has_lib and not says(manifest, "lib", "bench", "false"):
            yield f"{name}: [lib] lacks `bench = false`; without it `cargo bench -- --save-baseline` dies in libtest"
        if not says(manifest, "lints", "workspace", "true"):
            yield f"{name}: [lints] lacks `workspace = true`, so `unsafe_code = \"forbid\"` does not hold there"
        if name in NEVER_PUBLISHED and package["publish"] != []:
            yield f"{name}: lacks `publish = false`"


def says(manifest, section, key, value):
    """Whether `[section]` holds `key = value`. The two keys asked for have no other spelling in use here."""
    body = re.search(rf"^\[{section}\]\s*$(.*?)(?=^\[|\Z)", manifest, re.MULTILINE | re.DOTALL)
    return bool(body and re.search(rf"^{key}\s*=\s*{value}\b", body[1], re.MULTILINE))


def reach_violations(packages):
    """What a leaf or engine pulls in, with all its features and on any target, but without dev-dependencies."""
    for name in sorted({package["name"] for package in packages} & (LEAVES | ENGINES)):
        for crate, version, features in resolved(name, "normal,no-proc-macro"):
            if crate in FORBIDDEN_CRATES:
                yield f"{name}: pulls in {crate} {version}; {FORBIDDEN_CRATES[crate]} in leaves and engines"
            forbidden, reason = FORBIDDEN_FEATURES.get(crate, (set(), ""))
            for feature in sorted(forbidden & features):
                yield f"{name}: pulls in {crate} with feature `{feature}`; {reason} in leaves and engines"
        # What a macro itself is built from never reaches the engine, so only the macros are looked at.
        for crate, version, _ in resolved(name, "normal"):
            if crate in FORBIDDEN_MACROS:
                yield f"{name}: pulls in {crate} {version}; {FORBIDDEN_MACROS[crate]} in leaves and engines"


def resolved(name, edges):
    """(crate, version, features) of all that `name` pulls in over these kinds of edges."""
    tree = cargo(
        "tree", "--locked", "-p", name, "--all-features", "--target", "all",
        "-e", edges, "--prefix", "none", "-f", "{p}|{f}",
    )  # fmt: skip
    for line in sorted(set(line.removesuffix(" (*)") for line in tree.splitlines() if "|" in line)):
        package, features = line.rsplit("|", 1)
        crate, version = package.split()[:2]
        yield crate, version, set(features.split(","))


def main():
    packages = workspace_packages()
    violations = list(edge_violations(packages)) + list(manifest_violations(packages))
    # A forbidden edge can be a cycle, over which `cargo tree` would only repeat the complaint.
    violations += [] if violations else list(reach_violations(packages))
    for violation in dict.fromkeys(violations):
        print(f"layers: {violation}", file=sys.stderr)
    if violations:
        sys.exit(1)
    print(f"layers: {len(packages)} packages hold their edges")


if __name__ == "__main__":
    main()
