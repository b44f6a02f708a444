"""The drawings of an analysis as files."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sparsegraph.errors import SparseGraphError
from sparsegraph.io.atomic import atomic_write
from sparsegraph.measures.degree import Degree
from sparsegraph.measures.powerlaw import PowerLaw
from sparsegraph.plotting.catalogue import can_draw, plot
from sparsegraph.plotting.style import save
from sparsegraph.plotting.tail import plot_tail
from sparsegraph.report.analysis import Part, Report
from sparsegraph.report.comparison import shortest_names
from sparsegraph.result import Undefined

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def make_folder(folder: Path) -> None:
    """Make the folder of the figures, before any work is done.

    Raises
    ------
    SparseGraphError
        If it cannot be made or nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SparseGraphError(f"{folder}: no folder for figures can be made there ({error.strerror})") from None
    if not os.access(folder, os.W_OK):
        raise SparseGraphError(f"{folder}: nothing can be written there; choose another folder for the figures")


def write_figures(reports: Sequence[Report], folder: Path) -> list[Path]:
    """Draw every result that has a drawing into ``FOLDER/CHECKPOINT[_BLOCK]_MEASURE.svg``.

    Checkpoints are named by as much of their paths as tells them apart.  Characters that not every system takes become
    hyphens; where two names would become one, also but for capitals, the later gets a number.

    Returns
    -------
    list of Path
        What was written.
    """
    written: list[Path] = []
    taken: set[str] = set()
    for label, report in zip(shortest_names([report.source.path for report in reports]), reports, strict=True):
        for name, axes in _drawings(report, label):
            path = folder / f"{_free(f'{_plain(label)}_{_plain(name)}', taken)}.svg"
            with atomic_write(path) as temporary:
                save(axes, temporary, kind="svg")
            written.append(path)
    return written


def _drawings(report: Report, label: str) -> Iterator[tuple[str, Axes]]:
    for part in report.parts:
        before = f"{part.block}_" if part.block else ""
        title = f"{label}, {part.block}" if part.block else label
        drawn = ((name, result) for name, result in part.results.items() if can_draw(result))
        yield from ((f"{before}{name}", plot(result, title=title)) for name, result in drawn)
        yield from ((f"{before}{name}", axes) for name, axes in _tail(part))
    followed = ((name, result) for name, result in report.trajectory.items() if can_draw(result))
    yield from ((name, plot(result, title=label)) for name, result in followed)


def _tail(part: Part) -> Iterator[tuple[str, Axes]]:
    """Degrees with the fitted tail, which takes two measures."""
    degree, fit = part.results.get("degree"), part.results.get("powerlaw")
    if isinstance(degree, Degree) and isinstance(fit, PowerLaw) and not isinstance(degree.hidden, Undefined):
        yield "powerlaw", plot_tail(degree.hidden.total, fit)


def _free(name: str, taken: set[str]) -> str:
    """The name, or with the least number from 2 on that makes it another than those taken; it is taken then."""
    numbered = (name if n == 1 else f"{name}-{n}" for n in itertools.count(1))
    free = next(one for one in numbered if one.lower() not in taken)
    taken.add(free.lower())
    return free


def _plain(name: str) -> str:
    """A name that is safe in a file's name on every system."""
    return re.sub(r"[^A-Za-z0-9._=+-]+", "-", name).strip("-.") or "net"
