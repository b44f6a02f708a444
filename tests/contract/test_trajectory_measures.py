"""What every registered trajectory measure promises, whoever wrote it."""

from __future__ import annotations

import dataclasses
import inspect
import itertools
import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import numpy as np
import pytest
from evolving import snapshots
from trajectories import one_block, trajectory_of, without_events

from sparsegraph.errors import DataError, GraphError
from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import LinkEvents, Mask
from sparsegraph.graph.trajectory import Snapshot, Trajectory
from sparsegraph.measures.catalogue import measure
from sparsegraph.measures.trajectory.catalogue import TRAJECTORY_MEASURES, measure_trajectory
from sparsegraph.report.views.catalogue import sentences, tables
from sparsegraph.result import Result, Undefined


def with_convolutions() -> Trajectory:
    """Two convolutions, the second in groups, and a linear layer behind the flattened image; nothing is dense."""
    rng = np.random.default_rng(1)
    shapes = [("conv1", (2 * 9, 4), (4, 2, 3, 3)), ("conv2", (2 * 9, 6), (6, 2, 3, 3)), ("fc", (6 * 4, 5), (5, 24))]
    made = []
    for update in range(4):
        blocks = []
        for name, shape, torch_shape in shapes:
            mask = Mask.from_array(rng.random(shape) < 0.4)
            kind = "linear" if len(torch_shape) == 2 else "conv2d"
            blocks.append(BlockState(name, mask, kind=kind, torch_shape=torch_shape))
        made.append(Snapshot(update, tuple(blocks), update))
    return trajectory_of(made)


TRAJECTORIES = {
    "evolving": trajectory_of(snapshots(6)),
    "long": trajectory_of(snapshots(25)),
    "without events": without_events(trajectory_of(snapshots(6))),
    "one snapshot": trajectory_of(snapshots(1)),
    "two snapshots": trajectory_of(snapshots(2)),
    "no snapshot": trajectory_of([]),
    "every other": trajectory_of(snapshots(9)[::2]),
    "uncounted": trajectory_of([dataclasses.replace(s, update=None, epoch=None) for s in snapshots(4)]),
    "constant": one_block((3, 4), [[0, 5, 7]] * 4),
    "always empty": one_block((3, 4), [[]] * 4),
    "emptied": one_block((3, 4), [[0, 5, 7], [], []]),
    "filled": one_block((2, 2), [[], [0], [0, 1, 2, 3]]),
    "dense": one_block((2, 2), [[0, 1, 2, 3]] * 3),
    "all put back": one_block((2, 3), [[0, 4]] * 3, [None, ([0, 4], [], [0, 4]), ([0, 4], [], [0, 4])]),
    "one neuron each": one_block((1, 1), [[0], [], [0]]),
    "convolutions": with_convolutions(),
}

each_measure = pytest.mark.parametrize("name", list(TRAJECTORY_MEASURES))
each_kind = pytest.mark.parametrize("kind", TRAJECTORIES)


def parts(result: Any) -> Iterator[Result]:
    """A result and all results inside it."""
    if isinstance(result, Result):
        yield result
        for field in dataclasses.fields(result):
            yield from parts(getattr(result, field.name))
    elif isinstance(result, tuple | list):
        for item in result:
            yield from parts(item)


def relabelled(trajectory: Trajectory, seed: int) -> Trajectory:
    """The same net with the neurons of each layer in another order."""
    rng = np.random.default_rng(seed)
    masks = trajectory[0].masks
    orders = [rng.permutation(size) for size in (masks[0].shape[0], *(mask.shape[1] for mask in masks))]
    made = []
    for snapshot in trajectory:
        blocks = tuple(
            _relabelled(block, source, target)
            for block, (source, target) in zip(snapshot.blocks, itertools.pairwise(orders), strict=True)
        )
        made.append(Snapshot(snapshot.number, blocks, snapshot.update, snapshot.epoch))
    return trajectory_of(made)


def _relabelled(block: BlockState, source: np.ndarray, target: np.ndarray) -> BlockState:
    n = target.size

    def moved(positions: np.ndarray) -> np.ndarray:
        return np.sort(source[positions // n] * n + target[positions % n])

    events = block.events
    if events is not None:
        events = LinkEvents(moved(events.removed), moved(events.percolated), moved(events.regrown))
    return BlockState(block.name, Mask(block.mask.shape, moved(block.mask.positions)), events=events)


@each_measure
def test_signature_is_a_trajectory_and_keywords(name: str) -> None:
    first, *options = inspect.signature(TRAJECTORY_MEASURES[name].function).parameters.values()
    assert first.name == "trajectory"
    for option in options:
        assert option.kind is option.KEYWORD_ONLY
        assert (option.default is option.empty) == (option.name == "rng")


@each_measure
def test_docstring_says_what_it_computes_and_who_defined_it(name: str) -> None:
    text = inspect.getdoc(TRAJECTORY_MEASURES[name].function) or ""
    assert text.partition("\n")[0].endswith(".")
    for section in ("Parameters", "Returns", "Raises", "Notes", "References", "Examples"):
        assert f"\n{section}\n{'-' * len(section)}\n" in text, section
    for option in inspect.signature(TRAJECTORY_MEASURES[name].function).parameters:
        assert f"\n{option} : " in text, option


@each_measure
@each_kind
def test_every_trajectory_has_an_answer_that_json_can_hold(name: str, kind: str) -> None:
    result = measure_trajectory(TRAJECTORIES[kind], name)
    plain = result.to_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    frame = result.to_frame()
    assert list(frame.columns) == ["part", "field", "value", "undefined"]
    assert len(frame) > 0
    assert not frame.duplicated(["part", "field"]).any()


@each_measure
@each_kind
def test_every_answer_can_be_told_in_80_columns(name: str, kind: str) -> None:
    from rich.console import Console

    result = measure_trajectory(TRAJECTORIES[kind], name)
    assert len(sentences({name: result})) == 1
    console = Console(width=80, file=StringIO())
    shown = tables(name, result)
    assert shown
    for one in shown:
        assert console.measure(one.table).minimum <= 80
        console.print(one.table)


@each_measure
def test_results_are_frozen_through_and_through(name: str) -> None:
    for part in parts(measure_trajectory(TRAJECTORIES["evolving"], name)):
        assert type(part).__dataclass_params__.frozen
        assert not any(isinstance(getattr(part, field.name), list) for field in dataclasses.fields(part))


@each_measure
def test_layers_and_blocks_and_times_are_named(name: str) -> None:
    trajectory = TRAJECTORIES["evolving"]
    plain = measure_trajectory(trajectory, name).to_dict()
    graph = trajectory[0].graph
    assert {part["layer"] for part in plain.get("per_layer", [])} <= {layer.name for layer in graph.layers}
    assert {part["block"] for part in plain.get("per_block", [])} <= {block.name for block in graph.blocks}
    assert plain.get("per_layer") or plain.get("per_block")
    assert plain["at"]["numbers"][0] == 0
    assert plain["at"]["numbers"][-1] == 5


@each_measure
def test_same_seed_same_result(name: str) -> None:
    trajectory = TRAJECTORIES["evolving"]
    one, other = (measure_trajectory(trajectory, name, seed=3) for _ in range(2))
    assert one.to_dict() == other.to_dict()


@each_measure
def test_names_of_the_neurons_do_not_matter(name: str) -> None:
    trajectory = TRAJECTORIES["long"]
    expected = measure_trajectory(trajectory, name).to_dict()
    found = measure_trajectory(relabelled(trajectory, 1), name).to_dict()
    assert _numbers(found) == pytest.approx(_numbers(expected), rel=1e-6, abs=1e-9)


def _numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for item in value.values() for number in _numbers(item)]
    if isinstance(value, list):
        return [number for item in value for number in _numbers(item)]
    return [float(value)] if isinstance(value, int | float) else []


@each_measure
def test_snapshots_of_different_nets_are_refused(name: str) -> None:
    one, other = TRAJECTORIES["constant"][0], TRAJECTORIES["dense"][1]
    with pytest.raises(GraphError, match="network"):
        measure_trajectory(trajectory_of([one, other]), name)


@each_measure
def test_each_snapshot_is_read_at_most_once(name: str) -> None:
    whole = TRAJECTORIES["long"]
    asked: list[int] = []

    def load(number: int) -> Snapshot:
        asked.append(number)
        return whole.load(number)

    measure_trajectory(Trajectory(whole.numbers, load), name)
    assert len(asked) == len(set(asked))
    assert asked == sorted(asked)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("kendall", {"n_snapshots": 0}),
        ("kendall", {"degree": "both"}),
        ("turnover", {"threshold": 0.0}),
        ("turnover", {"threshold": float("nan")}),
        ("link_survival", {"at_once": "maybe"}),
        ("exploration", {"reliable_after": 0}),
        ("exploration", {"largest": 0}),
        ("attachment", {"degree": "in"}),
        ("attachment", {"offset": -1.0}),
        ("attachment", {"offset": float("nan")}),
    ],
)
def test_impossible_options_are_refused_by_name(name: str, options: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=next(iter(options))):
        measure_trajectory(TRAJECTORIES["evolving"], name, **options)


def test_too_large_a_net_is_undefined() -> None:
    result = measure_trajectory(TRAJECTORIES["evolving"], "exploration", largest=100)
    assert isinstance(result.pooled, Undefined)  # type: ignore[attr-defined]
    assert "136 possible links" in result.pooled.reason  # type: ignore[attr-defined]


def test_one_name_measures_graphs_and_trajectories() -> None:
    trajectory = next(iter(TRAJECTORIES.values()))
    assert measure(trajectory, "turnover").to_dict() == measure_trajectory(trajectory, "turnover").to_dict()
