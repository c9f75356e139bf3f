#!/usr/bin/env python3
"""Tries `echo_webhooks` with the vendors' own libraries as clients.

    python3 crates/kontak-channels/tests/sdks/run.py

They come from PyPI and npm into target/sdks, at the versions that stand beside this file. The
server listens on a free port of the loopback interface, and so does what stands in for the
providers' interfaces. Without node its part is skipped, which it says.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
CACHE = ROOT / "target" / "sdks"


def python():
    library = CACHE / "python"
    lock = HERE / "requirements.lock"
    installed = library / lock.name
    if not installed.exists() or installed.read_bytes() != lock.read_bytes():
        shutil.rmtree(library, ignore_errors=True)
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-warn-conflicts", "--root-user-action=ignore"]
        wanted = ["--target", str(library), "-r", str(HERE / "requirements.txt"), "-c", str(lock)]
        subprocess.run([*command, *wanted], check=True)
        shutil.copy(lock, installed)
    return [sys.executable, str(HERE / "clients.py")], {"PYTHONPATH": str(library)}


def node():
    folder = CACHE / "node"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "clients.mjs"):
        shutil.copy(HERE / name, folder)
    command = ["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(command, cwd=folder, check=True)
    return ["node", str(folder / "clients.mjs")], {}


def server():
    subprocess.run(["cargo", "build", "-q", "--locked", "--example", "echo_webhooks"], cwd=ROOT, check=True)
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--no-deps"]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    return str(Path(metadata["target_directory"]) / "debug" / "examples" / "echo_webhooks")


def main():
    environment = {**os.environ, "SERVER": server()}
    clients = [python]
    if shutil.which("node") and shutil.which("npm"):
        clients.append(node)
    else:
        print("sdks: SKIPPED: no node and npm")
    for client in clients:
        command, more = client()
        subprocess.run(command, check=True, env=environment | more)


if __name__ == "__main__":
    main()
