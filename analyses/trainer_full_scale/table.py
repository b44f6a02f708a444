"""The table of this folder's README from finished runs.

    python analyses/trainer_full_scale/table.py runs/full

Writes ``results.csv`` (one row a run) and ``history.csv`` (test accuracy and active neurons epoch by epoch) beside
itself and prints the table: mean and standard deviation over seeds, and what the papers have.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import sparsegraph as sg

HERE = Path(__file__).resolve().parent

# accuracy, AAE and ANP in per cent: 002 tables A2 (1x: 784 wide) and A3, 003 table 4 (CIFAR-10, original images)
PAPER = {
    ("cht-cht", "mnist", "784x3"): ("98.05", "95.45", "31.15"),
    ("cht-cht", "fashion-mnist", "784x3"): ("88.07", "85.20", "30.45"),
    ("sulyok-dense", "mnist", "1000x3"): ("98.69 (784 wide)", "96.33", "-"),
    ("sulyok-dense", "fashion-mnist", "1000x3"): ("90.43 (784 wide)", "87.40", "-"),
    ("survival-random", "cifar10-q75", "1024-512"): ("68.08", "-", "-"),
    ("survival-gradient", "cifar10-q75", "1024-512"): ("65.83", "-", "-"),
    ("survival-momentum", "cifar10-q75", "1024-512"): ("66.25", "-", "-"),
}


def area(accuracy: np.ndarray) -> float:
    """Area under accuracy across the epochs (AAE): trapezoids over E - 1."""
    return float(np.trapezoid(accuracy) / (accuracy.size - 1))


def hidden(config: dict[str, Any]) -> str:
    """Hidden widths in short."""
    widths = [block["shape"][1] for block in config["blocks"][:-1]]
    same = len(set(widths)) == 1 and len(widths) > 1
    return f"{widths[0]}x{len(widths)}" if same else "-".join(map(str, widths))


def rows(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row a finished run, and one a run and epoch."""
    runs, epochs = [], []
    for path in sorted(folder.iterdir()):
        if not (path / "config.json").exists():
            continue
        run = sg.open_run(path)
        config, history = run.config, run.history
        if not history or history[-1]["epoch"] < config["profile"]["epochs"]:
            continue
        accuracy = np.array([record["test"]["accuracy"] for record in history])
        anp = [None if record["anp"] is None else record["anp"]["whole"] for record in history]
        key = {
            "profile": config["profile"]["name"],
            "data": config["data"]["name"],
            "hidden": hidden(config),
            "start": config["policies"].get("start topology", "-"),
            "seed": config["request"]["seed"],
        }
        stopped = next((r["epoch"] for r in history if r["stopped"] and all(r["stopped"])), None)
        runs.append(
            key
            | {
                "epochs": len(history),
                "links": sum(history[-1]["links"]),
                "accuracy": accuracy[-1],
                "best_accuracy": accuracy.max(),
                "aae": area(accuracy),
                "anp": anp[-1],
                "topology_stopped_at": stopped,
                "train_seconds": float(np.median([record["seconds"]["train"] for record in history])),
                "update_seconds": float(np.median([record["seconds"].get("update", 0.0) for record in history])),
                "commit": run.environment["versions"]["commit"],
            }
        )
        epochs += [
            key | {"epoch": r["epoch"], "accuracy": a, "anp": n, "train_loss": r["train"]["loss"]}
            for r, a, n in zip(history, accuracy, anp, strict=True)
        ]
    return pd.DataFrame(runs), pd.DataFrame(epochs)


def spread(values: pd.Series) -> str:
    """Mean in per cent, with the standard deviation where there are several."""
    if values.isna().all():
        return "-"
    mean = f"{100 * values.mean():.2f}"
    return f"{mean} ± {100 * values.std():.2f}" if len(values) > 1 else mean


def main() -> None:
    runs, epochs = rows(Path(sys.argv[1]))
    runs.to_csv(HERE / "results.csv", index=False, float_format="%.6g")
    epochs.to_csv(HERE / "history.csv", index=False, float_format="%.5g")
    print(
        "| profile | data | hidden | start | seeds | epochs | accuracy | paper | AAE | paper | ANP | paper | s/epoch |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    for (profile, data, widths, start), group in runs.groupby(["profile", "data", "hidden", "start"], sort=False):
        theirs = PAPER.get((profile, data, widths), ("-", "-", "-"))
        ours = [spread(group[name]) for name in ("accuracy", "aae", "anp")]
        cells = [cell for pair in zip(ours, theirs, strict=True) for cell in pair]
        seconds = f"{group['train_seconds'].median():.2f}"
        first = [profile, data, widths, start, str(len(group)), str(group["epochs"].iloc[0])]
        print("| " + " | ".join([*first, *cells, seconds]) + " |")


if __name__ == "__main__":
    main()
