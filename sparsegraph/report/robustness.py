"""Robustness of trained nets side by side: as a page, as JSON, as tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sparsegraph import __version__
from sparsegraph.io import outputs
from sparsegraph.io.atomic import atomic_write
from sparsegraph.perturb.curves import Mean
from sparsegraph.perturb.perturbations import PERTURBATIONS
from sparsegraph.perturb.tested import Tested
from sparsegraph.report.comparison import shortest_names
from sparsegraph.report.numbers import percent
from sparsegraph.report.views.form import number
from sparsegraph.result import Undefined

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION = 1
_PER_TABLE = 3


def curves_frame(tested: Sequence[Tested]) -> pd.DataFrame:
    """Tidy table: one row for each net, perturbation and x, with the conventions that its accuracy depends on."""
    import pandas as pd

    frames = []
    for one in tested:
        frame = one.robustness.to_frame()
        frames.append(frame.assign(net=one.path, conventions=frame["perturbation"].map(_depends(one))))
    columns = ["net", "perturbation", "x", "accuracy", "std", "low", "high", "n", "conventions"]
    return pd.concat(frames, ignore_index=True)[columns]


def _depends(one: Tested) -> dict[str, str]:
    """What the numbers of each curve depend on."""
    found = one.robustness
    all_of_it = f"{one.images}; {found.readout}; removals {found.scope}; seed {found.seed}; {found.spread}"
    return {curve.perturbation: f"{curve.convention}; {all_of_it}" for curve in found.curves}


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
