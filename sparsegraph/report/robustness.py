"""Robustness of trained nets, from their files to areas and ranks side by side: as a page, as JSON, as tables."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sparsegraph import __version__
from sparsegraph.io import outputs
from sparsegraph.io.atomic import atomic_write
from sparsegraph.measures.rank import Rank, rank
from sparsegraph.perturb.curves import Mean, Robustness
from sparsegraph.perturb.perturbations import PERTURBATIONS
from sparsegraph.perturb.robustness import Design, robustness
from sparsegraph.report.comparison import shortest_names
from sparsegraph.report.numbers import percent
from sparsegraph.report.subject import Choice, subject
from sparsegraph.report.views.form import number
from sparsegraph.result import Undefined

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION = 1
_PER_TABLE = 3
_TOLERATED = 1e-3


@dataclass(frozen=True)
class Tested:
    """One net under perturbations.

    Parameters
    ----------
    path, images : str
        Of the net, and in words what it was judged on.
    robustness : Robustness
    rank : Rank
        Of the same blocks.
    assumed : tuple of str
        What no file says, and what was noticed in it.
    recorded_accuracy : float or None
        As its run has it, on the whole test part.
    """

    path: str
    images: str
    robustness: Robustness
    rank: Rank
    assumed: tuple[str, ...] = ()
    recorded_accuracy: float | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know first."""
        found, recorded = self.robustness.accuracy, self.recorded_accuracy
        if recorded is None or abs(found - recorded) <= _TOLERATED:
            return self.assumed
        return (*self.assumed, f"the run recorded an accuracy of {percent(recorded)}, found were {percent(found)}")

    def to_dict(self) -> dict[str, Any]:
        """One entry of the JSON document."""
        return {
            "path": self.path,
            "images": self.images,
            "recorded_accuracy": self.recorded_accuracy,
            "robustness": self.robustness.to_dict(),
            "rank": self.rank.to_dict(),
            "warnings": list(self.warnings),
        }


def robustness_of(
    path: str | os.PathLike[str],
    *,
    choice: Choice | None = None,
    design: Design | None = None,
    n_jobs: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Tested:
    """Accuracy of the net in a run or checkpoint under perturbations, and the ranks of its blocks.

    Parameters
    ----------
    path : path
        Of a run (``RUN@N``: its snapshot N), judged as recorded, or of a checkpoint, whose data set ``choice`` names.
    choice : Choice, optional
        Data set, snapshot, and how many images.
    design : Design, optional
        Perturbations, scope, grid, repeats and seed.
    n_jobs : int, optional
        Threads; by default as many as there are cores. The numbers do not depend on it.
    progress : callable
        Told how many copies of the net are judged, and of how many.

    Returns
    -------
    Tested

    Raises
    ------
    SparseGraphError
        If the net is no multilayer perceptron, its data are not there, or what it computes is in doubt.
    """
    own, design = subject(path, choice or Choice()), design or Design()
    test = own.images.test
    threads = _n_cores() if n_jobs is None else n_jobs
    found = robustness(own.network, test.images, test.labels, design=design, n_jobs=threads, progress=progress)
    ranks = rank(own.network.graph, readout=design.readout)
    # of a drawn part the run has no accuracy to compare with
    recorded = own.recorded_accuracy if len(test) == own.images.n_available else None
    return Tested(own.path, own.images.text, found, ranks, own.assumed, recorded)


def _n_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def curves_frame(tested: Sequence[Tested]) -> pd.DataFrame:
    """Tidy table: one row for each net, perturbation and x."""
    import pandas as pd

    return pd.concat([one.robustness.to_frame().assign(net=one.path) for one in tested], ignore_index=True)[
        ["net", "perturbation", "x", "accuracy", "std", "low", "high", "n"]
    ]


def json_text(tested: Sequence[Tested]) -> str:
    """One JSON document for all nets."""
    document = {"schema": SCHEMA_VERSION, "sparsegraph": __version__, "nets": [one.to_dict() for one in tested]}
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _csv_text(tested: Sequence[Tested]) -> str:
    text: str = curves_frame(tested).to_csv(index=False)
    return text


def _page_text(tested: Sequence[Tested]) -> str:
    from sparsegraph.report.console import plain_text

    return plain_text(robustness_page(tested))


_WRITERS: dict[str, Callable[[Sequence[Tested]], str]] = {".csv": _csv_text, ".json": json_text, ".txt": _page_text}


def check_output(path: Path, endings: Iterable[str] = tuple(_WRITERS)) -> None:
    """Refuse an output that cannot be written, before any work is done; see :mod:`sparsegraph.io.outputs`."""
    outputs.check_output(path, endings)


def write_output(tested: Sequence[Tested], path: Path) -> None:
    """Write curves (.csv), everything (.json) or the page (.txt)."""
    text = _WRITERS[path.suffix](tested)
    with atomic_write(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def robustness_page(tested: Sequence[Tested]) -> RenderableType:
    """Accuracy, areas and ranks, a column a net; below it every convention that the numbers depend on."""
    return Group(*_page(tested))


def _page(tested: Sequence[Tested]) -> Iterator[RenderableType]:
    names = shortest_names([one.path for one in tested])
    for start in range(0, len(tested), _PER_TABLE):
        yield _table(names[start : start + _PER_TABLE], tested[start : start + _PER_TABLE])
        yield Text("")
    yield from _conventions(tested)
    settings = [f"{one.images}; {one.robustness.readout}" for one in tested]
    if len(tested) > 1 and len(set(settings)) == 1:
        yield Text(f"all nets: {settings[0]}", style="dim")
    else:
        yield from (Text(f"{name}: {own}", style="dim") for name, own in zip(names, settings, strict=True))
    for name, one in zip(names, tested, strict=True):
        for warning in one.warnings:
            yield Text(f"! {name}: {warning}", style="yellow")


def _table(names: Sequence[str], tested: Sequence[Tested]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("", no_wrap=True)
    for name in names:
        table.add_column(name, justify="right", overflow="fold")
    found = [one.robustness for one in tested]
    table.add_row("links perturbed", *(f"{one.n_links:,}" for one in found))
    table.add_row("accuracy", *(percent(one.accuracy) for one in found))
    table.add_row("chance", *(percent(one.chance) for one in found))
    for curve in found[0].curves:
        areas = [one.areas[curve.perturbation] for one in found]
        table.add_row(f"area, {curve.perturbation}", *map(_area, areas))
    table.add_row("effective rank, sum", *(number(one.rank.sum.effective_rank, 4) for one in tested))
    table.add_row("stable rank, sum", *(number(one.rank.sum.stable_rank, 4) for one in tested))
    return table


def _area(area: Mean) -> str:
    if isinstance(area.low, Undefined) or isinstance(area.high, Undefined):
        return f"{area.mean:.3f}"
    # the interval is cut to [0, 1], usually at one end: the longer side is the half
    return f"{area.mean:.3f} ± {max(area.high - area.mean, area.mean - area.low):.3f}"


def _conventions(tested: Sequence[Tested]) -> Iterator[RenderableType]:
    one = tested[0].robustness
    repeats = max(curve.n_repeats for curve in one.curves)
    yield Text("Conventions", style="bold")
    spread = (
        f"; ± half of Student's 95 % interval of the mean over {repeats} repeats, cut to [0, 1]" if repeats > 1 else ""
    )
    yield Text(f"area: trapezoids of accuracy over x, divided by the range of x{spread}", style="dim")
    yield Text(f"removals: {one.scope}; seed {one.seed}; no training after a perturbation", style="dim")
    for curve in one.curves:
        convention = PERTURBATIONS[curve.perturbation].convention
        grid = f"{len(curve.x)} values of x from {curve.x[0]:g} to {curve.x[-1]:g}"
        yield Text(f"{curve.perturbation}: {convention}; {grid}", style="dim")
