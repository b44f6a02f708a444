"""Many matrices at a glance: a row for each, where a page for each would be endless."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from sparsegraph.report.analysis import Part
from sparsegraph.report.comparison import cell

# Column, path into the JSON document's results, and how the number is shown.
COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("sparsity", "sparsity.weight_sparsity", "share"),
    ("alpha", "powerlaw.alpha", "number"),
    ("shell", "kshell.max_shell", "number"),
    ("eff. rank", "rank.whole.effective_rank", "number"),
    ("stable", "rank.whole.stable_rank", "number"),
)


def overview(parts: Sequence[Part]) -> Table:
    """A table with the main numbers of each matrix; columns without any are left out."""
    rows = [
        [cell(results, path.split("."), kind) for _, path, kind in COLUMNS]
        for results in ({name: result.to_dict() for name, result in part.results.items()} for part in parts)
    ]
    shown = [i for i in range(len(COLUMNS)) if any(row[i] for row in rows)]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    names = [part.block or "" for part in parts]
    first, last = _shared(names)
    table.add_column(f"{first}*{last}" if first or last else "matrix", overflow="fold")
    table.add_column("shape", justify="right", no_wrap=True)
    for i in shown:
        table.add_column(COLUMNS[i][0], justify="right")
    for name, part, row in zip(names, parts, rows, strict=True):
        shape = " x ".join(str(layer.size) for layer in part.outline.layers)
        table.add_row(name[len(first) : len(name) - len(last)], shape, *(row[i] for i in shown))
    return table


def _shared(names: Sequence[str]) -> tuple[str, str]:
    """Dotted beginning and end that all names have in common, so that each row shows only what is its own."""
    split = [name.split(".") for name in names]
    shortest = min(map(len, split)) - 1
    n_first = next((i for i in range(shortest) if len({parts[i] for parts in split}) > 1), shortest)
    rest = shortest - n_first
    n_last = next((i for i in range(rest) if len({parts[-1 - i] for parts in split}) > 1), rest)
    own = split[0]
    return "".join(f"{part}." for part in own[:n_first]), "".join(f".{part}" for part in own[len(own) - n_last :])
