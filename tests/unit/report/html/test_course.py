"""The course of a run."""

from __future__ import annotations

from pathlib import Path

import pytest
from evolving import snapshots

from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import Mask
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.io.runs.writer import RunWriter
from sparsegraph.measures.catalogue import number_at
from sparsegraph.measures.degree import degree
from sparsegraph.report.analysis import Settings
from sparsegraph.report.html.course import MOST_SNAPSHOTS, course_of


@pytest.fixture(scope="module")
def long_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "run"
    with RunWriter.create(path, {"recipe": "mine"}) as writer:
        for snapshot in snapshots(230):
            writer.topology(snapshot)
    return path


def test_of_many_snapshots_some_are_followed_the_first_and_the_last_among_them(
    long_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARSEGRAPH_CACHE", str(tmp_path))
    course = course_of(long_run, Settings(("degree",)), progress=lambda step: None)
    assert course is not None
    assert (course.n_snapshots, course.unit) == (230, "epoch")
    times = [moment.time for moment in course.moments]
    assert len(times) <= MOST_SNAPSHOTS + 1
    assert (times[0], times[-1]) == (0.0, 229.0)
    assert tuple(times) == course.curves["largest"].times
    assert set(course.curves) == {"largest"}
    assert all(sum(n for _, n in moment.degrees) == 8 for moment in course.moments)
    assert list(course.wide().columns) == [
        "epoch",
        *sorted(f"degree.hidden.total.{n}" for n in ("gini", "maximum", "variance")),
    ]


def test_the_course_ends_with_the_net_that_the_run_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARSEGRAPH_CACHE", str(tmp_path / "cache"))
    *before, final = snapshots(4)  # the last moves links and leaves no topology snapshot, as pruning after training
    with RunWriter.create(tmp_path / "run", {"recipe": "mine"}) as writer:
        for snapshot in before:
            writer.topology(snapshot)
        writer.snapshot(final)
    result = degree(final.graph)
    course = course_of(tmp_path / "run", Settings(("degree",)), final={"degree": result}, progress=lambda step: None)
    assert course is not None
    assert [moment.time for moment in course.moments] == [0.0, 1.0, 2.0, 3.0]
    largest = course.curves["largest"]
    assert largest.times == (0.0, 1.0, 2.0, 3.0)
    assert largest.values[-1] == number_at(result, "hidden.total.maximum")


@pytest.mark.parametrize(
    ("shapes", "degrees", "shells"),
    [
        # complete blocks 3 -> 4 -> 5 and, a chain of its own, 6 -> 2: hidden are the four neurons with 3 + 5 links;
        # each neuron of the first chain has 4 links or more, to others that have
        ([(3, 4), (4, 5), (6, 2)], ((8, 4),), ((4, 4),)),
        # complete 3 -> 2 without a hidden layer: all neurons, of which three have 2 links and two have 3
        ([(3, 2)], ((2, 3), (3, 2)), ((2, 5),)),
    ],
)
def test_hidden_neurons_are_those_of_the_graph(
    shapes: list[tuple[int, int]],
    degrees: tuple[tuple[int, int], ...],
    shells: tuple[tuple[int, int], ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SPARSEGRAPH_CACHE", str(tmp_path / "cache"))
    blocks = tuple(BlockState(f"fc{i}", Mask.complete(shape)) for i, shape in enumerate(shapes))
    with RunWriter.create(tmp_path / "run", {"recipe": "mine"}) as writer:
        writer.topology(Snapshot(0, blocks, 0, 0))
    course = course_of(tmp_path / "run", Settings(("degree",)), progress=lambda step: None)
    assert course is not None
    (moment,) = course.moments
    assert (moment.degrees, moment.shells) == (degrees, shells)
    largest = course.curves.get("largest")
    assert (largest and largest.values) == ((8.0,) if len(shapes) > 1 else None)


def test_a_run_without_snapshots_and_history_has_no_course(tmp_path: Path) -> None:
    RunWriter.create(tmp_path / "run", {}).close()
    assert course_of(tmp_path / "run", Settings(("degree",)), progress=lambda step: None) is None


def test_the_accuracy_of_a_loop_of_ones_own_is_a_curve_too(tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "run", {}) as writer:
        for epoch, accuracy in ((1, 0.5), (2, 0.75)):
            writer.history({"epoch": epoch, "test_accuracy": accuracy})
    course = course_of(tmp_path / "run", Settings(("degree",)), progress=lambda step: None)
    assert course is not None
    assert course.curves["accuracy"].values == (0.5, 0.75)
