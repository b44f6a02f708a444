"""Where numbers of runs are read, measured and tested, each once for all findings."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sparsegraph.evolution.cohorts import Member
from sparsegraph.evolution.follow import follow
from sparsegraph.evolution.histories import histories
from sparsegraph.findings.moments import ENDS, Series
from sparsegraph.io.runs.numbers_file import read_numbers
from sparsegraph.perturb.kept import kept_robustness
from sparsegraph.result import Undefined

if TYPE_CHECKING:
    import pandas as pd

    from sparsegraph.findings.quantities import Quantity

_SILENT: Callable[[str], None] = lambda step: None  # noqa: E731 - a default that says nothing


@dataclass(frozen=True, eq=False)
class Laboratory:
    """Choices, and what was read under them so far.

    Parameters
    ----------
    data_dir : Path, optional
        Where data sets lie; by default ``SPARSEGRAPH_DATA``.
    seed : int
        Of everything random in measuring; the seeds of the trainings are those of the runs.
    n_jobs : int
        Processes and threads.
    progress : callable
        Told in words what is done next.
    """

    data_dir: Path | None = None
    seed: int = 0
    n_jobs: int = 1
    progress: Callable[[str], None] = _SILENT
    _known: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)

    def number(self, member: Member, quantity: Quantity, n_epochs: int | None = None) -> float | Undefined:
        """A number of one run: as it was kept, else taken now; over its first epochs only, it is taken now.

        Raises
        ------
        SparseGraphError
            If it cannot be had, or the file of kept numbers is damaged.
        """
        kept = (
            {} if n_epochs is not None else self._once(("kept", member.run.path), lambda: read_numbers(member.run.path))
        )
        return kept[quantity.words] if quantity.words in kept else quantity.of(member, self, n_epochs)

    def noted(self, member: Member, name: str, layers: str = "") -> dict[str, Series]:
        """A field of the history by layer, for the layers whose names match."""
        table = self._once(("history", member.run.path), lambda: histories(member.run))
        found = _by_layer(table, name, layers, _n_steps(member))
        return {layer: replace(one, absent=np.zeros(0)) for layer, one in found.items()}  # not noted in every epoch

    def measured(
        self,
        member: Member,
        measure: str,
        name: str,
        *,
        points: int | None,
        options: Mapping[str, Any],
        layers: str = "",
    ) -> dict[str, Series]:
        """A field of a followed measure by layer; at the ends only, at about so many snapshots, or at all."""
        every = _every(member, points)
        told = tuple(sorted(options.items()))
        table = self._once(
            ("measure", member.run.path, measure, every, told), lambda: self._follow(member, measure, every, options)
        )
        return _by_layer(table, name, layers, _n_steps(member))

    def area(self, member: Member, perturbation: str) -> float:
        """Area under the accuracy of the trained net as it is perturbed.

        Raises
        ------
        SparseGraphError
            If the net or its data cannot be had.
        """
        found = self._once(("areas", member.run.path), lambda: self._tested(member))
        return float(found[perturbation])

    def _follow(self, member: Member, measure: str, every: int, options: Mapping[str, Any]) -> pd.DataFrame:
        self.progress(f"{measure} of {member.run.path.name}")
        return follow(
            member.run,
            measure,
            every=every,
            fields="all",
            seed=self.seed,
            options=options,
            n_jobs=self.n_jobs,
        )

    def _tested(self, member: Member) -> dict[str, float]:
        self.progress(f"{member.run.path.name} under perturbations")
        found = kept_robustness(member.run.path, data_dir=self.data_dir, n_jobs=self.n_jobs)
        return {name: area.mean for name, area in found.areas.items()}

    def _once(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]


def _every(member: Member, points: int | None) -> int:
    """Which snapshots: every so many."""
    n = max(len(member.run.topology), len(member.run.snapshots), 1)
    if points is None:
        return 1
    return n if points == ENDS else max(1, math.ceil(n / points))


def _n_steps(member: Member) -> float:
    """Optimiser steps of the whole training; NaN where the history has none."""
    records = member.run.history
    step = records[-1].get("step") if len(records) else None
    return float(step) if isinstance(step, int) and step > 0 else math.nan


def _by_layer(table: pd.DataFrame, name: str, layers: str, n_steps: float) -> dict[str, Series]:
    from fnmatch import fnmatchcase

    rows = table[table["field"] == name]
    found = {}
    for layer, part in rows.groupby("layer", sort=False):
        if fnmatchcase(str(layer), layers):
            step = part["step"].to_numpy(float, na_value=np.nan)
            epoch = part["epoch"].to_numpy(float, na_value=np.nan)
            whole = n_steps if np.isfinite(step).all() and math.isfinite(n_steps) else np.nan
            share = step / whole if math.isfinite(whole) else epoch / np.nanmax(epoch, initial=1)
            update, values = (part[column].to_numpy(float, na_value=np.nan) for column in ("update", "value"))
            here = ~np.isnan(values)
            if here.any():
                found[str(layer)] = Series(share[here], epoch[here], update[here], values[here], share[~here])
    return found
