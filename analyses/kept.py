"""What is kept of a finished run, small enough to commit: what it was, how it learned, what its net measures.

``train.py`` keeps a run as soon as it ends and lays the tables of an analysis beside its README, in ``results``:
``cells.csv`` (a row a run), ``history.csv`` (a row an epoch), ``measures.csv`` (a row a snapshot, a column a number)
and ``numbers.csv`` (a row a number that a finding asks of a run).  The hidden folder ``.kept`` beside the runs holds
the same run by run, with the topologies at the start, at the quarters and at the end, so that raw snapshots may go.
"""

from __future__ import annotations

import json
import os
import shutil
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

import sparsegraph as sg
from sparsegraph.evolution.cohorts import member_of
from sparsegraph.evolution.learning import area_across_epochs, epochs_to_level
from sparsegraph.findings.kept_numbers import numbers_of
from sparsegraph.findings.laboratory import Laboratory
from sparsegraph.perturb.kept import kept_robustness
from sparsegraph.result import Undefined
from sparsegraph.training.request import resolve
from sparsegraph.training.run import requested

OPTIONS = {"n_repeats": 3, "n_runs": 5, "n_null": 5}
"""Removals of structural consistency, runs of Leiden and twins of small worlds: fewer than by default."""
TABLES = ("cells", "history", "measures", "numbers")


@dataclass(frozen=True)
class Wanted:
    """Which measures are taken when; the file ``kept.toml`` of an analysis, or these.

    Parameters
    ----------
    quarters : tuple of str
        Measures of the topology at the start, after each quarter of the updates, and at the end.
    ends : tuple of str
        Measures at the start and the end only: they cost more, or need weights, of which fewer snapshots are written.
    robustness : bool
        Areas under the five perturbations of 000/001, at the end.
    """

    quarters: tuple[str, ...] = (
        *("sparsity", "degree", "powerlaw", "kshell", "credit_paths", "activity", "assortativity", "path_length"),
        *("turnover", "exploration", "attachment", "link_survival"),
    )
    ends: tuple[str, ...] = ("modularity", "structural_consistency", "hyperbolic", "small_world", "rank", "weights")
    robustness: bool = False


def wanted(analysis: Path) -> Wanted:
    """The choices of an analysis."""
    path = analysis / "kept.toml"
    if not path.exists():
        return Wanted()
    chosen = tomllib.loads(path.read_text(encoding="utf-8"))
    return Wanted(**{name: tuple(value) if isinstance(value, list) else value for name, value in chosen.items()})


@dataclass(frozen=True)
class Place:
    """Where one run is kept."""

    run: Path

    @property
    def folder(self) -> Path:
        """Beside the runs, hidden so that it is none of them."""
        return self.run.parent / ".kept"

    @property
    def file(self) -> Path:
        """All numbers of the run."""
        return self.folder / f"{self.run.name}.json"

    @property
    def topologies(self) -> Path:
        """Its topologies at the start, the quarters and the end."""
        return self.folder / self.run.name


def keep(run: Path, what: Wanted, *, data_dir: Path | None = None) -> Path:
    """Measure a finished run and write what is kept of it, whole or not at all."""
    place, opened = Place(run), sg.open_run(run)
    place.folder.mkdir(exist_ok=True)
    content = {
        "cells": [_cell(opened)],
        "history": _history(opened),
        "measures": _measures(opened, what, data_dir),
        "numbers": _numbers(opened, data_dir),
    }
    _copy_topologies(opened, place.topologies)
    temporary = place.file.with_suffix(".part")
    temporary.write_text(json.dumps(content, allow_nan=False) + "\n", encoding="utf-8")
    os.replace(temporary, place.file)
    return place.file


def gather(files: Iterable[Path], results: Path) -> None:
    """Enter kept runs into the tables of an analysis: the rest of them stays, an earlier row of a run goes."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(files)]
    if not found:
        return
    results.mkdir(exist_ok=True)
    names = {one["cells"][0]["cell"] for one in found}
    for name in TABLES:
        rows = [{"cell": one["cells"][0]["cell"], **row} for one in found for row in one.get(name, [])]
        path = results / f"{name}.csv"
        if not rows and not path.exists():
            continue
        if path.exists():
            before = pd.read_csv(path)
            kept = before[~before["cell"].isin(names)]
            table = pd.concat([kept, pd.DataFrame(rows)], ignore_index=True) if rows else kept
        else:
            table = pd.DataFrame(rows)
        order = [column for column in ("epoch", "update") if column in table and name != "cells"]
        table.sort_values(["cell", *order]).to_csv(path, index=False, float_format="%.5g")


def done(results: Path) -> set[str]:
    """Cells that are kept already."""
    path = results / "cells.csv"
    return set(pd.read_csv(path)["cell"]) if path.exists() else set()


def _cell(run: sg.Run) -> dict[str, Any]:
    """One row: what was asked, how far it came, what it took."""
    member, history = member_of(run), run.history
    accuracy = [record["test"]["accuracy"] for record in history]
    last = history[-1]
    epoch_to_90 = epochs_to_level(accuracy, 0.9 * accuracy[-1])
    profile = resolve(requested(Path(run.path)))
    return {
        "cell": Path(run.path).name,
        "profile": member.profile,
        "data": member.data,
        "seed": member.seed,
        "changes": " ".join(f"{name}={value}" for name, value in member.changes.items()),
        "start": profile.recipe.start,
        "epochs": member.epochs,
        "of_epochs": profile.epochs,
        "links": sum(last["links"]),
        "accuracy": last.get("pruned_after", last)["test"]["accuracy"],
        "best": max(accuracy),
        "aae": area_across_epochs(accuracy),
        "epochs_to_90_percent": epoch_to_90 if isinstance(epoch_to_90, int) else None,
        "anp": None if last["anp"] is None else last["anp"]["whole"],
        "train_loss": last["train"]["loss"],
        "seconds": sum(part for record in history for part in record["seconds"].values()),
        "commit": run.environment["versions"]["commit"],
    }


def _history(run: sg.Run) -> list[dict[str, Any]]:
    rows = []
    for record in run.history:
        overlaps = [value for update in record["updates"] for value in update["overlap"] if value is not None]
        rows.append(
            {
                "epoch": record["epoch"],
                "accuracy": record["test"]["accuracy"],
                "test_loss": record["test"]["loss"],
                "train_loss": record["train"]["loss"],
                "anp": None if record["anp"] is None else record["anp"]["whole"],
                "overlap": sum(overlaps) / len(overlaps) if overlaps else None,
            }
        )
    return rows


def _measures(run: sg.Run, what: Wanted, data_dir: Path | None) -> list[dict[str, Any]]:
    """Main numbers, wide: a row a snapshot, a column a number."""
    parts = []
    n_updates = len(run.topology) - 1
    weights = [name for name in what.ends if name in ("rank", "weights")]
    topology = [name for name in what.ends if name not in weights]
    if n_updates > 0:
        parts.append(_followed(run, what.quarters, every=-(-n_updates // 4), snapshots="topology"))
        parts.append(_followed(run, topology, every=n_updates, snapshots="topology"))
    parts.append(_followed(run, weights, every=max(len(run) - 1, 1), snapshots="weights"))
    parts = [part for part in parts if len(part)]
    if not parts:  # a dense net of which no weights are measured
        return []
    table = pd.concat(parts, ignore_index=True)
    table["number"] = [
        ".".join(filter(None, (row.measure, row.layer, row.field))) for row in table.itertuples(index=False)
    ]
    wide = table.pivot_table(index=["update", "epoch"], columns="number", values="value", dropna=False)
    wide = wide.dropna(how="all").dropna(axis="columns", how="all").reset_index()
    if what.robustness and not _is_dense(run):
        for curve in kept_robustness(run.path, data_dir=data_dir).curves:
            wide.loc[wide.index[-1], f"area.{curve.perturbation}"] = curve.area.mean
    return [{k: v for k, v in row.items() if v == v} for row in wide.to_dict("records")]


def _is_dense(run: sg.Run) -> bool:
    """Whether all links are there at the end: no paper perturbs such nets, and each would be judged 640 times."""
    recipe = resolve(requested(Path(run.path))).recipe
    return recipe.kind == "dense" and not recipe.pruned_after


def _numbers(run: sg.Run, data_dir: Path | None) -> list[dict[str, Any]]:
    """All that findings ask of the run, so that they can be judged when its snapshots are gone."""
    found = numbers_of(member_of(run), Laboratory(data_dir))
    return [
        {"quantity": name} | ({"undefined": value.reason} if isinstance(value, Undefined) else {"value": value})
        for name, value in found.items()
    ]


def _followed(run: sg.Run, names: tuple[str, ...] | list[str], **options: Any) -> pd.DataFrame:
    if not names:
        return pd.DataFrame()
    known = {option for name in names for option in _options(name)}
    chosen = {name: value for name, value in OPTIONS.items() if name in known}
    return sg.follow(run, list(names), options=chosen, **options)


def _options(name: str) -> Iterable[str]:
    from sparsegraph.evolution.plan import entry_of

    return entry_of(name).options


def _copy_topologies(run: sg.Run, folder: Path) -> None:
    files = sorted((Path(run.path) / "topology").glob("*.npz"))
    if not files:
        return
    folder.mkdir(exist_ok=True)
    last = len(files) - 1
    for part in range(5):
        path = files[round(part * last / 4)]
        shutil.copyfile(path, folder / path.name)
