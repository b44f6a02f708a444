"""A real epoch of MNIST at 99 %: what training, a topology update and evaluation take, alone and two at a time.

    SPARSEGRAPH_DATA=... python benchmarks/train_epoch.py [--profile sulyok-ch3l3] [--data mnist] [--epochs 6]

Prints medians over the epochs but the first: seconds of training, of the update (CH3-L3 regrowth of three blocks), of
writing (what the loop waits for), and the update's share of the epoch; then the same with two seeds in two processes
at once, over one alone.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import sparsegraph as sg


def start(profile: str, data: str, epochs: int, seed: int, folder: Path) -> subprocess.Popen[bytes]:
    words = ["train", profile, "--data", data, "--epochs", str(epochs), "--seed", str(seed), "-o", str(folder)]
    return subprocess.Popen([sys.executable, "-m", "sparsegraph", *words], stdout=subprocess.DEVNULL)


def medians(folder: Path) -> dict[str, float]:
    """Of the epochs that have an update, the first (kernels may compile) left out."""
    epochs = [record["seconds"] for record in sg.open_run(folder).history if record["updates"]][1:]
    names = ("train", "update", "record", "evaluate")
    return {name: statistics.median(seconds.get(name, 0.0) for seconds in epochs) for name in names}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", default="sulyok-ch3l3")
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--epochs", type=int, default=6)
    options = parser.parse_args()
    ask = (options.profile, options.data, options.epochs)
    with tempfile.TemporaryDirectory() as place:
        alone = []
        for turn in range(2):
            folder = Path(place) / f"alone{turn}"
            if start(*ask, turn, folder).wait():
                sys.exit(1)
            alone.append(medians(folder))
        pair = [start(*ask, seed, Path(place) / f"pair{seed}") for seed in (0, 1)]
        if any(process.wait() for process in pair):
            sys.exit(1)
        together = [medians(Path(place) / f"pair{seed}") for seed in (0, 1)]
    one = {name: min(run[name] for run in alone) for name in alone[0]}
    for name, seconds in one.items():
        print(f"{name:10}{seconds:8.3f} s")
    print(f"update / epoch: {100 * one['update'] / sum(one.values()):.1f} %")
    ratio = statistics.mean(run["train"] for run in together) / one["train"]
    print(f"two seeds in two processes: an epoch takes {ratio:.2f} times as long as alone")


if __name__ == "__main__":
    main()
