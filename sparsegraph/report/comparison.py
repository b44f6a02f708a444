"""Several checkpoints side by side: one table, a column per checkpoint."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sparsegraph.evolution.plan import entry_of
from sparsegraph.report.analysis import Comparison, Part, Report
from sparsegraph.report.numbers import p_or_bound, percent, significant
from sparsegraph.report.views.significance import label_of
from sparsegraph.result import Undefined
from sparsegraph.significance.run import Row
from sparsegraph.significance.statistics import LEVEL

# Rows in reading order: label, path into the JSON document's results, and how the number is shown.
ROWS: tuple[tuple[str, str, str], ...] = (
    ("readout in activity", "activity.readout", "readout"),
    ("readout in paths", "credit_paths.readout", "readout"),
    ("readout in rank", "rank.readout", "readout"),
    ("links", "sparsity.n_links", "number"),
    ("density", "sparsity.density", "share"),
    ("sparsity", "sparsity.sparsity", "share"),
    ("active hidden neurons (ANP)", "activity.anp_rate_hidden", "share"),
    ("active neurons, all counted", "activity.anp_rate", "share"),
    ("power law: verdict", "powerlaw.verdict", "word"),
    ("power law: alpha", "powerlaw.alpha", "number"),
    ("power law: p-value", "powerlaw.p_value", "p"),
    ("power law: n_tail", "powerlaw.n_tail", "number"),
    ("innermost shell", "kshell.max_shell", "number"),
    ("neurons in it", "kshell.n_core", "number"),
    ("isolated neurons", "kshell.n_isolated", "number"),
    ("paths, log10", "credit_paths.log10_total", "number"),
    ("paths through hubs only", "credit_paths.hub_ratio_all", "share"),
    ("mean path length", "path_length.mean", "number"),
    ("modularity", "modularity.modularity", "number"),
    ("effective rank (block matrix)", "rank.whole.effective_rank", "number"),
    ("stable rank (block matrix)", "rank.whole.stable_rank", "number"),
)


def comparison_page(comparison: Comparison) -> RenderableType:
    """A table of the main numbers, a row per number, and what each checkpoint warns of."""
    return Group(*_page(comparison.reports))


def _page(reports: Sequence[Report]) -> Iterator[RenderableType]:
    names = shortest_names([report.source.path for report in reports])
    columns = [
        (f"{name} {part.block}" if part.block else name, part)
        for name, report in zip(names, reports, strict=True)
        for part in report.parts
    ]
    results = [
        {name: result.to_dict() for name, result in (*part.results.items(), *report.trajectory.items())}
        for report in reports
        for part in report.parts
    ]
    rows = (*ROWS, *_rows_of_asked(reports[0].settings.measures))
    for start in range(0, len(columns), _PER_TABLE):
        chosen = slice(start, start + _PER_TABLE)
        yield _table([label for label, _ in columns[chosen]], results[chosen], rows)
        yield Text("")
    yield from _without_a_row(results, rows, asked=bool(reports[0].settings.measures))
    for null in reports[0].settings.nulls:
        for start in range(0, len(columns), _PER_TABLE):
            yield Text(f"z against null model {null}  * p <= {LEVEL} after Holm", style="dim")
            yield _against(null, columns[start : start + _PER_TABLE])
            yield Text("")
    settings = reports[0].settings
    graph = "percolated graph" if settings.percolated else "raw graph"
    yield Text(f"Conventions: {graph}; readout {settings.readout}; seed {settings.seed}.", style="dim")
    for name, report in zip(names, reports, strict=True):
        yield Text(f"{name}: links are {report.mask_origin}", style="dim")
        for warning in report.warnings:
            note = warning in report.notes
            yield Text(f"{'' if note else '! '}{name}: {warning}", style="dim" if note else "yellow")


_PER_TABLE = 4
_WIDTH = 15
"""Characters of a line of a column's head."""


def shortest_names(paths: Sequence[str]) -> list[str]:
    """The last parts of each path, as many as tell it from the others.

    Examples
    --------
    >>> shortest_names(["runs/seed1/model.pt", "runs/seed2/model.pt", "runs/other.pt"])
    ['seed1/model.pt', 'seed2/model.pt', 'other.pt']
    """
    parts = [Path(path).parts for path in paths]
    names = []
    for own in parts:
        length = 1
        while length < len(own) and sum(other[-length:] == own[-length:] for other in parts) > 1:
            length += 1
        names.append("/".join(own[-length:]))
    return names


def in_lines(name: str) -> str:
    """The name of a run or file as the head of a column: broken behind what joins its parts, not within them.

    Examples
    --------
    >>> in_lines("survival-random_mnist_epochs=12_seed0").splitlines()
    ['survival-', 'random_mnist_', 'epochs=12_seed0']
    """
    lines = [""]
    for part in re.split(r"(?<=[-_/ ])", name):
        if lines[-1] and len(lines[-1] + part) > _WIDTH:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def _rows_of_asked(names: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """The main numbers of measures that were named and have no row yet, those of single layers and blocks left out."""
    present = {path.partition(".")[0] for _, path, _ in ROWS}
    for name in dict.fromkeys(names):
        entry = entry_of(name)
        for path in entry.main if name not in present else ():
            if "*" not in path:
                series = any(fnmatchcase(path, pattern) for pattern in getattr(entry, "over_time", ()))
                words = path.replace("_", " ").replace(".", " ") + (", last" if series else "")
                yield f"{name.replace('_', ' ')}: {words}", f"{name}.{path}", "latest"


def _without_a_row(
    results: Sequence[dict[str, Any]], rows: Sequence[tuple[str, str, str]], *, asked: bool
) -> Iterator[Text]:
    shown = {path.partition(".")[0] for _, path, _ in rows}
    rest = [name for name in dict.fromkeys(name for found in results for name in found) if name not in shown]
    if rest:
        where = "--json, or -o with .json or .csv" if asked else "-m, --json, or -o with .json or .csv"
        yield Text(f"Without a row: {', '.join(rest)}; their numbers: {where}.", style="dim")


def _table(labels: Sequence[str], results: Sequence[dict[str, Any]], rows: Sequence[tuple[str, str, str]]) -> Table:
    table = _empty_table(labels)
    for label, path, kind in rows:
        cells = [cell(result, path.split("."), kind) for result in results]
        if any(cells):
            table.add_row(label, *cells)
    return table


def _empty_table(labels: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("", no_wrap=True)
    for label in labels:
        table.add_column(in_lines(label), justify="right", overflow="fold")
    return table


def _against(null: str, columns: Sequence[tuple[str, Part]]) -> Table:
    """A row a number, with its z in each checkpoint."""
    table = _empty_table([label for label, _ in columns])
    tested = [{label_of(row): row for row in part.significance[null].rows} for _, part in columns]
    for label in dict.fromkeys(label for rows in tested for label in rows):
        cells = [_z(rows[label]) if label in rows else "" for rows in tested]
        if any(cell not in ("", "-") for cell in cells):
            table.add_row(label, *cells)
    return table


def _z(row: Row) -> str:
    if isinstance(row.z, Undefined):
        return "-"
    certain = not isinstance(row.p_holm, Undefined) and row.p_holm <= LEVEL
    return significant(row.z, 2) + (" *" if certain else "")


def cell(result: Any, path: Sequence[str], kind: str) -> str:
    """What a path leads to, for people: empty if it did not run, "-" if it is undefined."""
    holder: dict[str, Any] = {}
    for name in path:
        if not isinstance(result, dict) or name not in result:
            return "-" if isinstance(result, dict) and "undefined" in result else ""
        holder, result = result, result[name]
    if isinstance(result, dict):
        return "-"
    if kind == "p":
        return p_or_bound(float(result), holder["replicas"], digits=3)
    return _SHOW[kind](result)


def _latest(value: float | Sequence[Any]) -> str:
    """A number, or the last one of a series over training."""
    last = value if isinstance(value, int | float) else value[-1] if value else {}
    return "-" if isinstance(last, dict) else significant(float(last))


_SHOW: dict[str, Callable[[Any], str]] = {
    "share": percent,
    "number": lambda value: significant(float(value)),
    "latest": _latest,
    "word": str,
    "readout": lambda words: words.removeprefix("readout ").partition(" (")[0],
}
