"""Puts the runs of an analysis back from its tables: what they were and how they learned, without their nets.

    python analyses/restore.py analyses/chts_soft_rules runs/chts_soft_rules

Learning curves can then be drawn, and findings judged, without training: a folder of RUNS for each row of
``results/cells.csv`` that the sweep has, with the epochs of ``results/history.csv``, the numbers that findings ask for
of ``results/numbers.csv``, and what the last snapshot measured of ``results/measures.csv``; a folder that is there
already stays as it is.  Numbers have five digits.
"""

from __future__ import annotations

import argparse
import dataclasses
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from kept import done
from train import cells_of

from sparsegraph.io.runs.numbers_file import write_numbers
from sparsegraph.io.runs.writer import RunWriter
from sparsegraph.result import Undefined
from sparsegraph.training.request import resolve
from sparsegraph.training.sweep import Cell

FIELDS = {
    "test_loss": ("test", "loss"),
    "accuracy": ("test", "accuracy"),
    "train_loss": ("train", "loss"),
    "anp": ("anp", "whole"),
}


def restore(cell: Cell, history: pd.DataFrame, numbers: dict[str, float | Undefined], commit: str) -> None:
    """Write configuration and history of one run, and its numbers by name."""
    request, profile = cell.request, resolve(cell.request)
    asked = {name: value for name, value in dataclasses.asdict(request).items() if value is not None}
    configuration = {"request": asked, "profile": {"epochs": profile.epochs}, "data": {"name": profile.data}}
    environment = {"versions": {"commit": commit}, "request": asked, "restored": "from tables: no snapshots"}
    with RunWriter.create(cell.directory, configuration, environment) as writer:
        for row in history.to_dict("records"):
            writer.history(record_of(row))
    if numbers:
        write_numbers(cell.directory, numbers)


def numbers_of(results: Path, cell: str) -> dict[str, float | Undefined]:
    """What findings ask of a run, and what was measured of its last snapshot: by words, and by column."""
    found: dict[str, float | Undefined] = {}
    if (path := results / "measures.csv").exists():
        own = _rows_of(path).get(cell)
        if own is not None:
            last = own.sort_values("update").iloc[-1].drop(["cell", "update", "epoch"]).dropna()
            found = {str(name): float(value) for name, value in last.items()}
    if (path := results / "numbers.csv").exists():
        own = _rows_of(path).get(cell)
        if own is not None:
            found |= {row.quantity: _number(row) for row in own.itertuples()}
    return found


@cache
def _rows_of(path: Path) -> dict[str, pd.DataFrame]:
    return {str(cell): rows for cell, rows in pd.read_csv(path).groupby("cell")}


def _number(row: Any) -> float | Undefined:
    return float(row.value) if pd.notna(row.value) else Undefined(str(row.undefined))


def record_of(row: dict[str, Any]) -> dict[str, Any]:
    """One epoch as the trainer notes it, as far as the table tells."""
    record: dict[str, Any] = {"epoch": int(row["epoch"]), "test": {}, "train": {}, "anp": None, "updates": []}
    for column, (part, name) in FIELDS.items():
        if pd.notna(row[column]):
            record[part] = (record[part] or {}) | {name: row[column]}
    return record


def main() -> None:
    """Restore what is not there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("analysis", type=Path)
    parser.add_argument("runs", type=Path)
    chosen = parser.parse_args()
    results, runs = chosen.analysis / "results", chosen.runs.absolute()
    had = done(results)
    cells = [cell for cell in cells_of(chosen.analysis / "sweep.toml", runs) if cell.directory.name in had]
    waiting = [cell for cell in cells if not cell.directory.exists()]
    history = dict(iter(pd.read_csv(results / "history.csv").groupby("cell"))) if waiting else {}
    commits = pd.read_csv(results / "cells.csv").set_index("cell")["commit"]
    for cell in waiting:
        name = cell.directory.name
        restore(cell, history[name], numbers_of(results, name), str(commits[name]))
    print(f"{len(had)} runs in the tables, {len(waiting)} restored, {len(had) - len(cells)} not in the sweep")


if __name__ == "__main__":
    main()
