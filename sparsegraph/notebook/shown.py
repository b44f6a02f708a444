"""What each of the objects that a notebook meets shows of itself.

The functions read attributes only, so that the base, where they live, needs none of the packages with these objects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sparsegraph.errors import SparseGraphError
from sparsegraph.notebook.cells import cell, fields_table, grid, pairs
from sparsegraph.notebook.inline import histogram, interval, sparkline
from sparsegraph.notebook.markup import Markup, Part, element, folded, joined, muted, page
from sparsegraph.numerals import percent, significant
from sparsegraph.result import Undefined

if TYPE_CHECKING:
    from sparsegraph.graph.layered import Block, Layer, LayeredGraph
    from sparsegraph.graph.line import BlockState
    from sparsegraph.graph.trajectory import Snapshot, Trajectory
    from sparsegraph.io.loaded import Loaded
    from sparsegraph.io.runs.history_file import History
    from sparsegraph.io.runs.run import Run
    from sparsegraph.significance.run import Significance

MOST_LINKS = 200_000
"""Of more weights a histogram shows so many, evenly spaced."""
MOST_ROWS = 30
_TIMES = ("epoch", "step", "update", "snapshot", "seconds")


def of_fields(record: Any) -> str:
    """A result, or any other dataclass: its class and its fields."""
    return page(element("b", type(record).__name__), fields_table(record))


def of_undefined(value: Undefined) -> str:
    """What does not exist, and why."""
    return page(cell(value))


def of_graph(graph: LayeredGraph) -> str:
    """Layers and blocks with density and sparsity."""
    return page(*_graph(graph))


def of_loaded(loaded: Loaded) -> str:
    """The graph, and where it came from."""
    source = loaded.source
    told: list[tuple[str, Part]] = [
        ("source", joined([source.path, " ", muted(f"({source.format}, sha256 {source.sha256[:12]})")])),
        ("mask_origin", loaded.mask_origin),
    ]
    if loaded.skipped:
        reasons = grid(["tensor", "why"], [list(pair) for pair in loaded.skipped[:MOST_ROWS]])
        left = len(loaded.skipped) - MOST_ROWS
        more = muted(f"and {left:,} more") if left > 0 else None
        told.append(("skipped", folded(f"{len(loaded.skipped):,} tensors", reasons, more)))
    if loaded.warnings:
        told.append(("warnings", warnings_list(loaded.warnings)))
    return page(element("b", "Loaded"), pairs(told), *_graph(loaded.graph))


def of_snapshot(snapshot: Snapshot) -> str:
    """When it was taken, its blocks, and what the last update did to them."""
    when = [f"{name} {getattr(snapshot, name):,}" for name in ("update", "epoch", "step") if _has(snapshot, name)]
    columns = ["block", "sources × targets", "links", "density", "sparsity", "removed", "percolated", "regrown"]
    has_events = any(block.events is not None for block in snapshot.blocks)
    rows = [_state(block)[: None if has_events else 5] for block in snapshot.blocks[:MOST_ROWS]]
    note = "removed, percolated, regrown: by the last update" if has_events else None
    meta = folded("meta", pairs((str(key), cell(value)) for key, value in snapshot.meta.items()))
    return page(
        _title(f"Snapshot {snapshot.number:,}", ", ".join(when)),
        grid(columns[: None if has_events else 5], rows),
        _more(snapshot.blocks),
        element("div", muted(note)) if note else None,
        meta if snapshot.meta else None,
    )


def of_trajectory(trajectory: Trajectory) -> str:
    """How many snapshots there are, and their numbers; none is read for it."""
    numbers = trajectory.numbers
    shown = ", ".join(f"{number:,}" for number in numbers[:8])
    more = f" ... {numbers[-1]:,}" if len(numbers) > 8 else ""
    how = "trajectory[i] reads the i-th, trajectory[i].graph is its graph"
    return page(
        _title("Trajectory", f"{len(numbers):,} snapshots, each read when it is asked for"),
        pairs([("numbers", f"{shown}{more}" if numbers else muted("none"))]),
        element("div", muted(how)),
    )


def of_run(run: Run) -> str:
    """What was trained, how far it is, and its history."""
    config: Mapping[str, Any] = run.config
    told: list[tuple[str, Part]] = [("path", str(run.path))]
    request = config.get("request")
    if isinstance(request, Mapping):
        told.append(("request", ", ".join(f"{name} {value}" for name, value in request.items())))
    elif config:
        told.append(("config", folded(f"{len(config)} entries", pairs((str(k), cell(v)) for k, v in config.items()))))
    density = config.get("density")
    if isinstance(density, float) and 0 <= density <= 1:
        told.append(
            (
                "density",
                f"{percent(density)}, sparsity {percent(1 - density)} (all blocks at the start, readout counted)",
            )
        )
    if isinstance(config.get("policies"), Mapping):
        policies = pairs((str(name), cell(value)) for name, value in config["policies"].items())
        told.append(("policies", folded(f"{len(config['policies'])} choices that decide results", policies)))
    told.append(("snapshots", f"{len(run.snapshots):,} with weights, {len(run.topology):,} of the topology"))
    return page(element("b", "Run"), pairs(told), _history_of(run))


def of_history(history: History) -> str:
    """Each number over the records: first, last and its course."""
    return page(_title("History", f"{len(history):,} records"), _courses(history))


def of_significance(significance: Significance) -> str:
    """Each number beside the draws of the null model."""
    rows = [[*_named(row), _beside(row), row.z, row.p, row.p_holm] for row in significance.rows]
    columns = ["measure", "number", "observed", "null mean", "null std", "", "z", "p", "p_holm"]
    short = significance.n_null < significance.n_null_needed and significance.n_tests > 0
    need = f"p_holm cannot reach 0.05 with fewer than {significance.n_null_needed:,} draws; " if short else ""
    conventions = f"{need}p: {significance.p}; correction: {significance.correction}; seed {significance.seed}"
    return page(
        _title("Significance", f"null model {significance.null}, {significance.n_null:,} draws"),
        grid(columns, rows),
        element("div", muted(f"dot: observed; bar: null mean ± 2 std. {conventions}")),
    )


def warnings_list(warnings: Sequence[str]) -> Markup:
    """Warnings one below the other."""
    return element("ul", *(element("li", warning) for warning in warnings))


def _title(name: str, rest: str) -> Markup:
    return element("div", element("b", name), f": {rest}" if rest else None)


def _graph(graph: LayeredGraph) -> list[Markup | None]:
    possible = sum(block.n_links_possible for block in graph.blocks)
    density = graph.n_links / possible if possible else 0.0
    links = f"{graph.n_neurons:,} neurons, {graph.n_links:,} links"
    share = f"density {percent(density)}, sparsity {percent(1 - density)}"
    layers = grid(["layer", "neurons", "kind", "shape"], [_layer(layer) for layer in graph.layers[:MOST_ROWS]])
    columns = ["block", "from", "to", "links", "density", "sparsity", "links of each source", graph.weight_meaning]
    blocks = grid(columns, [_block(graph, block) for block in graph.blocks[:MOST_ROWS]])
    return [
        _title("LayeredGraph", f"{links}; {share} (all blocks, readout counted)"),
        layers,
        _more(graph.layers),
        blocks,
        _more(graph.blocks),
    ]


def _layer(layer: Layer) -> list[Any]:
    shape = None if layer.shape is None else " × ".join(map(str, layer.shape))
    return [layer.name, layer.size, layer.kind, shape or ""]


def _block(graph: LayeredGraph, block: Block) -> list[Any]:
    degrees = np.diff(block.weights.indptr)
    weights = block.weights.data[:: max(1, block.n_links // MOST_LINKS)]
    names = [graph.layers[block.source].name, graph.layers[block.target].name]
    return [
        block.name,
        *names,
        block.n_links,
        Markup(percent(block.density)),
        Markup(percent(1 - block.density)),
        _spread(degrees, f"links of each neuron of {names[0]} in {block.name}"),
        _spread(weights, f"{graph.weight_meaning} of {block.name}"),
    ]


def _spread(values: np.ndarray, what: str) -> Markup:
    """A histogram between its ends."""
    if values.size == 0:
        return muted("none")
    low, high = significant(float(values.min()), 2), significant(float(values.max()), 2)
    if low == high:
        return muted(f"all {low}")
    plot = histogram(values, f"histogram of {what}, {low} to {high}")
    return joined([muted(low), " ", plot, " ", muted(high)])


def _state(block: BlockState) -> list[Any]:
    mask, events = block.mask, block.events
    share = [Markup(percent(mask.density)), Markup(percent(1 - mask.density))]
    moved = [None] * 3 if events is None else [events.removed.size, events.percolated.size, events.regrown.size]
    return [block.name, " × ".join(map(str, mask.shape)), mask.n_links, *share, *moved]


def _has(snapshot: Snapshot, name: str) -> bool:
    return getattr(snapshot, name) is not None


def _more(rows: Sequence[Any]) -> Markup | None:
    left = len(rows) - MOST_ROWS
    return element("div", muted(f"and {left:,} more")) if left > 0 else None


def _history_of(run: Run) -> Part:
    try:
        history = run.history
    except SparseGraphError as error:
        return element("div", muted(f"history: {error}"))
    return _courses(history) if len(history) else None


def _courses(history: Sequence[Mapping[str, Any]]) -> Markup:
    """Numbers of the records by dotted name, if they change; those of layers, times and seconds are left out."""
    courses: dict[str, list[float | None]] = {}
    for i, record in enumerate(history):
        for name, value in _numbers(record, ""):
            courses.setdefault(name, [None] * len(history))[i] = value
    changing = {name: course for name, course in courses.items() if len(set(course)) > 1}
    rows = [
        [name, course[0], course[-1], sparkline(course, f"{name} over the records")]
        for name, course in list(changing.items())[:MOST_ROWS]
    ]
    return grid(["history", "first", "last", ""], rows)


def _numbers(record: Mapping[str, Any], prefix: str) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for key, value in record.items():
        name = f"{prefix}{key}"
        if key in _TIMES:
            continue
        if isinstance(value, Mapping):
            found += _numbers(value, f"{name}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found.append((name, float(value)))
    return found


def _named(row: Any) -> list[Any]:
    return [row.measure, row.number, row.observed, row.null_mean, row.null_std]


def _beside(row: Any) -> Markup:
    three = (row.observed, row.null_mean, row.null_std)
    return Markup("") if any(isinstance(value, Undefined) for value in three) else interval(*map(float, three))
