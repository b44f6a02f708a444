"""Kill a training run at random times, resume it each time, and compare it with one that was left alone.

    python benchmarks/kill_and_resume.py [--kills 50] [--profile chts] [--seed 0]

Prints how often it was killed and whether every snapshot, every topology snapshot and the history (but for its
seconds) are the same, byte by byte.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random


def command(profile: str, directory: Path) -> list[str]:
    options = ["--data", "digits", "--hidden", "200x3", "--sparsity", "0.9", "--epochs", "40", "--start", "er"]
    return [
        sys.executable,
        "-m",
        "sparsegraph",
        "train",
        profile,
        *options,
        "--snapshots-every",
        "1",
        "-o",
        str(directory),
    ]


def without_seconds(path: Path) -> list[dict]:
    records = [json.loads(line) for line in path.read_text().splitlines()]
    return [{key: value for key, value in record.items() if key != "seconds"} for record in records]


def configuration(directory: Path) -> dict:
    return json.loads((directory / "config.json").read_text())["configuration"]


def differences(one: Path, two: Path) -> list[str]:
    names = {str(p.relative_to(d)) for d in (one, two) for p in d.rglob("*") if p.is_file()}
    found = []
    if configuration(one) != configuration(two):
        found.append("the configurations differ")
    for name in sorted(names - {"history.jsonl", "config.json"}):
        if not ((one / name).exists() and (two / name).exists()):
            found.append(f"{name} is in one only")
        elif (one / name).read_bytes() != (two / name).read_bytes():
            found.append(f"{name} differs")
    if without_seconds(one / "history.jsonl") != without_seconds(two / "history.jsonl"):
        found.append("history.jsonl differs")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--profile", default="chts")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    random, total, runs = Random(options.seed), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole"
        started = time.monotonic()
        subprocess.run(command(options.profile, whole), check=True, capture_output=True)
        length = time.monotonic() - started
        while total < options.kills:
            runs += 1
            broken = Path(folder) / f"broken{runs}"
            while True:
                process = subprocess.Popen(
                    [*command(options.profile, broken), "--resume"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
                )
                try:
                    _, error = process.communicate(timeout=random.uniform(0.2, 0.9) * length)
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    process.communicate()
                    total += 1
                    continue
                if process.returncode:
                    print(f"run {runs} failed: {error.decode()}")
                    return 1
                break
            if found := differences(whole, broken):
                print(f"run {runs}: {len(found)} differences, the first: {found[0]}")
                return 1
            print(f"run {runs}: the same after {total} kills in all", flush=True)
    print(
        f"{options.profile}: {runs} runs killed {total} times in all; each equals the uninterrupted run, file by file"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
